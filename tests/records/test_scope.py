"""The scope ends when its block ends, whatever happened inside, and never lasts into another request."""

import pytest
from django.db import DatabaseError, connection, transaction

from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope, person_scope
from tests.people import People, make_people


def seen() -> list[int]:
    return list(Lea.objects.values_list("id", flat=True))


def test_after_the_block_nothing_is_seen(people: People) -> None:
    with lea_scope(people.lea_id):
        assert seen() == [people.lea_id]
    assert seen() == []


def test_an_inner_scope_hides_the_outer_one_and_gives_it_back(people: People) -> None:
    with lea_scope(people.lea_id):
        with lea_scope(people.other_lea_id):
            assert seen() == [people.other_lea_id]
        assert seen() == [people.lea_id]


def test_in_a_persons_scope_the_lea_of_an_outer_scope_is_not_seen(people: People) -> None:
    with lea_scope(people.lea_id), person_scope(people.olga.person_id):
        assert seen() == [people.other_lea_id]


def test_an_exception_takes_the_scope_back(people: People) -> None:
    with pytest.raises(RuntimeError), lea_scope(people.lea_id):
        raise RuntimeError
    assert seen() == []


def test_a_rolled_back_transaction_inside_takes_nothing_with_it(people: People) -> None:
    with lea_scope(people.lea_id):
        with pytest.raises(RuntimeError), transaction.atomic():
            raise RuntimeError
        assert seen() == [people.lea_id]
    assert seen() == []


@pytest.mark.django_db(transaction=True)
def test_a_failed_statement_inside_leaves_no_scope_behind() -> None:
    people = make_people()
    with pytest.raises(DatabaseError), transaction.atomic(), lea_scope(people.lea_id), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert seen() == []


@pytest.mark.django_db(transaction=True)
def test_a_failed_statement_without_a_transaction_leaves_no_scope_behind() -> None:
    people = make_people()
    with pytest.raises(DatabaseError), lea_scope(people.lea_id), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert seen() == []


@pytest.mark.django_db(transaction=True)
def test_a_scope_set_inside_a_transaction_does_not_come_back_with_its_rollback() -> None:
    people = make_people()
    with transaction.atomic():
        with lea_scope(people.lea_id):
            pass
        transaction.set_rollback(True)
    assert seen() == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_opened_anew_without_a_scope() -> None:
    people = make_people()
    with lea_scope(people.lea_id):
        connection.close()
        assert seen() == []
    assert seen() == []
