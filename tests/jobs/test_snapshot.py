"""From an upload to a snapshot, by the worker that really runs it."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cersgroups.actions.audit import visible_entries
from cersgroups.actions.enqueue import enqueue_conversion
from cersgroups.actions.mapping import counted
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.snapshot import UPLOAD, convert_again, suggest_mapping, upload_roster
from cersgroups.core.error import DataStop, NotThere, PermissionRefused, RequestStop
from cersgroups.core.permission import Actor
from cersgroups.engine.folder import write_folder
from cersgroups.engine.snapshot import is_snapshot, open_snapshot
from cersgroups.jobs.due import do_due
from cersgroups.jobs.worker import run_worker
from cersgroups.records.due import Due
from cersgroups.records.lea import Lea
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import KEPT_FOR, Snapshot
from cersgroups.records.source import Source
from tests.e2e.roster_export import ambiguous_export
from tests.engine.roster_files import DISTRICT
from tests.people import People, make_people
from tests.roster import roster_zip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk() -> People:
    return make_people()


def upload(actor: Actor, **changes: str) -> int:
    packed = roster_zip(**changes)
    snapshot = upload_roster(actor, [UploadedFile("fall.zip", io.BytesIO(packed))])
    return snapshot.pk


def record_of(actor: Actor, snapshot_id: int) -> Snapshot:
    with lea_scope(actor.lea_id):
        return Snapshot.objects.get(pk=snapshot_id)


def test_an_uploaded_zip_becomes_a_ready_snapshot(folk: People) -> None:
    snapshot_id = upload(folk.ada)
    run_worker(wait=False)
    record = record_of(folk.ada, snapshot_id)
    assert (record.state, record.progress, record.why) == ("ready", 1, "")
    assert record.counts == open_snapshot(record.folder).counts
    assert (record.lea_code, record.school_year, record.kind) == ("99100", 2027, "roster folder")


def test_students_rows_that_contradict_each_other_are_told_by_their_lines(folk: People) -> None:
    snapshot_id = upload(folk.ada, students=DISTRICT["students"] + "S1 | 7000000009 | Alba | Ada\n")
    run_worker(wait=False)
    record = record_of(folk.ada, snapshot_id)
    lines = r"/students\.csv, line 2 and fall\.zip/students\.csv, line 7"
    assert re.search(rf"{lines}: a key \(student_id\) stands twice", record.why)
    assert not re.search(r"S1|7000000009", record.why)


def test_the_uploaded_files_are_gone_once_they_are_converted(folk: People) -> None:
    record = record_of(folk.ada, upload(folk.ada))
    assert record.received.is_dir()
    run_worker(wait=False)
    assert not record.received.exists()


def test_the_first_roster_becomes_current_at_once_and_gives_the_schools(folk: People) -> None:
    snapshot_id = upload(folk.ada)
    run_worker(wait=False)
    with lea_scope(folk.lea_id):
        lea = Lea.objects.get()
        assert (lea.current_snapshot_id, lea.lea_code, lea.school_year) == (snapshot_id, "99100", 2027)
        assert [school.school_id for school in School.objects.all()] == ["10", "30", "20"]


def test_a_second_roster_waits_until_somebody_makes_it_current(folk: People) -> None:
    first = upload(folk.ada)
    run_worker(wait=False)
    upload(folk.ada)
    run_worker(wait=False)
    with lea_scope(folk.lea_id):
        assert Lea.objects.get().current_snapshot_id == first


def test_a_roster_of_another_lea_is_refused_and_replaces_nothing(folk: People) -> None:
    first = upload(folk.ada)
    run_worker(wait=False)
    strange = "lea_code | name | time_zone | school_year\n00000 | Strange | America/Los_Angeles | 2027"
    second = upload(folk.ada, lea=strange)
    run_worker(wait=False)
    record = record_of(folk.ada, second)
    assert record.state == "failed"
    assert "This roster is of the LEA 00000 (Strange), but Live Oak Unified has the code 99100." in record.why
    assert not record.folder.exists()
    with lea_scope(folk.lea_id):
        assert Lea.objects.get().current_snapshot_id == first


def test_what_is_wrong_with_a_roster_is_told_without_where_it_lies_on_this_machine(folk: People) -> None:
    record = record_of(folk.ada, upload(folk.ada, schools="school_id | name\n10 | Fig"))
    run_worker(wait=False)
    record = record_of(folk.ada, record.pk)
    assert record.state == "failed"
    assert record.why
    assert "/leas/" not in record.why


def test_files_of_which_none_is_a_table_are_refused_without_where_they_lie(folk: People) -> None:
    failed = upload_roster(folk.ada, [UploadedFile("lunch.csv", io.BytesIO(b"a\n1\n"))]).pk
    run_worker(wait=False)
    why = record_of(folk.ada, failed).why
    assert why.startswith("This is not a roster: it holds lunch.csv.")


def test_a_failed_upload_can_be_converted_again(folk: People) -> None:
    snapshot_id = upload(folk.ada, schools="school_id | name\n10 | Fig")
    run_worker(wait=False)
    convert_again(folk.ada, snapshot_id, 'ssid = "identifier"')
    record = record_of(folk.ada, snapshot_id)
    assert (record.state, record.why, record.mapping) == ("queued", "", 'ssid = "identifier"')
    with lea_scope(folk.lea_id):
        assert Source.objects.get(name=UPLOAD).mapping == record.mapping


BY_USER_ID, BY_IDENTIFIER = 'ssid = "userIds:SSID"\n', 'ssid = "identifier"\n'


def upload_export(actor: Actor, folder: Path) -> int:
    """A OneRoster export of which a person said that the SSID is among the userIds, converted."""
    with ambiguous_export(folder).open("rb") as content:
        snapshot = upload_roster(actor, [UploadedFile("fall.zip", content)], BY_USER_ID)
    run_worker(wait=False)
    return snapshot.pk


def ssids(record: Snapshot, folder: Path) -> set[str]:
    folder.mkdir()
    write_folder(open_snapshot(record.folder), folder)
    with (folder / "students.csv").open(newline="") as file:
        return {row["ssid"] for row in csv.DictReader(file)}


def test_another_mapping_makes_another_roster_of_the_same_files_and_leaves_the_one_before(
    folk: People, tmp_path: Path
) -> None:
    first = record_of(folk.ada, upload_export(folk.ada, tmp_path))
    before = {path.name: path.read_bytes() for path in first.folder.iterdir() if path.is_file()}
    second = record_of(folk.ada, convert_again(folk.ada, first.pk, BY_IDENTIFIER).pk)
    assert (second.state, second.file_name, second.mapping) == ("queued", "fall.zip", BY_IDENTIFIER)
    run_worker(wait=False)
    first, second = record_of(folk.ada, first.pk), record_of(folk.ada, second.pk)
    assert (first.state, first.mapping, second.state, second.why) == ("ready", BY_USER_ID, "ready", "")
    assert {path.name: path.read_bytes() for path in first.folder.iterdir() if path.is_file()} == before
    assert ssids(first, tmp_path / "one").isdisjoint(ssids(second, tmp_path / "two"))
    with lea_scope(folk.lea_id):
        assert Lea.objects.get().current_snapshot_id == first.pk
        [entry] = visible_entries(folk.ada).filter(action="convert roster again")
        assert (entry.object, entry.detail) == (f"roster {second.pk}", {"of": f"roster {first.pk}"})
        assert Source.objects.get(name=UPLOAD).mapping == BY_IDENTIFIER


@pytest.mark.parametrize(
    ("person", "error"),
    [("alma", PermissionRefused), ("sam", PermissionRefused), ("vera", PermissionRefused), ("olga", NotThere)],
)
def test_only_an_admin_of_the_lea_chooses_another_mapping(
    folk: People, tmp_path: Path, person: str, error: type[Exception]
) -> None:
    first = upload_export(folk.ada, tmp_path)
    with pytest.raises(error):
        convert_again(folk.by_name(person), first, BY_IDENTIFIER)
    with lea_scope(folk.lea_id):
        assert Snapshot.objects.count() == 1


def test_a_wrong_mapping_makes_no_roster(folk: People, tmp_path: Path) -> None:
    first = record_of(folk.ada, upload_export(folk.ada, tmp_path))
    with pytest.raises(RequestStop):
        convert_again(folk.ada, first.pk, 'sid = "identifier"')
    with lea_scope(folk.lea_id):
        assert Snapshot.objects.count() == 1
    assert [path.name for path in first.received.parent.iterdir()] == [str(first.pk)]


@pytest.fixture
def no_counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on nobody may read a whole export."""
    asked = []

    def count(*paths: Path) -> None:
        asked.append(paths)
        raise AssertionError("the export is read again")

    for room in ("jobs", "actions"):
        monkeypatch.setattr(f"cersgroups.{room}.snapshot.counted", count)
    yield
    assert asked == []


def test_what_is_in_an_export_is_counted_by_the_job_and_once_for_all_mappings(
    folk: People, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = upload_export(folk.ada, tmp_path)
    request.getfixturevalue("no_counting")
    second = convert_again(folk.ada, first, BY_IDENTIFIER).pk
    run_worker(wait=False)
    for number in (first, second):
        found = suggest_mapping(folk.ada, number)
        assert [count.place for count in found.places.ssid[:2]] == ["identifier", "userIds:SSID"]
        assert {file.name: file.rows for file in found.files}["users.csv"] == 5


def test_an_upload_that_failed_as_counting_cannot_tell_was_counted_by_the_job(
    folk: People, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with ambiguous_export(tmp_path).open("rb") as content:
        failed = upload_roster(folk.ada, [UploadedFile("fall.zip", content)]).pk
    run_worker(wait=False)
    request.getfixturevalue("no_counting")
    assert record_of(folk.ada, failed).state == "failed"
    assert [count.fitting for count in suggest_mapping(folk.ada, failed).places.ssid[:2]] == [3, 3]
    convert_again(folk.ada, failed, BY_IDENTIFIER)
    run_worker(wait=False)
    assert record_of(folk.ada, failed).state == "ready"
    assert suggest_mapping(folk.ada, failed).version == "1.1"


def test_why_an_upload_cannot_be_counted_is_told_by_the_job_and_without_where_it_lies(
    folk: People, request: pytest.FixtureRequest
) -> None:
    files = [UploadedFile(name, io.BytesIO(b"a\n1\n")) for name in ("manifest.csv", "users.csv")]
    failed = upload_roster(folk.ada, files).pk
    run_worker(wait=False)
    request.getfixturevalue("no_counting")
    with pytest.raises(DataStop) as stop:
        suggest_mapping(folk.ada, failed)
    assert "/leas/" not in str(stop.value)
    assert "manifest.csv" in str(stop.value)


def test_an_upload_of_before_is_counted_when_it_is_looked_at_and_then_kept(
    folk: People, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    number = upload_export(folk.ada, tmp_path)
    with lea_scope(folk.lea_id):
        Snapshot.objects.update(counted=None)
    found = suggest_mapping(folk.ada, number)
    request.getfixturevalue("no_counting")
    assert suggest_mapping(folk.ada, number) == found


def test_an_export_that_cannot_be_counted_is_converted_or_says_why_not_all_the_same(
    folk: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(*_paths: Path) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("cersgroups.jobs.snapshot.counted", count)
        ready = record_of(folk.ada, upload_export(folk.ada, tmp_path))
        with ambiguous_export(tmp_path).open("rb") as content:
            number = upload_roster(folk.ada, [UploadedFile("fall.zip", content)], "").pk
        run_worker(wait=False)
    failed = record_of(folk.ada, number)
    assert (ready.state, ready.counted, failed.state, failed.counted) == ("ready", None, "failed", None)
    assert "ssid" in failed.why.lower()
    assert ready.folder.is_dir()
    assert suggest_mapping(folk.ada, ready.pk).places.ssid


def test_the_end_is_written_before_the_export_is_counted(
    folk: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed while it counts loses nothing."""
    seen = []

    def count(_roster: Path, received: Path) -> dict[str, str]:
        seen.append(record_of(folk.ada, int(received.name)).state)
        return {"why_not": "no matter"}

    monkeypatch.setattr("cersgroups.jobs.snapshot.counted", count)
    upload_export(folk.ada, tmp_path)
    assert seen == ["ready"]


def test_what_was_counted_does_not_outlive_an_upload_that_went_meanwhile(
    folk: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = record_of(folk.ada, upload_export(folk.ada, tmp_path))
    found = record.counted
    with lea_scope(folk.lea_id):
        Snapshot.objects.update(counted=None)

    def count(*_paths: Path) -> object:
        do_due(timezone.now() + KEPT_FOR + timedelta(hours=2))
        return found

    monkeypatch.setattr("cersgroups.actions.snapshot.counted", count)
    assert suggest_mapping(folk.ada, record.pk).places.ssid
    assert record_of(folk.ada, record.pk).counted is None


def test_why_an_upload_cannot_be_counted_names_no_student(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def inspect(_roster: Path) -> None:
        raise DataStop("users.csv, line 3: the sourcedId 'S-1' of 1000000001 is wrong")

    monkeypatch.setattr("cersgroups.actions.mapping.inspect", inspect)
    assert counted(tmp_path / "roster", tmp_path) == {
        "why_not": "users.csv, line 3: the sourcedId (not shown) of (an SSID) is wrong"
    }


def test_what_was_counted_goes_with_the_upload(folk: People, tmp_path: Path) -> None:
    record = record_of(folk.ada, upload_export(folk.ada, tmp_path))
    assert record.counted
    do_due(timezone.now() + KEPT_FOR + timedelta(hours=2))
    assert record_of(folk.ada, record.pk).counted is None


def test_of_a_roster_folder_nothing_is_counted(folk: People, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("no_counting")
    record = record_of(folk.ada, upload(folk.ada))
    run_worker(wait=False)
    assert (record_of(folk.ada, record.pk).state, record_of(folk.ada, record.pk).counted) == ("ready", None)


def test_an_uploaded_export_goes_a_week_after_it_is_converted(folk: People, tmp_path: Path) -> None:
    record = record_of(folk.ada, upload_export(folk.ada, tmp_path))
    week_later = timezone.now() + KEPT_FOR
    do_due(week_later - timedelta(minutes=5))
    assert record.received.is_dir()
    with lea_scope(folk.lea_id):
        Snapshot.objects.update(received_until=timezone.now())
    with pytest.raises(RequestStop, match=r"a OneRoster export for 7 days\. Upload them again\."):
        convert_again(folk.ada, record.pk, BY_IDENTIFIER)
    do_due(week_later + timedelta(hours=2))
    assert not record.received.exists()
    assert not Due.objects.filter(what="received").exists()


def test_an_upload_goes_although_its_worker_was_killed_before_it_removed_it(
    folk: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = record_of(folk.ada, upload(folk.ada))
    monkeypatch.setattr("cersgroups.jobs.snapshot.remove_received", lambda _record: None)
    run_worker(wait=False)
    assert record.received.is_dir()
    do_due(timezone.now() + timedelta(hours=2))
    assert not record.received.exists()


def test_the_job_runs_twice_as_if_once(folk: People) -> None:
    snapshot_id = upload(folk.ada)
    enqueue_conversion(folk.lea_id, snapshot_id)
    run_worker(wait=False)
    record = record_of(folk.ada, snapshot_id)
    assert record.state == "ready"
    assert is_snapshot(record.folder)
    with lea_scope(folk.lea_id):
        assert visible_entries(folk.ada).filter(action="roster ready").count() == 1


def test_a_run_that_died_before_its_record_was_written_is_done_again(folk: People) -> None:
    record = record_of(folk.ada, upload(folk.ada))
    with lea_scope(folk.lea_id):
        record.become("converting")
        record.save()
    record.folder.mkdir()
    (record.folder / "rest-of-the-dead").touch()
    run_worker(wait=False)
    again = record_of(folk.ada, record.pk)
    assert again.state == "ready"
    assert open_snapshot(again.folder).school_year == 2027


def test_a_job_cannot_reach_a_record_of_another_lea(folk: People) -> None:
    with lea_scope(folk.lea_id):
        record = Snapshot.objects.create(lea_id=folk.lea_id)
    enqueue_conversion(folk.other_lea_id, record.pk)
    run_worker(wait=False)
    assert record_of(folk.ada, record.pk).state == "queued"


@pytest.mark.parametrize(
    ("table", "short", "column"),
    [("schools", "Fig High", "name"), ("lea", "Fig Unified", "name")],
)
def test_a_text_that_no_record_can_hold_is_told(folk: People, table: str, short: str, column: str) -> None:
    assert short in DISTRICT[table]
    changed = {table: DISTRICT[table].replace(short, "x" * 300)}
    snapshot_id = upload(folk.ada, **changed)
    run_worker(wait=False)
    record = record_of(folk.ada, snapshot_id)
    assert (record.state, Lea.objects.filter(current_snapshot=snapshot_id).exists()) == ("failed", False)
    assert record.why.startswith(f"{table}: the {column} xxxx")
    assert "has 300 characters. 255 is the most that can be kept. Shorten it" in record.why
