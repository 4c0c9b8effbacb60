"""Django for the commands that need it: the database runs, the tables are there.

This room may not import config; Django finds the settings by name.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from cersgroups.core import environment
from cersgroups.core.error import RequestStop
from cersgroups.records.server import OLDEST_VERSION, database_server

SETTINGS = "cersgroups.config.settings"


@contextmanager
def application() -> Iterator[None]:
    """Run the embedded PostgreSQL, if it is used, and set Django up.

    Raises RequestStop for settings that are unsafe or wrong and a database that does not answer or is too old,
    DataStop if the embedded one cannot start.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with database_server():
        import django

        django.setup()
        try:
            _reach_database()
            yield
        finally:
            from django.db import connections

            connections.close_all()


def _reach_database() -> None:
    from django.db import NotSupportedError, OperationalError, connections

    try:
        connections["owner"].ensure_connection()
    except NotSupportedError as e:
        raise RequestStop(f"The server of {_variable()} is too old: {str(e).splitlines()[0]} {_UPDATE}") from None
    except OperationalError as e:
        why = str(e).splitlines()[0]
        raise RequestStop(
            f"The database of {_variable()} cannot be used: {why}. Check the URL and the server."
        ) from None
    version = connections["owner"].connection.info.server_version // 10000
    if version < OLDEST_VERSION:
        raise RequestStop(f"The server of {_variable()} is too old: it is PostgreSQL {version}. {_UPDATE}")


def _variable() -> str:
    return "DATABASE_OWNER_URL" if environment.text("DATABASE_OWNER_URL") else "DATABASE_URL"


_UPDATE = f"This program works with PostgreSQL {OLDEST_VERSION} and newer: bring the server up to date."


def migrate() -> None:
    """Bring the tables up to date, as their owner. Two programs that start at once do it one after the other."""
    from django.core.management import call_command
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
    connections["owner"].close()


_MIGRATING = 20261123
"""Any number: it names our lock among the database's advisory locks."""
