"""What an LEA does not keep any longer goes at night: files of students, and no more than may go."""

from contextlib import closing, suppress
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions import retention
from cersgroups.actions.draft import start_draft
from cersgroups.actions.extract import download_extract
from cersgroups.actions.ledger import find_held_groups
from cersgroups.actions.profile import delete_profile
from cersgroups.actions.retention import clean_up, save_retention
from cersgroups.actions.snapshot import make_current, snapshot_before
from cersgroups.actions.upload import create_upload
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop, StateConflict
from cersgroups.jobs.due import do_due
from cersgroups.jobs.worker import run_worker
from cersgroups.records.audit import AuditEntry
from cersgroups.records.draft import Draft
from cersgroups.records.due import Due
from cersgroups.records.extract import Extract, ExtractProfile
from cersgroups.records.lea import Lea
from cersgroups.records.ledger import Ledger
from cersgroups.records.scope import lea_scope
from cersgroups.records.server import embedded_server
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload, UploadPart
from tests.jobs.delivery import Delivery
from tests.owner import connect_as_owner
from tests.roster import give_roster

pytestmark = pytest.mark.django_db(transaction=True)


def keep(stage: Delivery, **days: int | None) -> None:
    save_retention(stage.people.ada, days, timezone.now())  # type: ignore[arg-type]


def clean(stage: Delivery, days: int) -> dict[str, int]:
    """What goes so many days from now."""
    with lea_scope(stage.lea_id):
        return {what: n for what, n in clean_up(stage.lea_id, timezone.now() + timedelta(days=days)).items() if n}


def test_nothing_goes_until_an_admin_says_so(stage: Delivery) -> None:
    stage.upload(stage.extract())
    assert clean(stage, 10_000) == {}


def test_files_of_old_extracts_and_uploads_go_and_their_records_stay(stage: Delivery) -> None:
    extract = stage.extract()
    upload = stage.upload(extract)
    keep(stage, extracts=30)
    assert clean(stage, 29) == {}
    assert clean(stage, 31) == {"extracts": 1, "uploads": 1}
    with lea_scope(stage.lea_id):
        assert not Extract.objects.get(pk=extract).folder.exists()
        assert not Upload.objects.get(pk=upload.pk).folder.exists()
        assert Extract.objects.get(pk=extract).students > 0
    with pytest.raises(NotThere):
        download_extract(stage.people.ada, extract, "extract-1.csv")
    with pytest.raises(StateConflict, match="Its files were removed on"):
        create_upload(stage.people.ada, extract)
    assert clean(stage, 31) == {}


def test_an_upload_that_waits_for_a_person_keeps_what_it_needs(stage: Delivery) -> None:
    extract = stage.extract()
    upload = stage.upload(extract, look_first=True)
    keep(stage, extracts=30, ledgers=30)
    assert clean(stage, 100) == {}
    assert (upload.folder / "difference.csv").is_file()


def test_the_current_roster_and_those_of_files_that_are_kept_stay(stage: Delivery, stored_snapshot: Path) -> None:
    with lea_scope(stage.lea_id):
        used = Snapshot.objects.get()
    stage.extract()
    old, now = (give_roster(stage.lea_id, stored_snapshot) for _ in range(2))
    keep(stage, rosters=30)
    assert clean(stage, 31) == {"rosters": 1}
    with lea_scope(stage.lea_id):
        assert [Snapshot.objects.get(pk=pk).folder.exists() for pk in (used.pk, old, now)] == [True, False, True]
        before = snapshot_before(stage.people.ada)
    assert before is not None
    assert before.pk == used.pk
    with pytest.raises(StateConflict):
        make_current(stage.people.ada, old)


def test_a_roster_that_becomes_current_while_old_ones_go_is_not_lost(
    stage: Delivery, stored_snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _now = (give_roster(stage.lea_id, stored_snapshot) for _ in range(2))
    keep(stage, rosters=30)
    look, threads = retention._old_snapshots, []

    def while_somebody_goes_back(lea: Lea, before: datetime | None) -> "QuerySet[Snapshot]":
        threads.append(Thread(target=make_current_if_there, args=(stage, old)))
        threads[0].start()
        threads[0].join(timeout=2)
        return look(lea, before)

    monkeypatch.setattr(retention, "_old_snapshots", while_somebody_goes_back)
    clean(stage, 31)
    threads[0].join()
    with lea_scope(stage.lea_id):
        current = Lea.objects.get().current_snapshot
        assert current is not None
        assert current.folder.exists()


def make_current_if_there(stage: Delivery, snapshot_id: int) -> None:
    with suppress(StateConflict), closing(connection):
        make_current(stage.people.ada, snapshot_id)


def test_what_cers_holds_stays_known(stage: Delivery) -> None:
    for school in ("10", "20"):
        stage.upload(stage.extract(stage.profile(name=school, schools=[school])))
    keep(stage, ledgers=30)
    assert clean(stage, 31) == {"ledgers": 1}
    with lea_scope(stage.lea_id):
        assert [ledger.folder.exists() for ledger in Ledger.objects.all()] == [True, False]
        assert find_held_groups(stage.people.ada, "", 0, 10).count == len(stage.held())


def test_old_audit_entries_go_and_the_others_stay(stage: Delivery) -> None:
    keep(stage, audit=366)
    with lea_scope(stage.lea_id):
        recent = AuditEntry.objects.count()
        AuditEntry.objects.bulk_create([AuditEntry(lea_id=stage.lea_id, action="test", object="old")])
    with lea_scope(stage.lea_id):
        clean_up(stage.lea_id, timezone.now())
        assert AuditEntry.objects.count() == recent + 1


def test_it_is_done_each_night_by_the_worker(stage: Delivery) -> None:
    extract = stage.extract()
    keep(stage, extracts=30)
    with lea_scope(stage.lea_id):
        Extract.objects.filter(pk=extract).update(created_at=timezone.now() - timedelta(days=31))
    do_due(timezone.now())
    run_worker(wait=False)
    with lea_scope(stage.lea_id):
        assert Extract.objects.get(pk=extract).files_removed_at is not None
    planned: datetime = Due.objects.get(lea_id=stage.lea_id, what="retention").at
    assert timezone.now() < planned < timezone.now() + timedelta(days=2)


def test_files_that_a_killed_worker_left_go_the_next_night(stage: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = stage.extract()
    keep(stage, extracts=30)
    with monkeypatch.context() as patch:
        patch.setattr("cersgroups.actions.retention._discard", lambda _now: None)
        assert clean(stage, 31) == {"extracts": 1}
    clean(stage, 32)
    with lea_scope(stage.lea_id):
        assert not Extract.objects.get(pk=extract).folder.exists()


def drafts(stage: Delivery) -> list[str]:
    with lea_scope(stage.lea_id):
        return sorted(draft.content["students"] for draft in Draft.objects.all())


def test_everybodys_old_drafts_go_whatever_the_lea_keeps_and_whether_they_come_back_or_not(stage: Delivery) -> None:
    """They hold what was pasted: students' IDs."""
    for person, students, changed in (
        (stage.people.ada, "looked at", False),
        (stage.people.alma, "worked on", True),
        (stage.people.sam, "looked at, too", False),
    ):
        draft = start_draft(person, {"students": students})
        with lea_scope(stage.lea_id):
            Draft.objects.filter(pk=draft.pk).update(changed=changed)
    assert clean(stage, 0) == {}
    assert clean(stage, 2) == {"drafts": 2}
    assert drafts(stage) == ["worked on"]
    assert clean(stage, 29) == {}
    assert clean(stage, 31) == {"drafts": 1}
    assert drafts(stage) == []
    with lea_scope(stage.lea_id):
        assert AuditEntry.objects.filter(action="clean up").first().detail["drafts"] == 1  # type: ignore[union-attr]


def test_the_worker_looks_for_old_drafts_each_night(stage: Delivery) -> None:
    start_draft(stage.people.alma, {"students": "7000000001"})
    keep(stage, extracts=None)
    night: datetime = Due.objects.get(lea_id=stage.lea_id, what="retention").at
    do_due(max(night, timezone.now() + timedelta(days=1, minutes=1)))
    with lea_scope(stage.lea_id):
        Draft.objects.update(changed_at=timezone.now() - timedelta(days=2))
    run_worker(wait=False)
    assert drafts(stage) == []
    night = Due.objects.get(lea_id=stage.lea_id, what="retention").at
    do_due(night)
    assert Due.objects.get(lea_id=stage.lea_id, what="retention").at > night, "one may just be begun, and plans nothing"
    run_worker(wait=False)
    with lea_scope(stage.lea_id):
        assert AuditEntry.objects.filter(action="clean up").count() == 1


def test_drafts_of_an_earlier_version_are_looked_at_too(stage: Delivery) -> None:
    start_draft(stage.people.alma, {"students": "7000000001"})
    Due.objects.all().delete()
    with connect_as_owner() as owner:
        owner.execute(import_module("cersgroups.records.migrations.0020_old_drafts").PLAN)
    assert Due.objects.get(what="retention").lea_id == stage.lea_id


def test_nothing_of_an_old_extracts_students_stays_in_any_table(stage: Delivery) -> None:
    """Of a profile that is deleted, and of one that is gone already when its LEA begins to clean up."""
    student = "7000000003"
    listed = {"type": "student_list", "list": {"name": "Tutoring", "students": [student]}, "name_pattern": None}
    profile = stage.profile(**listed)
    upload = stage.upload(stage.extract(profile))
    kept = stage.extract(stage.profile(name="Kept", **listed))
    with lea_scope(stage.lea_id):
        UploadPart.objects.filter(upload=upload).update(message=f"Row 2: {student} is not known")
        Extract.objects.filter(pk=kept).update(created_at=timezone.now() + timedelta(days=5))
    delete_profile(stage.people.ada, profile)
    assert tables_with(student) == {"extract_profile", "profile", "upload_part"}
    keep(stage, extracts=30)
    assert clean(stage, 31) == {"extracts": 1, "uploads": 1}
    with lea_scope(stage.lea_id):
        assert [p.content["list"]["students"] for p in ExtractProfile.objects.all()] == [[], [student]]
    assert clean(stage, 100) == {"extracts": 1}
    assert tables_with(student) == {"profile"}, "which somebody works with"


def tables_with(text: str) -> set[str]:
    """Whose rows hold it anywhere, as the superuser sees them."""
    with psycopg.connect(embedded_server().url("postgres", connections["owner"].settings_dict["NAME"])) as server:
        tables = server.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {table for (table,) in tables if _holds(server, table, text)}


def _holds(server: psycopg.Connection, table: str, text: str) -> bool:
    query = f"SELECT 1 FROM {table} t WHERE t::text LIKE %s LIMIT 1"
    return server.execute(query.encode(), [f"%{text}%"]).fetchone() is not None


@pytest.mark.parametrize(("kept", "days"), [("extracts", 29), ("rosters", 1), ("ledgers", 0), ("audit", 365)])
def test_too_few_days_are_refused(stage: Delivery, kept: str, days: int) -> None:
    with pytest.raises(RequestStop, match="are too few"):
        keep(stage, **{kept: days})


def test_only_admins_say_how_long(stage: Delivery) -> None:
    with pytest.raises(PermissionRefused):
        save_retention(stage.people.alma, {"extracts": 30}, timezone.now())
