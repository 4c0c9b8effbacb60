"""Web and workers on several machines, which share the database and a bucket and nothing else."""

import argparse
import csv
import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.api_token import create_token
from cersgroups.actions.extract import create_extracts, download_extract, read_finding_rows
from cersgroups.actions.figure import extract_figures
from cersgroups.actions.lea import change_settings
from cersgroups.actions.ledger import find_held_groups
from cersgroups.actions.removal import remove_lea
from cersgroups.actions.retention import clean_up, save_retention
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.snapshot import convert_again, suggest_mapping, upload_roster
from cersgroups.actions.upload import (
    agree,
    cancel,
    create_upload,
    download_upload_file,
    read_difference_rows,
    read_retired_groups,
)
from cersgroups.cers.sandbox import Sandbox
from cersgroups.cli import web_process, worker
from cersgroups.core.error import NotThere
from cersgroups.core.permission import Actor
from cersgroups.jobs import cache
from cersgroups.jobs.due import do_due
from cersgroups.jobs.worker import run_worker
from cersgroups.records import bucket as bucket_module
from cersgroups.records.bucket import Bucket
from cersgroups.records.extract import Extract
from cersgroups.records.folder import VARIABLE, data_folder, lea_folder
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import KEPT_FOR, Snapshot
from cersgroups.records.stored_folder import fetched
from cersgroups.records.upload import Upload
from tests.bucket import s3_server
from tests.e2e.roster_export import ambiguous_export
from tests.jobs.delivery import DAY, Delivery, delivery
from tests.people import People, make_people, person_named
from tests.roster import roster_zip

pytestmark = pytest.mark.django_db(transaction=True)

Machine = Callable[[str], None]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """From then on the program runs on the machine of that name, with a data folder of its own."""

    def use(name: str) -> None:
        monkeypatch.setenv(VARIABLE, str(tmp_path / name))

    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [Fernet.generate_key().decode()])
    with s3_server(monkeypatch):
        yield use


def give_roster_on(people: People) -> None:
    upload_roster(people.ada, [UploadedFile("roster.zip", io.BytesIO(roster_zip()))])


def test_each_step_may_run_on_another_machine(machine: Machine) -> None:
    machine("web")
    people = make_people()
    change_settings(people.ada, uploads_enabled=True)
    give_roster_on(people)
    machine("worker one")
    run_worker(wait=False)
    assert list(data_folder().glob("leas/*/received/*")) == [], "no student's data is kept twice"

    machine("web")
    with Sandbox() as sandbox:
        stage = Delivery(people, sandbox)
        stage.credential()
        [extract] = create_extracts(people.ada, [stage.profile()], consolidate=True, as_of=DAY)
        machine("worker two")
        run_worker(wait=False)

        machine("web")
        sent = download_extract(people.ada, extract.pk, "extract-1.csv").read_bytes()
        upload = create_upload(people.ada, extract.pk, look_first=True)
        machine("worker one")
        run_worker(wait=False)

        machine("web")
        assert read_difference_rows(people.ada, upload.pk)
        agree(people.ada, upload.pk)
        machine("worker two")
        run_worker(wait=False)

        machine("web")
        assert stage.record(upload.pk).state == "done"
        assert download_upload_file(people.ada, upload.pk, "extract-1.csv").read_bytes() == sent
        with lea_scope(people.lea_id):
            held = find_held_groups(people.ada, "", 0, 1000)
        names = {row["group_name"] for row in csv.DictReader(io.StringIO(sent.decode()))}
        assert {group.name for group in held.groups} == names == set(stage.held())


def test_an_uploaded_roster_does_not_stay_on_the_machine_that_took_it(machine: Machine) -> None:
    machine("web")
    people = make_people()
    give_roster_on(people)
    with lea_scope(people.lea_id):
        record = Snapshot.objects.get()
    assert not record.received.exists(), "it waits in the bucket"
    machine("worker one")
    run_worker(wait=False)
    with lea_scope(people.lea_id):
        assert Snapshot.objects.get().state == "ready"


def test_the_page_of_the_mapping_fetches_no_export_from_the_bucket(machine: Machine, tmp_path: Path) -> None:
    machine("web")
    people = make_people()
    with ambiguous_export(tmp_path).open("rb") as content:
        record = upload_roster(people.ada, [UploadedFile("fall.zip", content)])
    machine("worker")
    run_worker(wait=False)
    machine("web two")
    assert suggest_mapping(people.ada, record.pk).places.ssid
    assert not record.received.exists()


@pytest.mark.thorough
def test_the_mapping_of_an_export_may_be_changed_on_another_machine_and_the_export_goes_from_the_bucket(
    machine: Machine, tmp_path: Path
) -> None:
    machine("web")
    people = make_people()
    with ambiguous_export(tmp_path).open("rb") as content:
        first = upload_roster(people.ada, [UploadedFile("fall.zip", content)], 'ssid = "userIds:SSID"\n')
    machine("worker one")
    run_worker(wait=False)
    machine("web two")
    second = convert_again(people.ada, first.pk, 'ssid = "identifier"\n')
    machine("worker two")
    run_worker(wait=False)
    with lea_scope(people.lea_id):
        assert [record.state for record in Snapshot.objects.order_by("pk")] == ["ready", "ready"]
    machine("a new one")
    assert fetched(first.received).exists()
    do_due(timezone.now() + KEPT_FOR + timedelta(hours=2))
    machine("another new one")
    assert [fetched(record.received).exists() for record in (first, second)] == [False, False]


def test_files_that_were_removed_on_one_machine_are_served_on_no_other_and_go_there_within_the_hour(
    machine: Machine, stored_snapshot: Path
) -> None:
    machine("worker")
    with delivery(stored_snapshot) as stage:
        extract, kept = stage.extract(), stage.extract()
        upload = stage.upload(extract, look_first=True)
        cancel(stage.people.ada, upload.pk)
        ada = stage.people.ada
        machine("web")
        assert fetch_all(ada, extract, upload.pk) == 5
        download_extract(ada, kept, "extract-1.csv")

        machine("worker")
        save_retention(ada, {"extracts": 30}, timezone.now())
        with lea_scope(stage.lea_id):
            Extract.objects.filter(pk=kept).update(created_at=timezone.now() + timedelta(days=9))
            assert clean_up(stage.lea_id, timezone.now() + timedelta(days=31))["uploads"] == 1

        machine("web")
        assert copies() == {f"extracts/{extract}", f"extracts/{kept}", f"uploads/{upload.pk}"}
        assert fetch_all(ada, extract, upload.pk) == 0
        cache.clear_cache(time.time())
        assert copies() == {f"extracts/{kept}"}


def fetch_all(actor: Actor, extract: int, upload: int) -> int:
    """How many of the five ways to see something of its files give anything."""
    with lea_scope(actor.lea_id):
        [part] = Upload.objects.get(pk=upload).parts.values_list("file", flat=True)[:1]
    ways: list[Callable[[], object]] = [
        lambda: download_extract(actor, extract, "extract-1.csv"),
        lambda: read_finding_rows(actor, extract, "x") or True,
        lambda: download_upload_file(actor, upload, part),
        lambda: read_difference_rows(actor, upload),
        lambda: figures_of(actor, extract),
    ]
    seen = 0
    for way in ways:
        try:
            seen += bool(way())
        except NotThere as refusal:
            assert "files were removed on" in str(refusal)  # noqa: PT017 - some of them give nothing instead
    assert read_retired_groups(actor, upload, 10) == []
    return seen


def figures_of(actor: Actor, extract: int) -> object:
    with lea_scope(actor.lea_id):
        return extract_figures(actor, extract)


def copies() -> set[str]:
    return {"/".join(path.parts[-2:]) for path in data_folder().glob("leas/*/[eu]*/*")}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_an_lea_that_was_removed_on_one_machine_nothing_stays_on_another(
    machine: Machine, stored_snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody fetches anything there any more: the process looks for itself, and again."""
    machine("worker")
    with delivery(stored_snapshot) as stage:
        extract = stage.extract()
        machine("web")
        download_extract(stage.people.ada, extract, "extract-1.csv")
        other = data_folder() / "leas" / str(stage.people.other_lea_id)
        other.mkdir()
        machine("worker")
        remove_lea(stage.lea_id, "root")
        machine("web")
        assert (data_folder() / "leas" / str(stage.lea_id)).exists()

        monkeypatch.setattr(cache, "LOOK_SECONDS", 0.01)
        looks = look_until_second(monkeypatch)
        assert looks == 2, "a disk or a database that is away keeps it from no later look"
        assert not (data_folder() / "leas" / str(stage.lea_id)).exists()
        assert other.exists()


def look_until_second(monkeypatch: pytest.MonkeyPatch) -> int:
    """Have the process look for itself; the first look fails."""
    stop, clear, looks = threading.Event(), cache.clear_cache, []

    def look(now: float) -> None:
        looks.append(now)
        if len(looks) == 1:
            raise OSError("away")
        clear(now)
        stop.set()

    monkeypatch.setattr(cache, "clear_cache", look)
    keeper = threading.Thread(target=cache.look_again_and_again, args=(stop,))
    keeper.start()
    keeper.join(timeout=30)
    stop.set()
    return len(looks)


def test_what_killed_programs_left_goes_on_a_machine_without_workers_too(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a roster that somebody was sending, and half a folder that was being fetched: both name students."""
    machine("web")
    people = make_people()
    sending = tmp_path / "sending"
    sending.mkdir()
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(sending))
    fetching = lea_folder(people.lea_id) / "extracts" / ".fetch-7-killed"
    for file in (sending / "of yesterday", sending / "of today"):
        file.write_bytes(b"roster")
    fetching.mkdir()
    for old in (sending / "of yesterday", fetching):
        os.utime(old, (time.time() - 90_000,) * 2)
    cache.look(time.time())
    assert [path.name for path in sending.iterdir()] == ["of today"]
    assert not fetching.exists()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_every_process_that_reads_files_looks(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(cache, "keep_cache_small", lambda: begun.append(command))
    if command == "serve":
        monkeypatch.setattr("os.setsid", lambda: None)
        monkeypatch.setattr(web_process, "_load_pages", lambda: None)
        monkeypatch.setattr("sys.setswitchinterval", lambda _seconds: None)
        web_process.load_application()
    else:
        monkeypatch.setattr("cersgroups.jobs.worker.run_worker", lambda **_: False)
        monkeypatch.setattr(worker, "application", nullcontext)
        worker.run(argparse.Namespace(until_input_ends=False, once=False, concurrency=1))
    assert begun == [command]


@pytest.fixture
def _plain_static_files(settings: Settings) -> None:
    """Without collectstatic there are no names with digests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.mark.usefixtures("_plain_static_files")
def test_while_the_bucket_is_away_all_is_told_and_after_that_it_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "_ATTEMPTS", 1)
    machine("web")
    people = make_people()
    give_roster_on(people)
    run_worker(wait=False)
    with Sandbox() as sandbox:
        stage = Delivery(people, sandbox)
        extract = stage.extract()
        with lea_scope(people.lea_id):
            file = Extract.objects.get(pk=extract).files[0]

        machine("web two")
        with monkeypatch.context() as away:
            away.setattr(settings, "BUCKET", Bucket("rosters", "http://127.0.0.1:9"))
            browser = Client()
            browser.force_login(person_named("ada"))
            page = browser.get(f"/extracted-files/{extract}/files/{file}")
            assert (page.status_code, "storage does not answer" in page.content.decode()) == (503, True)
            _token, text = create_token(people.ada, "night", ["download"], 30)
            said = Client().get(f"/api/v1/extracts/{extract}/files/{file}", headers={"Authorization": f"Bearer {text}"})
            assert (said.status_code, said.headers["Content-Type"]) == (503, "application/problem+json")
            [made] = create_extracts(people.ada, [stage.profile(name="Again")], consolidate=True, as_of=DAY)
            run_worker(wait=False)
            with lea_scope(people.lea_id):
                made.refresh_from_db()
                assert made.waiting, "it is tried again"

        assert browser.get(f"/extracted-files/{extract}/files/{file}").status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        run_worker(wait=False)
        with lea_scope(people.lea_id):
            made.refresh_from_db()
            assert made.state == "done"
