"""The audit log only grows: the database sees to it, whoever asks. Old entries go by one function, and no other way."""

import re
from datetime import datetime, timedelta
from typing import Literal

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cersgroups.actions.audit import note_system
from cersgroups.records.audit import VALUES, AuditEntry, read_values
from cersgroups.records.scope import lea_scope
from tests.owner import connect_as_owner
from tests.people import People, make_people

pytestmark = pytest.mark.django_db


def forget(lea_id: int, before: datetime) -> int:
    with lea_scope(lea_id), connection.cursor() as cursor:
        cursor.execute("SELECT forget_audit_entries(%s)", [before])
        return int(cursor.fetchone()[0])


def age(lea_id: int, days: int) -> None:
    """An entry of so many days ago."""
    note_system(lea_id, "test", "old")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (lea_id, at, actor_email, action, object, detail, door) "
            "VALUES (%s, now() - make_interval(days => %s), '', 'test', 'aged', '{}', '')",
            [lea_id, days],
        )


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
@pytest.mark.parametrize("trick", ["SELECT 1", "SET LOCAL cersgroups.forgetting = 'on'"])
def test_the_application_changes_and_deletes_nothing(people: People, statement: str, trick: str) -> None:
    with lea_scope(people.lea_id), connection.cursor() as cursor:
        cursor.execute(trick)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
        assert AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_owner_is_stopped_too(statement: str) -> None:
    people = make_people()
    with connect_as_owner() as owner:
        owner.execute("SELECT set_config('cersgroups.lea', %s, false)", [str(people.lea_id)])
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            owner.execute(statement.encode())


def test_old_entries_of_one_lea_are_forgotten_by_the_function(people: People) -> None:
    for lea_id in (people.lea_id, people.other_lea_id):
        with lea_scope(lea_id):
            age(lea_id, 400)
    assert forget(people.lea_id, timezone.now() - timedelta(days=399)) == 1
    with lea_scope(people.lea_id):
        assert not AuditEntry.objects.filter(object="aged").exists()
        assert AuditEntry.objects.filter(object="old").exists()
    with lea_scope(people.other_lea_id):
        assert AuditEntry.objects.filter(object="aged").exists()


def test_entries_of_the_last_year_are_never_forgotten(people: People) -> None:
    with pytest.raises(DatabaseError, match="last 365 days are kept"), transaction.atomic():
        forget(people.lea_id, timezone.now() - timedelta(days=364))


def test_without_a_scope_nothing_is_forgotten(people: People) -> None:
    with lea_scope(people.lea_id):
        age(people.lea_id, 400)
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_audit_entries(now() - interval '399 days')")
        assert cursor.fetchone() == (0,)


def test_after_the_function_deleting_is_refused_as_before(people: People) -> None:
    forget(people.lea_id, timezone.now() - timedelta(days=399))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('cersgroups.forgetting', true)")
        assert cursor.fetchone() == ("",)


@pytest.mark.parametrize("column", ["actor_email", "action"])
def test_every_value_of_a_column_is_read_once_and_of_this_lea_alone(
    people: People, column: Literal["actor_email", "action"]
) -> None:
    with lea_scope(people.other_lea_id):
        note_system(people.other_lea_id, "another", "thing")
    with lea_scope(people.lea_id):
        for action in ("zeal", "test", "test", "Ärger"):
            note_system(people.lea_id, action, "thing")
        every = AuditEntry.objects.values_list(column, flat=True)
        values = read_values(people.lea_id, column)
        assert len(values) == len(set(values)) == len(set(every)) > 1
        assert set(values) == set(every)
        assert "another" not in values
        assert read_values(people.other_lea_id, column) == []


@pytest.mark.parametrize("column", ["actor_email", "action"])
def test_for_each_value_there_is_one_look_into_the_index_whatever_row_security_adds(
    people: People, column: str
) -> None:
    with lea_scope(people.lea_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN (ANALYZE) " + VALUES.format(column), {"lea": people.lea_id})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(rf"Index Cond: .*lea_id = .*{column} > .*value", plan), plan
    assert "Sort" not in plan
