"""Fetching from the stand-in for Aeries, and what came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cersgroups.core.finding import Finding
from cersgroups.sources import aeries_api
from cersgroups.sources.aeries_api import AERIES_API
from cersgroups.sources.exchange import Patience
from cersgroups.sources.live import Target
from cersgroups.sources.tally import Tally
from tests.engine.roster_files import DISTRICT, write_roster
from tests.sources.aeries_district import Row, Spelling
from tests.sources.aeries_server import AeriesServer, Behaviour
from tests.sources.demo_rows import rows_of
from tests.sources.same_extract import AS_OF

IMPATIENT = Patience(connect=2, silence=5, attempts=3, pause=0.001, longest_pause=0.01, longest_wait=1)


Change = Callable[[str, list[Row]], None]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait between attempts. Import it into a test file to have it there."""
    monkeypatch.setattr(aeries_api, "SYNCING", IMPATIENT)
    monkeypatch.setattr(aeries_api, "TESTING", IMPATIENT)


@dataclass(frozen=True)
class Fetched:
    """The roster tables that were written, the findings by code, and what was asked for."""

    folder: Path
    findings: Mapping[str, Finding]
    requests: list[str]

    def rows(self, table: str, **wanted: str) -> list[dict[str, str]]:
        """The rows of a table that have these cells."""
        return [row for row in rows_of(self.folder / f"{table}.csv") if wanted.items() <= row.items()]

    def cells(self, table: str, *columns: str, **wanted: str) -> list[tuple[str, ...]]:
        return [tuple(row[column] for column in columns) for row in self.rows(table, **wanted)]

    def keys(self, code: str) -> list[str]:
        """The keys of a finding's rows, none if there is no such finding."""
        return [row.key for row in self.findings[code].rows] if code in self.findings else []


def fetched(aeries: AeriesServer, folder: Path, **settings: str) -> Fetched:
    """Fetch everything into a new folder."""
    folder.mkdir(parents=True)
    tally = Tally()
    AERIES_API.fetch(aeries.settings(**settings), Target(AS_OF, folder, tally))
    return Fetched(folder, {finding.code: finding for finding in tally.findings()}, aeries.requests)


def changed(address: str, cells: Row, **more: Any) -> Change:
    """A change of the answer to one address: rows that have these cells get `more`."""

    def change(asked: str, rows: list[Row]) -> None:
        for row in rows if asked == address else ():
            if cells.items() <= row.items():
                row.update(more)

    return change


def added(address: str, *more: Row) -> Change:
    """A change of the answer to one address: copies of its first row, with other cells, stand behind the rest."""

    def change(asked: str, rows: list[Row]) -> None:
        if asked == address:
            rows += [{**(rows[0] if rows else {}), **cells} for cells in more]

    return change


@contextmanager
def small_aeries(
    folder: Path, behaviour: Behaviour | None = None, spelling: Spelling | None = None, **changes: str
) -> Iterator[AeriesServer]:
    """An Aeries of the small district (tests/engine/roster_files.py) with some tables replaced."""
    roster = write_roster(folder / "aeries", {**DISTRICT, **changes})
    with AeriesServer(roster, behaviour, spelling) as aeries:
        yield aeries


def small_sync(folder: Path, *answers: Change, **changes: str) -> Fetched:
    """The small district, fetched from an Aeries whose answers are changed."""

    def edited(address: str, rows: list[Row]) -> list[Row]:
        for change in answers:
            change(address, rows)
        return rows

    with small_aeries(folder, Behaviour(edit=edited), None, **changes) as aeries:
        return fetched(aeries, folder / "fetched")
