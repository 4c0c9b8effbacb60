"""The demo district from its roster folder and from an Aeries database gives the same extract, byte by byte."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from cersgroups.core.profile import Profile, Type, from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, write_snapshot
from cersgroups.sources.demo import District, write_roster
from tests.sources.aeries_filling import Filling, fill
from tests.sources.aeries_schema import create_tables
from tests.sources.aeries_stage import Read, aeries_database, read

DAY = date(2026, 11, 24)
DISTRICT = District(900, 5)
SCHOOLS = [str(school_id) for school_id in range(101, 106)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "roster"
    write_roster(folder, DISTRICT)
    _number_sections(folder)
    return folder


def _number_sections(folder: Path) -> None:
    """A section's number is a number in Aeries: no zeros in front."""
    for table in ("sections", "section_staff", "rosters"):
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row | {"section_number": row["section_number"].lstrip("0")} for row in csv.DictReader(file)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def from_aeries(
    django_db_setup: None,  # noqa: ARG001 - it runs the server
    demo: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Read]:
    with aeries_database() as connection:
        create_tables(connection)
        fill(connection, Filling(demo))
        yield read(tmp_path_factory.mktemp("read") / "aeries")


@pytest.fixture(scope="module")
def snapshots(demo: Path, from_aeries: Read, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    folder = tmp_path_factory.mktemp("snapshots")
    return (
        write_snapshot(RosterFolder(demo), folder / "folder", source="test"),
        write_snapshot(RosterFolder(from_aeries.folder), folder / "aeries", source="test"),
    )


def profile(**cells: Any) -> Profile:
    return from_mapping({"name": "Test", "school_year": 2027, "subject": "All", "schools": SCHOOLS} | cells)


PROFILES: dict[str, dict[str, Any]] = {
    "classes": {"type": "classes", "name_pattern": "teacher_period"},
    "classes by section": {
        "type": "classes",
        "name_pattern": "teacher_section",
        "users": {"additional": ["100003"], "roles": ["primary", "co", "substitute", "aide"]},
    },
    "classes by course": {
        "type": "classes",
        "name_pattern": "teacher_course",
        "filters": {"departments": ["ENG", "ELA"]},
    },
    "primary classes": {
        "type": "classes",
        "name_pattern": "teacher_period",
        "primary_classes_only": True,
        "filters": {"subject_areas": ["English", "Mathematics"]},
    },
    "elementary teachers": {"type": "elementary_teacher"},
    "grades": {"type": "grade", "users": {"additional": ["100001", "100002"]}},
    "counselors": {"type": "counselor"},
    "student groups": {"type": "student_group", "users": {"roles": ["group_staff"]}},
    "student list": {"type": "student_list", "list": {"name": "Some", "students": ["2000002", "2000003", "2000400"]}},
}


SIX = ("classes", "elementary teachers", "grades", "counselors", "student groups", "student list")


def assert_same(snapshots: tuple[Snapshot, Snapshot], names: Sequence[str], folder: Path) -> None:
    """The profiles of these names, together, give the same bytes, and some."""
    bytes_of = []
    for place, snapshot in enumerate(snapshots):
        (folder / str(place)).mkdir()
        extract = build(snapshot, [profile(**PROFILES[name]) for name in names], DAY, folder / str(place))
        bytes_of.append(b"".join(file.read_bytes() for file in extract.files))
    assert bytes_of[0] == bytes_of[1]
    assert bytes_of[0].count(b"\n") > 2


def test_all_six_types_together_are_the_same(snapshots: tuple[Snapshot, Snapshot], tmp_path: Path) -> None:
    assert {PROFILES[name]["type"] for name in SIX} == set(get_args(Type))
    assert_same(snapshots, SIX, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_gives_the_same(name: str, snapshots: tuple[Snapshot, Snapshot], tmp_path: Path) -> None:
    assert_same(snapshots, [name], tmp_path)
