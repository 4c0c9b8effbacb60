"""A second installation beside the tests': a data folder, and an empty database that another owner has."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from cersgroups.records.server import APP_ROLE, embedded_server

OWNER, DATABASE = "another_owner", "restored"


@dataclass(frozen=True)
class Installation:
    """`run` runs a command of the program for it."""

    data: Path
    url: str

    def two_urls(self) -> dict[str, str]:
        """Variables with which the application signs in as a role that owns nothing."""
        role, _, rest = self.url.removeprefix("postgresql://").partition("@")
        return {
            "DATABASE_URL": f"postgresql://{APP_ROLE}@{rest}",
            "DATABASE_OWNER_URL": f"postgresql://{role}@{rest}",
        }

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_"))}
        return subprocess.run(
            [sys.executable, *arguments],
            env={**clean, "CERSGROUPS_DATA": str(self.data), "DATABASE_URL": self.url, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@contextmanager
def installation(data: Path) -> Iterator[Installation]:
    """Gone afterwards."""
    data.mkdir(mode=0o700)
    with _superuser() as server:
        _drop(server)
        server.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS".encode())
        server.execute(f"GRANT {APP_ROLE} TO {OWNER}".encode())
        server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())
        yield Installation(data, f"postgresql://{OWNER}@/{DATABASE}?host={embedded_server().socket}")
        _drop(server)


def _superuser() -> psycopg.Connection:
    return psycopg.connect(embedded_server().url("postgres", "postgres"), autocommit=True)


def _drop(server: psycopg.Connection) -> None:
    server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
    server.execute(f"DROP ROLE IF EXISTS {OWNER}".encode())


def content(database: str) -> dict[str, str]:
    """By table, a digest of all rows, as nobody but the superuser sees them."""
    with psycopg.connect(embedded_server().url("postgres", database)) as server:
        tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {table: _digest(server, table) for (table,) in tables}


def _digest(server: psycopg.Connection, table: str) -> str:
    query = (
        f"SELECT count(*)::text || ' ' || md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {table} t"
    )
    row = server.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])
