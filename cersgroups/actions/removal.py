"""Removing an LEA with everything that is its: rows, audit log, files, and people whom no other names.

What is left is one row that says when it was removed and by whom. Only the command line calls it, as the owner.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.db import connections, transaction

from cersgroups.actions.lea import no_lea
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.records.bucket import configured_bucket
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import Lea, RemovedLea
from cersgroups.records.person import Person
from cersgroups.records.whole import OWNER_ALIAS, whole


def find_lea(number: int) -> Lea | None:
    """None if it is removed already: then only files may be left. Raises NotThere if it never was."""
    with whole() as alias:
        lea = Lea.objects.using(alias).filter(pk=number).first()
        if lea is None and not RemovedLea.objects.using(alias).filter(number=number).exists():
            raise no_lea(number)
    return lea


def remove_lea(number: int, by: str) -> None:
    """Remove it for good; its files last, so that whoever is interrupted calls it again. Raises RequestStop if a job
    of the LEA is being done, DataStop if files are left that cannot be removed."""
    with transaction.atomic(using=OWNER_ALIAS):
        _enter(number)
        if Lea.objects.using(OWNER_ALIAS).select_for_update().filter(pk=number).exists():
            _remove_jobs(number)
            people = set(_named_people(number))
            _remove_rows(number)
            _remove_people(people)
            RemovedLea.objects.using(OWNER_ALIAS).create(number=number, removed_by=by)
    bucket = configured_bucket()
    if bucket is not None:
        bucket.remove(f"leas/{number}")
    _remove_files(data_folder() / "leas" / str(number))


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
            raise RequestStop(
                "A job of this LEA is being done. Try again in a minute. If no worker runs, start one: it takes back "
                "what a dead worker was doing."
            )


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


def _named_people(number: int | None = None) -> Iterator[int]:
    """Whom the rows of this LEA, or of any, name: its members, and whoever ever did something in it."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1] "
            "WHERE f.contype = 'f' AND f.confrelid = 'person'::regclass AND EXISTS "
            "(SELECT 1 FROM pg_attribute l WHERE l.attrelid = c.oid AND l.attname = 'lea_id')"
        )
        for table, column in cursor.fetchall():
            rows = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
            cursor.execute(f"{rows} AND lea_id = %s" if number else rows, [number] if number else None)
            yield from (person for (person,) in cursor.fetchall())


def _remove_people(people: set[int]) -> None:
    """But whom another LEA names: they belong to it, or have a draft, a token or an audit entry there.

    They are locked first, so that nobody is named meanwhile.
    """
    found = list(Person.objects.using(OWNER_ALIAS).select_for_update().filter(pk__in=people))
    elsewhere = set(_named_people())
    for person in found:
        if person.pk not in elsewhere:
            person.delete()


def _remove_files(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        left = sorted(path for path in folder.rglob("*") if not path.is_dir()) or [folder]
        raise DataStop(
            f"The records are removed, but {len(left):,} of the files could not be, such as {left[0]}. Look at who may "
            f"write there and whether the disk is whole, and run the same command again, or remove {folder} by hand."
        )
