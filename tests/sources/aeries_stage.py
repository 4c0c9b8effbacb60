"""An Aeries-shaped database in PostgreSQL, and what the source reads from it."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from cersgroups.core.finding import Finding
from cersgroups.core.roster import TABLES
from cersgroups.records.server import embedded_server
from cersgroups.sources.aeries_database import write_roster
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.aeries_database_staff import EMAIL_ORDERS
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

DATABASE = "aeries"
LOGIN = "cersgroups"
Row = dict[str, str]


@contextmanager
def aeries_database(name: str = DATABASE) -> Iterator[psycopg.Connection]:
    """A new database in the running embedded server, and a connection that commits every statement."""
    server = embedded_server()
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as maker:
        maker.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        maker.execute(f"CREATE DATABASE {name}".encode())
        with psycopg.connect(server.url("postgres", name), autocommit=True) as connection:
            yield connection
        maker.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def engine(name: str = DATABASE) -> Engine:
    """SQLAlchemy's way to that database."""
    url = embedded_server().url("postgres", name).replace("postgresql:", "postgresql+psycopg:")
    return create_engine(url, poolclass=NullPool, hide_parameters=True)


@dataclass(frozen=True)
class Read:
    """What came of a reading: the folder, its rows by table, and the findings by code."""

    folder: Path
    tables: dict[str, list[Row]]
    findings: dict[str, Finding]

    def one(self, table: str, **cells: str) -> Row:
        """The only row with these cells."""
        found = [row for row in self.tables[table] if cells.items() <= row.items()]
        assert len(found) == 1, (table, cells, found)
        return found[0]


def read(
    folder: Path,
    as_of: date = date(2026, 11, 24),
    email_order: str = EMAIL_ORDERS[0],
    steps: list[tuple[str, float]] | None = None,
) -> Read:
    """Read the database into the folder, which must not be there."""
    folder.mkdir()
    tally = Tally()
    noted = steps if steps is not None else []
    with engine().connect() as connection, RosterTables(folder) as tables:
        reading = Reading(connection, LOGIN, as_of, tables, tally)
        write_roster(reading, email_order, lambda what, done: noted.append((what, done)))
    found = {name: _rows(folder / f"{name}.csv") for name in TABLES}
    return Read(folder, found, {finding.code: finding for finding in tally.findings()})


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
