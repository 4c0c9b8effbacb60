"""The test database as the tables' owner sees it, for what the application may not do."""

import psycopg
from django.db import connections

from cersgroups.records.server import OWNER, embedded_server


def connect_as_owner() -> psycopg.Connection:
    """A connection of its own, committing every statement."""
    database = connections["owner"].settings_dict["NAME"]
    return psycopg.connect(embedded_server().url(OWNER, database), autocommit=True)


def empty_database() -> None:
    """Delete everything that tests write. Ids go on: files are named by them.

    As superuser, without triggers and row security. To truncate sixty tables takes ten times as long, in every test.
    """
    database = connections["owner"].settings_dict["NAME"]
    with psycopg.connect(embedded_server().url("postgres", database)) as superuser:
        superuser.execute("SET session_replication_role = replica")
        tables = superuser.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        ).fetchall()
        superuser.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables).encode())
