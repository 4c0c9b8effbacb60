"""The test database as the tables' owner sees it, for what the application may not do."""

import psycopg
from django.db import connections

from cersgroups.records.server import OWNER, embedded_server


def connect_as_owner() -> psycopg.Connection:
    """A connection of its own, committing every statement."""
    database = connections["owner"].settings_dict["NAME"]
    return psycopg.connect(embedded_server().url(OWNER, database), autocommit=True)


def empty_database() -> None:
    """Truncate everything that tests write; the application may not. Ids go on: files are named by them."""
    with connect_as_owner() as owner:
        tables = owner.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        ).fetchone()
        assert tables is not None
        owner.execute(f"TRUNCATE {tables[0]} CASCADE".encode())
