"""Reading the tables of a roster folder with the standard library, as a district's own script would."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path


def rows(folder: Path, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """The named columns (two or more) of every row of `<table>.csv`, in that order."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        yield from map(itemgetter(*map(header.index, columns)), reader)


def during(start: str, end: str, day: str) -> bool:
    """Whether the day (ISO text, as both dates) lies between them; blank is open."""
    return (not start or start <= day) and (not end or day <= end)
