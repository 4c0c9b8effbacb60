"""Opens OneRoster exports for tests and reads the roster tables that come out."""

import csv
from collections.abc import Callable
from pathlib import Path

from cersgroups.core.finding import Finding
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.oneroster_layout import Version
from cersgroups.sources.roster import OpenedRoster, open_roster
from tests.sources.oneroster_files import Files, Row, export, texts, write_folder


class Opened:
    """An opened export with its tables as rows."""

    def __init__(self, roster: OpenedRoster) -> None:
        self.roster = roster
        self.findings: dict[str, Finding] = {finding.code: finding for finding in roster.findings}

    def rows(self, table: str) -> list[Row]:
        with (self.roster.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def cells(self, table: str, *columns: str) -> list[tuple[str, ...]]:
        """The cells of these columns, sorted."""
        return sorted(tuple(row[column] for column in columns) for row in self.rows(table))

    def values(self, code: str) -> list[str]:
        """What the rows of a finding are about; empty if there is no such finding."""
        return [row.value or row.key for row in self.findings[code].rows] if code in self.findings else []


def opened(
    tmp_path: Path,
    spoil: Callable[[Files], object] = len,
    version: Version = "1.1",
    mapping: Mapping | None = None,
    supplied: frozenset[str] = frozenset(),
    states: dict[str, str] | None = None,
) -> Opened:
    """The example export, changed by `spoil`, opened as a folder."""
    files = export(version)
    spoil(files)
    return opened_texts(tmp_path, texts(files, version, states=states), mapping, supplied)


def opened_texts(
    tmp_path: Path,
    files: dict[str, str],
    mapping: Mapping | None = None,
    supplied: frozenset[str] = frozenset(),
) -> Opened:
    """The given CSV texts, by file name, opened as a folder."""
    folder = write_folder(tmp_path / "export", files)
    return Opened(open_roster(folder, tmp_path / "work", mapping, supplied=supplied))
