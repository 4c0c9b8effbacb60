"""One district through all five kinds of source builds the same extract, as far as the source can know it.

What a source cannot know stands in docs/sources.md. Of OneRoster only classes, homerooms and grades are compared, with
the district as OneRoster can tell it: one e-mail for each person, nobody who is in no list of staff; 1.1 has no days of
enrollments, so that its grades hold who has left. Each kind has finer tests of its own.
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cersgroups.actions.conversion import convert_roster, fetch_roster, store_roster
from cersgroups.core.profile import from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.school import read_schools
from cersgroups.engine.snapshot import Snapshot
from cersgroups.sources.demo import District, write_roster
from cersgroups.sources.demo_oneroster import VERSIONS, write_oneroster
from cersgroups.sources.live_kind import LIVE_KINDS
from cersgroups.sources.mapping import Mapping, to_toml
from cersgroups.sources.oneroster_layout import Version
from tests.sources.aeries_api_sync import impatient
from tests.sources.aeries_filling import Filling, fill
from tests.sources.aeries_schema import create_tables, drop_tables
from tests.sources.aeries_server import AeriesServer
from tests.sources.aeries_stage import read
from tests.sources.oneroster_server import OneRosterServer
from tests.sources.same_extract import AS_OF

__all__ = ["impatient"]  # a fixture for every test here

pytestmark = pytest.mark.thorough

DISTRICT = District(300, 5)
OF_ALL = {
    "classes": [{"type": "classes", "name_pattern": pattern} for pattern in ("teacher_period", "teacher_course")],
    "homerooms": [{"type": "elementary_teacher"}],
    "grades": [{"type": "grade"}],
}
OF_AERIES = {
    **OF_ALL,
    "sections": [{"type": "classes", "name_pattern": "teacher_section"}],
    "counselors and student groups": [{"type": "counselor"}, {"type": "student_group"}],
}


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district as a roster folder; numbers of sections without zeros in front, as Aeries has them."""
    folder = tmp_path_factory.mktemp("district") / "roster"
    write_roster(folder, DISTRICT)
    for table in ("sections", "section_staff", "rosters"):
        write(
            folder, table, [row | {"section_number": row["section_number"].lstrip("0")} for row in rows(folder, table)]
        )
    return folder


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, content: list[dict[str, str]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(content[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(content)


def as_oneroster_tells(roster: Path, folder: Path, days: bool) -> Path:
    """The roster folder with what OneRoster knows of it; `days`: when students came and went is known."""
    shutil.copytree(roster, folder)
    teachers = rows(roster, "teachers")
    no_staff = {(row["school_id"], row["teacher_number"]) for row in teachers if not row["staff_id"]}
    staff = [r for r in rows(roster, "section_staff") if (r["school_id"], r["teacher_number"]) not in no_staff]
    write(folder, "teachers", [row | {"email": ""} for row in teachers if row["staff_id"]])
    write(folder, "section_staff", staff)
    if not days:
        enrollments = rows(roster, "enrollments")
        write(folder, "enrollments", [row | {"start_date": "", "end_date": ""} for row in enrollments])
    return folder


@pytest.fixture(scope="module")
def expected(roster: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return built_of(roster, tmp_path_factory.mktemp("expected") / "of roster", OF_AERIES)


@pytest.fixture
def filled(empty_aeries: psycopg.Connection, roster: Path) -> Iterator[None]:
    create_tables(empty_aeries)
    fill(empty_aeries, Filling(roster))
    yield
    drop_tables(empty_aeries)


def quiet(_what: str, _share: float) -> None:
    pass


def fetched(kind: str, settings: dict[str, str], folder: Path) -> Snapshot:
    read = fetch_roster(LIVE_KINDS[kind], settings, AS_OF, folder, quiet)
    return store_roster(read, folder / "snapshot", quiet)


def built(snapshot: Snapshot, folder: Path, wanted: dict[str, list[dict[str, str]]]) -> dict[str, bytes]:
    """The bytes of one extract for each of these, over all schools."""
    everywhere = [school.school_id for school in read_schools(snapshot)]
    files = {}
    for name, contents in wanted.items():
        profiles = [
            from_mapping({"name": name, "school_year": 2027, "subject": "ELA", "schools": everywhere, **content})
            for content in contents
        ]
        (folder / name).mkdir()
        extract = build(snapshot, profiles, AS_OF, folder / name)
        files[name] = b"".join(file.read_bytes() for file in extract.files)
    assert all(files.values())
    return files


def test_aeries_by_its_api(roster: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    with AeriesServer(roster) as aeries:
        snapshot = fetched("aeries_api", aeries.settings(), tmp_path)
    assert built(snapshot, tmp_path, OF_AERIES) == expected


@pytest.mark.usefixtures("filled")
def test_aeries_by_its_database(expected: dict[str, bytes], tmp_path: Path) -> None:
    assert built_of(read(tmp_path / "read").folder, tmp_path / "built", OF_AERIES) == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_oneroster_by_csv_and_by_rest(version: Version, roster: Path, tmp_path: Path) -> None:
    write_oneroster(tmp_path / "export.zip", DISTRICT, version)
    told = Mapping(school_number="sourcedId")
    by_csv = built_of(tmp_path / "export.zip", tmp_path / "csv", OF_ALL, told)
    (tmp_path / "rest").mkdir()
    with OneRosterServer(tmp_path / "export.zip") as server:
        snapshot = fetched("oneroster", server.settings(mapping=to_toml(told)), tmp_path / "rest")
    assert built(snapshot, tmp_path / "rest", OF_ALL) == by_csv
    known = built_of(as_oneroster_tells(roster, tmp_path / "known", days=True), tmp_path / "with days", OF_ALL)
    if version == "1.1":
        grades = {"grades": OF_ALL["grades"]}
        dayless = as_oneroster_tells(roster, tmp_path / "dayless", days=False)
        known |= built_of(dayless, tmp_path / "without days", grades)
    assert by_csv == known


def built_of(
    roster: Path, folder: Path, wanted: dict[str, list[dict[str, str]]], mapping: Mapping | None = None
) -> dict[str, bytes]:
    folder.mkdir()
    return built(convert_roster(roster, folder / "snapshot", folder, mapping=mapping), folder, wanted)
