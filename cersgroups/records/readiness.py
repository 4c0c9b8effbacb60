"""Whether this program can work: the database answers, its tables are those of this version, files can be written."""

from functools import lru_cache
from tempfile import TemporaryFile

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cersgroups.records.folder import data_folder

Name = tuple[str, str]
"""A migration: the app's label and the migration's name."""


def missing_parts() -> list[str]:
    """Of `database`, `migrations` and `data folder` those that fail, in this order; empty: ready."""
    try:
        missing = [] if tables_fit() else ["migrations"]
    except DatabaseError:
        missing = ["database"]
    return missing if folder_is_writable() else [*missing, "data folder"]


def tables_fit() -> bool:
    """Whether the tables are of this version, neither older nor newer. Raises DatabaseError if nobody answers."""
    return _of_ours(applied_migrations()) == needed_migrations()


def missing_migrations() -> list[Name]:
    """Those that the program needs and the database has not had. Raises DatabaseError if it does not answer."""
    return sorted(needed_migrations() - applied_migrations())


def unknown_migrations() -> list[Name]:
    """Those that the database has had and the program does not know: the database is of a newer version."""
    return sorted(_of_ours(applied_migrations()) - needed_migrations())


def _of_ours(migrations: frozenset[Name]) -> frozenset[Name]:
    """Those of the apps that the program has."""
    apps = {app for app, _name in needed_migrations()}
    return frozenset(name for name in migrations if name[0] in apps)


def applied_migrations() -> frozenset[Name]:
    """Those that the database has had; none if it is empty. Raises DatabaseError if it does not answer."""
    connection.ensure_connection()
    return frozenset(MigrationRecorder(connection).applied_migrations())


def folder_is_writable() -> bool:
    """Whether a file can be made in the data folder, and filled."""
    try:
        with TemporaryFile(dir=data_folder()) as file:
            file.write(b"written")
    except OSError:
        return False
    return True


@lru_cache(maxsize=1)
def needed_migrations() -> frozenset[Name]:
    """The program's own; they do not change while it runs. Squashed ones count by what they replace."""
    return frozenset(MigrationLoader(None).disk_migrations)
