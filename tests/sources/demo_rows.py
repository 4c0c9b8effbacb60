"""A demo district in a test's folder, and its rows."""

import csv
from collections.abc import Iterable
from pathlib import Path

from cersgroups.core.roster import TABLES
from cersgroups.sources.demo import District, write_roster

Row = dict[str, str]
Tables = dict[str, list[Row]]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def made(folder: Path, students: int, seed: int = 1, school_year: int = 2027) -> Tables:
    """Write a district and read all its tables."""
    write_roster(folder, District(students, seed, school_year))
    return {name: rows_of(folder / f"{name}.csv") for name in TABLES}


def keys(rows: Iterable[Row], *columns: str) -> set[tuple[str, ...]]:
    return {tuple(row[column] for column in columns) for row in rows}
