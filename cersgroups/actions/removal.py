"""Removing an LEA with everything that is its: rows, audit log, files, and people who belong to no other.

What is left is one row that says when it was removed and by whom. Only the command line calls it, as the owner.
"""

import shutil

from django.db import connections, transaction
from django.db.models import ProtectedError

from cersgroups.core.error import NotThere, RequestStop
from cersgroups.records.bucket import configured_bucket
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import Lea, RemovedLea
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.whole import OWNER_ALIAS, whole


def all_leas() -> list[Lea]:
    """By number, with their names."""
    with whole() as alias:
        return list(Lea.objects.using(alias).order_by("pk"))


def find_lea(number: int) -> Lea | None:
    """None if it is removed already: then only files may be left. Raises NotThere if it never was."""
    with whole() as alias:
        lea = Lea.objects.using(alias).filter(pk=number).first()
        if lea is None and not RemovedLea.objects.using(alias).filter(number=number).exists():
            raise NotThere(f"There is no LEA {number}. Without a number this command lists them.")
    return lea


def remove_lea(number: int, by: str) -> None:
    """Remove it for good; its files last, so that whoever is interrupted calls it again. Raises RequestStop if a job
    of the LEA is being done."""
    with transaction.atomic(using=OWNER_ALIAS):
        _enter(number)
        if Lea.objects.using(OWNER_ALIAS).select_for_update().filter(pk=number).exists():
            _remove_jobs(number)
            people = list(
                Membership.objects.using(OWNER_ALIAS).filter(lea_id=number).values_list("person_id", flat=True)
            )
            _remove_rows(number)
            _remove_people(people)
            RemovedLea.objects.using(OWNER_ALIAS).create(number=number, removed_by=by)
    bucket = configured_bucket()
    if bucket is not None:
        bucket.remove(f"leas/{number}")
    shutil.rmtree(data_folder() / "leas" / str(number), ignore_errors=True)


def _enter(number: int) -> None:
    """For this transaction: the LEA's rows can be written, all rows be seen, and audit entries deleted."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('cersgroups.lea', %s, true), set_config('cersgroups.whole', 'on', true), "
            "set_config('cersgroups.forgetting', 'on', true)",
            [str(number)],
        )


def _remove_jobs(number: int) -> None:
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'lea_id' = %s AND status <> 'doing'", [str(number)])
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE args->>'lea_id' = %s", [str(number)])
        if cursor.fetchone():
            raise RequestStop("A job of this LEA is being done. Try again in a minute.")


def _remove_rows(number: int) -> None:
    """From every table with an LEA; the order does not matter: the database looks at references at the end."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attname = 'lea_id' "
            "AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table} WHERE lea_id = %s", [number])
        cursor.execute("DELETE FROM lea WHERE id = %s", [number])


def _remove_people(people: list[int]) -> None:
    """Those who belong to no LEA any more, and did nothing in another that its records name them for."""
    elsewhere = Membership.objects.using(OWNER_ALIAS).filter(person_id__in=people).values_list("person_id", flat=True)
    for person in Person.objects.using(OWNER_ALIAS).filter(pk__in=set(people) - set(elsewhere)):
        try:
            person.delete()
        except ProtectedError:
            continue
