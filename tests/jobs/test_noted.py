"""What jobs and commands do by themselves is in the audit log, as the system's: what they begin, and how it ends."""

import io
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.retention import clean_up, save_retention
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.snapshot import upload_roster
from cersgroups.actions.source import ByItself, check_by_command, save_source, save_sync_schedule
from cersgroups.actions.sync import sync_by_command, sync_now
from cersgroups.jobs.worker import run_worker
from cersgroups.records.audit import AuditEntry
from cersgroups.records.credential import Credential
from cersgroups.records.due import Due
from cersgroups.records.scope import lea_scope
from cersgroups.records.source import Source
from tests.jobs.delivery import Delivery
from tests.mailbox import mail_server
from tests.people import People, make_people
from tests.roster import give_roster, roster_zip
from tests.schedule import ON_FRIDAY, TUESDAY, at, include_profiles, save_on_tuesday, utc
from tests.sis import Sis, entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk(sis: Sis, stored_snapshot: Path) -> People:  # noqa: ARG001 - a fixture, for what it does
    """In an LEA with a roster and a source."""
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    save_source(folk.ada, entry())
    return folk


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> Iterator[None]:
    with mail_server(settings):
        yield


def left(lea_id: int, do: Callable[[], object], door: str = "job") -> list[str]:
    """What the system notes while this is done, and what people ask for aside; oldest first."""
    with lea_scope(lea_id):
        before = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    do()
    run_worker(wait=False)
    with lea_scope(lea_id):
        own = AuditEntry.objects.filter(id__gt=before, actor=None).order_by("id")
        assert {(entry.door, entry.ip, entry.actor_email) for entry in own} <= {(door, None, "")}
        return [entry.action for entry in own]


def source_of(folk: People) -> Source:
    with lea_scope(folk.lea_id):
        return Source.objects.get(kind="memory")


def by_itself(folk: People, **wanted: Any) -> None:
    settings = {"nightly": False, "days": range(7), "at": time(2, 30), "before_runs": False, **wanted}
    save_sync_schedule(folk.ada, source_of(folk).pk, ByItself(**settings))


def test_a_run_that_uploads_from_beginning_to_end(stage: Delivery) -> None:
    include_profiles(stage.people)
    save_on_tuesday(stage.people.ada, upload=True)
    assert left(stage.lea_id, lambda: at(ON_FRIDAY)) == [
        "start run",
        "create extract",
        "extract done",
        "create upload",
        "upload done",
        "run done",
    ]


def test_a_run_that_fetches_the_roster_first(folk: People) -> None:
    include_profiles(folk)
    by_itself(folk, before_runs=True)
    save_on_tuesday(folk.ada)
    noted = left(folk.lea_id, lambda: at(ON_FRIDAY))
    assert noted == ["start run", "sync", "roster ready", "create extract", "extract done", "run done"]


def test_a_run_that_was_missed_and_one_that_makes_no_file(folk: People) -> None:
    save_on_tuesday(folk.ada)
    assert left(folk.lea_id, lambda: at(utc("2026-11-30T20:00"))) == ["miss run", "run missed"]
    assert left(folk.lea_id, lambda: at(utc("2026-12-05T06:30"))) == ["start run", "run failed"]


def test_a_roster_that_the_night_fetches(folk: People) -> None:
    by_itself(folk, nightly=True)
    with lea_scope(folk.lea_id):
        Source.objects.filter(kind="memory").update(since=TUESDAY)
    Due.objects.filter(what="sync").update(at=TUESDAY)
    assert left(folk.lea_id, lambda: at("2026-11-25T10:30")) == ["sync", "roster ready"]


def test_a_roster_that_is_held_or_cannot_be_fetched(folk: People, sis: Sis) -> None:
    sis.without("students")
    assert left(folk.lea_id, lambda: sync_now(folk.ada, source_of(folk).pk)) == ["roster held"]
    sis.fault = "The server broke off."
    assert left(folk.lea_id, lambda: sync_now(folk.ada, source_of(folk).pk)) == ["roster failed"]


@pytest.mark.parametrize(
    ("tables", "end"), [({}, "roster ready"), ({"schools": "school_id | name\n10 | Fig"}, "roster failed")]
)
def test_an_uploaded_roster(folk: People, tables: dict[str, str], end: str) -> None:
    sent = UploadedFile("fig.zip", io.BytesIO(roster_zip(**tables)))
    assert left(folk.lea_id, lambda: upload_roster(folk.ada, [sent])) == [end]


@pytest.mark.parametrize(
    ("command", "action"), [(sync_by_command, "sync by command"), (check_by_command, "test source by command")]
)
def test_what_a_command_asks_for(folk: People, command: Callable[[int], object], action: str) -> None:
    with lea_scope(folk.lea_id):
        command(folk.lea_id)
        asked = AuditEntry.objects.first()
    assert asked is not None
    assert (asked.action, asked.door, asked.actor) == (action, "command", None)


def test_an_extract_that_fails(stage: Delivery) -> None:
    listed = {"type": "student_list", "list": {"name": "Gone", "students": ["A-1"]}, "name_pattern": None}
    assert left(stage.lea_id, lambda: stage.extract(stage.profile(**listed))) == ["extract failed"]


def test_an_upload_that_waits_for_a_person(stage: Delivery) -> None:
    extract = stage.extract()
    assert left(stage.lea_id, lambda: stage.upload(extract, look_first=True)) == ["upload held"]
    assert left(stage.lea_id, lambda: stage.upload(extract, by_hand=True)) == ["upload ready"]


def test_an_upload_that_is_accepted_or_that_cers_refuses(stage: Delivery) -> None:
    extract = stage.extract()
    known = stage.sandbox.store.warehouse.known
    stage.sandbox.store.warehouse.known = known.__class__(frozenset({"99999999999999"}), frozenset({2027}), ("ELA",))
    assert left(stage.lea_id, lambda: stage.upload(extract)) == ["upload refused"]
    stage.sandbox.store.warehouse.known = known
    stage.sandbox.control(polling=False)
    assert left(stage.lea_id, lambda: stage.upload(extract)) == ["upload accepted"]


def test_an_upload_that_cannot_be_sent(stage: Delivery) -> None:
    extract = stage.extract()
    with lea_scope(stage.lea_id):
        Credential.objects.all().delete()
    assert left(stage.lea_id, lambda: stage.upload(extract)) == ["upload failed"]


def test_an_upload_of_a_run_that_would_overwrite_another_profiles_groups(stage: Delivery) -> None:
    stage.profile(name="English", include_in_scheduled_process=True)
    stage.upload(stage.extract(stage.profile(name="Maths", subject="Math")))
    save_on_tuesday(stage.people.ada, upload=True)
    noted = left(stage.lea_id, lambda: at(ON_FRIDAY))
    assert noted[-3:] == ["create upload", "upload stopped", "run stopped"]


def test_what_is_kept_no_longer(stage: Delivery) -> None:
    stage.extract()
    save_retention(stage.people.ada, {"extracts": 30}, timezone.now())

    def clean() -> None:
        with lea_scope(stage.lea_id):
            clean_up(stage.lea_id, timezone.now() + timedelta(days=31))

    assert "clean up" in left(stage.lea_id, clean)
