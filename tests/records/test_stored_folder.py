"""Finished folders in a bucket: whole or not there, the same on every machine, and a cache that stays small."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from cersgroups.core.error import RequestStop
from cersgroups.records import bucket as bucket_module
from cersgroups.records.bucket import WHOLE, Bucket, BucketAway, named_bucket
from cersgroups.records.folder import VARIABLE, extract_folder
from cersgroups.records.stored_folder import discard, fetched, hand_over, publish, trim_cache
from tests.bucket import s3_server

FILES = {"extract-1.csv": b"group_name\n", "deep/findings.csv": b"code\n"}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with s3_server(monkeypatch) as found:
        yield found


@pytest.fixture
def one_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_machine(tmp_path, monkeypatch, "one")


def use_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / name))


def finished(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    """A folder beside `folder`, as a job leaves it."""
    aside = folder.with_name(f".{folder.name}-aside")
    for name, content in files.items():
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).write_bytes(content)
    return aside


def content(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != WHOLE]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.usefixtures("one_machine")
def test_without_a_bucket_a_folder_is_moved_to_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BUCKET", None)
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    assert content(fetched(folder)) == FILES


@pytest.mark.usefixtures("one_machine", "bucket")
def test_another_machine_fetches_what_one_has_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    use_machine(tmp_path, monkeypatch, "two")
    assert content(fetched(extract_folder(1, 5))) == FILES
    assert [path.name for path in extract_folder(1, 5).parent.iterdir()] == ["5"], "nothing half-fetched stays"


@pytest.mark.usefixtures("one_machine", "bucket")
def test_what_nobody_has_is_not_there() -> None:
    assert not fetched(extract_folder(1, 5)).exists()


@pytest.mark.usefixtures("one_machine")
def test_a_folder_that_was_half_stored_is_not_there(bucket: Bucket) -> None:
    folder = extract_folder(1, 5)
    bucket.client.put_object(Bucket=bucket.name, Key="cersgroups/leas/1/extracts/5/extract-1.csv", Body=b"half")
    assert not fetched(folder).exists()


@pytest.mark.usefixtures("one_machine")
def test_bytes_that_changed_on_the_way_are_refused(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    bucket.client.put_object(Bucket=bucket.name, Key="cersgroups/leas/1/extracts/5/extract-1.csv", Body=b"other")
    use_machine(tmp_path, monkeypatch, "two")
    with pytest.raises(BucketAway, match=r"extract-1\.csv is not what was stored"):
        fetched(extract_folder(1, 5))
    assert not extract_folder(1, 5).exists()


@pytest.mark.parametrize(
    "name", ["../../../../stray", "/etc/stray", "deep/../../stray", "", "a//b", "\ud800", "x" * 256]
)
@pytest.mark.usefixtures("one_machine")
def test_who_may_write_to_the_bucket_may_not_write_beside_the_folder(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    key = f"cersgroups/leas/1/extracts/5/{WHOLE}"
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=json.dumps({name: "0" * 64}).encode())
    use_machine(tmp_path, monkeypatch, "two")
    with pytest.raises(BucketAway, match="names a file that cannot be in it"):
        fetched(extract_folder(1, 5))
    assert not extract_folder(1, 5).exists()


@pytest.mark.parametrize(
    "whole", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff"], ids=lambda whole: repr(whole[:5])
)
@pytest.mark.usefixtures("one_machine")
def test_a_list_of_files_that_is_none_is_refused(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bytes
) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    bucket.client.put_object(Bucket=bucket.name, Key=f"cersgroups/leas/1/extracts/5/{WHOLE}", Body=whole)
    use_machine(tmp_path, monkeypatch, "two")
    with pytest.raises(BucketAway, match="is not what was stored"):
        fetched(extract_folder(1, 5))
    assert not extract_folder(1, 5).exists()


@pytest.mark.usefixtures("one_machine", "bucket")
def test_what_a_killed_run_left_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder, {"old.csv": b"old", "extract-1.csv": b"old"}), folder)
    publish(finished(folder), folder)
    assert content(folder) == FILES
    use_machine(tmp_path, monkeypatch, "two")
    assert content(fetched(extract_folder(1, 5))) == FILES


@pytest.mark.usefixtures("one_machine")
def test_what_is_discarded_is_gone_everywhere(bucket: Bucket) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    publish(finished(extract_folder(1, 51)), extract_folder(1, 51))
    discard(folder)
    assert not fetched(folder).exists()
    kept = [found["Key"] for found in bucket.client.list_objects_v2(Bucket=bucket.name)["Contents"]]
    assert f"cersgroups/leas/1/extracts/51/{WHOLE}" in kept
    assert all("/51/" in key for key in kept)


@pytest.mark.usefixtures("one_machine", "bucket")
def test_a_machine_keeps_no_copy_of_what_it_does_not_use() -> None:
    old, used = extract_folder(1, 1), extract_folder(1, 2)
    for folder in (old, used):
        publish(finished(folder), folder)
        os.utime(folder, (0, 0))
    fetched(used)
    assert trim_cache(time.time()) == 1
    assert (old.exists(), used.exists()) == (False, True)
    assert content(fetched(old)) == FILES, "the bucket still has it"


@pytest.mark.usefixtures("one_machine", "bucket")
def test_a_copy_that_is_used_while_others_are_removed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [extract_folder(1, number) for number in (1, 2, 3)]
    for folder in folders:
        publish(finished(folder), folder)
        os.utime(folder, (0, 0))
    rmtree = shutil.rmtree

    def remove(path: Path, *, ignore_errors: bool = False) -> None:
        assert path not in folders, "nobody sees it half removed"
        rmtree(path, ignore_errors=ignore_errors)
        for folder in folders:
            if folder.exists():
                fetched(folder)

    monkeypatch.setattr("cersgroups.records.stored_folder.shutil.rmtree", remove)
    assert trim_cache(time.time()) == 1
    monkeypatch.undo()
    assert sorted(path.name for path in folders[0].parent.iterdir()) == sorted(f.name for f in folders if f.exists())
    assert sum(folder.exists() for folder in folders) == 2


@pytest.mark.usefixtures("one_machine", "bucket")
def test_a_copy_that_goes_in_the_moment_of_its_use_is_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)

    utime = os.utime

    def touch(path: Path, times: tuple[float, float] | None = None) -> None:
        if path == folder:
            shutil.rmtree(path, ignore_errors=True)
        utime(path, times)

    with monkeypatch.context() as patch:
        patch.setattr("cersgroups.records.stored_folder.os.utime", touch)
        assert content(fetched(folder)) == FILES


@pytest.mark.usefixtures("one_machine")
def test_without_a_bucket_nothing_is_a_copy_and_nothing_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BUCKET", None)
    folder = extract_folder(1, 5)
    publish(finished(folder), folder)
    os.utime(folder, (0, 0))
    assert trim_cache(time.time()) == 0
    assert folder.exists()


@pytest.mark.usefixtures("one_machine", "bucket")
def test_what_was_published_anew_elsewhere_is_fetched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(finished(extract_folder(1, 5)), extract_folder(1, 5))
    use_machine(tmp_path, monkeypatch, "two")
    publish(finished(extract_folder(1, 5), {"extract-1.csv": b"new"}), extract_folder(1, 5))
    use_machine(tmp_path, monkeypatch, "one")
    assert content(fetched(extract_folder(1, 5), changes=True)) == {"extract-1.csv": b"new"}


@pytest.mark.usefixtures("one_machine", "bucket")
def test_what_is_handed_over_does_not_stay() -> None:
    folder = extract_folder(1, 5)
    finished(folder).rename(folder)
    hand_over(folder)
    assert not folder.exists()
    assert content(fetched(folder)) == FILES


@pytest.mark.usefixtures("one_machine")
def test_a_bucket_that_does_not_answer_is_told_without_keys(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_module, "_ATTEMPTS", 1)
    away = Bucket("rosters", "http://127.0.0.1:9")
    with pytest.raises(BucketAway) as stopped:
        away.check()
    assert str(stopped.value) == (
        "The bucket rosters cannot be used. The files' storage does not answer as it should. Try again in a minute."
    )
    assert stopped.value.__cause__ is None
    bucket.check()


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(RequestStop, match=r"CERSGROUPS_BUCKET_ENDPOINT is 'storage\.example\.org'"):
        named_bucket("rosters", "storage.example.org", "")
