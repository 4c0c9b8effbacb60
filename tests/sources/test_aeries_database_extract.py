"""The demo district from an Aeries database gives the extract that its roster folder gives, of all six types.

What Aeries cannot hold is written as close as it gets (tests/sources/aeries_filling.py). Numbers of sections lose zeros
in front; codes of groups stay texts, where Aeries' own are numbers, because names are made of them.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cersgroups.sources.demo import District, write_roster
from tests.sources.aeries_filling import Filling, fill
from tests.sources.aeries_schema import create_tables, drop_tables
from tests.sources.aeries_stage import read
from tests.sources.same_extract import extracts_of


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "roster"
    write_roster(folder, District(400, 5))
    _number_sections(folder)
    return folder


def _number_sections(folder: Path) -> None:
    for table in ("sections", "section_staff", "rosters"):
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row | {"section_number": row["section_number"].lstrip("0")} for row in csv.DictReader(file)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def filled(empty_aeries: psycopg.Connection, demo: Path) -> Iterator[psycopg.Connection]:
    create_tables(empty_aeries)
    fill(empty_aeries, Filling(demo))
    yield empty_aeries
    drop_tables(empty_aeries)


@pytest.mark.usefixtures("filled")
def test_the_demo_district_builds_the_same_extract_from_the_database(demo: Path, tmp_path: Path) -> None:
    found = read(tmp_path / "read")
    expected, built = extracts_of(demo, tmp_path / "expected"), extracts_of(found.folder, tmp_path / "built")
    assert {name for name, file in built.items() if file != expected[name]} == set()
    assert all(built.values())
