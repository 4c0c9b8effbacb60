"""What the database itself refuses, whatever the program asks: checked with plain SQL, as the application's role."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cersgroups.actions.api_token import create_token
from cersgroups.actions.audit import note_system
from cersgroups.actions.profile import create_profile
from cersgroups.records.credential import Credential
from cersgroups.records.draft import Draft
from cersgroups.records.extract import Extract, ExtractFinding, ExtractProfile
from cersgroups.records.idempotency_key import IdempotencyKey
from cersgroups.records.ledger import Ledger
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope, person_scope
from cersgroups.records.side_file import SideFile
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from cersgroups.records.upload import Upload, UploadPart
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import GRADES

pytestmark = pytest.mark.django_db

TENANT_TABLES = (
    "api_token",
    "audit_entry",
    "credential",
    "draft",
    "extract",
    "extract_finding",
    "extract_profile",
    "idempotency_key",
    "lea",
    "ledger",
    "membership",
    "profile",
    "scheduled_process",
    "scheduled_run",
    "school",
    "side_file",
    "snapshot",
    "source",
    "upload",
    "upload_part",
)
WITHOUT_ROW_SECURITY = {"due": "read before any LEA's scope is known; says which LEA, one of a few names and a moment"}


@pytest.fixture
def two_leas(people: People) -> People:
    """Both LEAs with a row in every table."""
    for admin in (people.ada, people.olga):
        profile = create_profile(admin, GRADES)
        with lea_scope(admin.lea_id):
            of = {"lea_id": admin.lea_id}
            source = Source.objects.create(**of, name="Upload")
            SideFile.objects.create(**of, source=source, table="staff", file_name="staff.csv", size=1, content=b"x")
            Draft.objects.create(**of, person_id=admin.person_id)
            if admin is people.olga:
                School.objects.create(**of, school_id="30", number="30", name="Far Elem")
            extract = Extract.objects.create(**of, snapshot=Snapshot.objects.create(**of), as_of="2026-11-23")
            ExtractProfile.objects.create(**of, extract=extract, profile=profile, content={}, version=1)
            ExtractFinding.objects.create(**of, extract=extract, code="name_cut", count=1)
            ScheduledProcess.objects.create(**of, days=[4], time="22:30", emails=["a@b.example"], since=timezone.now())
            ScheduledRun.objects.create(**of, occurrence="2026-11-27T22:30", due_at=timezone.now())
            note_system(admin.lea_id, "test", "row")
            Credential.objects.create(**of, name="LEA", sealed="x", expires_on="2027-11-23")
            upload = Upload.objects.create(**of, extract=extract)
            part = UploadPart.objects.create(**of, upload=upload, number=1, file="f", size=1, records=1, digest="D")
            token, _text = create_token(admin, "Program", ["read"], days=1)
            IdempotencyKey.objects.create(**of, token=token, key="k", fingerprint="f")
            Ledger.objects.create(**of, part=part, groups=1, students=1, users=1)
    return people


def rows(table: str) -> list[int]:
    """The LEAs of the rows that plain SQL sees."""
    column = "id" if table == "lea" else "lea_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [lea_id for (lea_id,) in cursor.fetchall()]


def test_every_table_with_a_lea_is_in_this_list() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'lea_id' ORDER BY 1")
        assert [table for (table,) in cursor.fetchall()] == sorted({*TENANT_TABLES, *WITHOUT_ROW_SECURITY} - {"lea"})


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_row_security_is_on_and_binds_the_owner_too(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table])
        assert cursor.fetchone() == (True, True)


def test_what_is_due_says_nothing_of_anybody() -> None:
    """So it needs no row security: a new column must be thought about."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'due' ORDER BY 1")
        assert [column for (column,) in cursor.fetchall()] == ["at", "id", "lea_id", "planned_at", "what"]


def test_every_view_shows_what_row_security_shows_to_whoever_asks() -> None:
    """Else it would ask as its owner, who in some installations passes row security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reloptions FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchall() == [("lea_overview", ["security_invoker=true"])]


def test_what_runs_as_the_owner_finds_tables_in_one_place_and_is_called_by_the_application_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, array_to_string(proconfig, ' '), acl.grantee = 0 FROM pg_proc, "
            "aclexplode(coalesce(proacl, acldefault('f', proowner))) acl "
            "WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        for function, setting, everybody in cursor.fetchall():
            assert (setting, everybody) == ("search_path=public, pg_temp", False), function


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_within_an_lea_only_its_own_rows_are_seen(two_leas: People, table: str) -> None:
    for lea_id in (two_leas.lea_id, two_leas.other_lea_id):
        with lea_scope(lea_id):
            assert set(rows(table)) == {lea_id}


@pytest.mark.usefixtures("two_leas")
@pytest.mark.parametrize("table", TENANT_TABLES)
def test_without_a_scope_nothing_is_seen(table: str) -> None:
    assert rows(table) == []


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_sees_nothing_without_a_scope() -> None:
    make_people()
    with connect_as_owner() as owner:
        assert owner.execute("SELECT count(*) FROM membership").fetchone() == (0,)


@pytest.mark.parametrize("table", ["school", "source"])
def test_nothing_can_be_put_into_another_lea(two_leas: People, table: str) -> None:
    cells = {
        "school": "('x', 'x', 'x', '', true, '', false, %s)",
        "source": "('upload', 'x', '', '{}', '', false, false, '{}', '[]', now(), now(), %s)",
    }
    columns = {
        "school": "school_id, number, name, cds_code, active, schedule, tracks_primary_classes, lea_id",
        "source": "kind, name, mapping, settings, sealed, nightly, before_runs, days, checks, created_at, changed_at, "
        "lea_id",
    }
    statement = f"INSERT INTO {table} ({columns[table]}) VALUES {cells[table]}"
    with lea_scope(two_leas.lea_id), connection.cursor() as cursor:
        cursor.execute(statement, [two_leas.lea_id])
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(statement, [two_leas.other_lea_id])


def test_a_row_cannot_be_moved_to_another_lea(two_leas: People) -> None:
    with (
        lea_scope(two_leas.lea_id),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        cursor.execute("UPDATE profile SET lea_id = %s", [two_leas.other_lea_id])


def test_another_leas_rows_are_neither_changed_nor_deleted(two_leas: People) -> None:
    with lea_scope(two_leas.lea_id), connection.cursor() as cursor:
        cursor.execute("UPDATE profile SET name = 'taken over' WHERE lea_id = %s", [two_leas.other_lea_id])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM membership WHERE lea_id = %s", [two_leas.other_lea_id])
        assert cursor.rowcount == 0


def test_a_person_finds_their_own_memberships_and_leas_and_no_others(two_leas: People) -> None:
    with person_scope(two_leas.sam.person_id), connection.cursor() as cursor:
        cursor.execute("SELECT lea_id, person_id FROM membership")
        assert cursor.fetchall() == [(two_leas.lea_id, two_leas.sam.person_id)]
        assert rows("lea") == [two_leas.lea_id]
        assert rows("school") == []


def test_a_person_cannot_give_themselves_a_membership(two_leas: People) -> None:
    with (
        person_scope(two_leas.sam.person_id),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        cursor.execute(
            "INSERT INTO membership (lea_id, person_id, level, created_at) VALUES (%s, %s, 'admin', now())",
            [two_leas.other_lea_id, two_leas.sam.person_id],
        )


def test_a_person_cannot_raise_their_own_level(two_leas: People) -> None:
    with person_scope(two_leas.vera.person_id), connection.cursor() as cursor:
        cursor.execute("UPDATE membership SET level = 'admin'")
        assert cursor.rowcount == 0


def test_the_application_is_no_owner_and_cannot_pass_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"])
def test_the_audit_log_cannot_be_changed(two_leas: People, statement: str) -> None:
    with (
        lea_scope(two_leas.lea_id),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_the_audit_log() -> None:
    lea_id = make_people().lea_id
    with connect_as_owner() as owner:
        owner.execute("SELECT set_config('cersgroups.lea', %s, false)", [str(lea_id)])
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            owner.execute("DELETE FROM audit_entry")
