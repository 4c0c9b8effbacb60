"""groups.parquet: what a build says of every group that it wrote; and which groups several extracts name."""

from pathlib import Path

import duckdb

from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.student_group import GROUPS_FILE, find_shared_names
from tests.engine.district_snapshot import snapshot_of
from tests.engine.test_figure import DAY, built, periods

HIGH, MIDDLE = "99100000000010", "99100000000020"


def groups(folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"FROM '{folder / GROUPS_FILE}'").fetchall()


def grades(**changes: object) -> Profile:
    content = {"name": "G", "school_year": 2027, "subject": "ELA", "type": "grade", "schools": ["10"]}
    return from_mapping({**content, **changes})


def test_every_group_has_its_profiles_and_what_it_stands_for(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    build(snapshot_of(tmp_path), [periods(), grades(), periods(schools=["20"])], DAY, tmp_path / "out")
    assert groups(tmp_path / "out") == [
        (HIGH, "10_Grade-09_1", 2027, "ELA", [1], "grade:09"),
        (HIGH, "10_Ruiz-Ana_1_1", 2027, "ELA", [0], "teacher:s1"),
        (HIGH, "10_Ruiz-Ana_2_1", 2027, "ELA", [0], "teacher:s1"),
        (MIDDLE, "20_Nunez-Jose_1_1", 2027, "ELA", [0, 2], "teacher:s3"),
    ]


def test_without_a_group_there_is_no_such_file(tmp_path: Path) -> None:
    built(snapshot_of(tmp_path), tmp_path / "out", periods(schools=["30"]))
    assert not (tmp_path / "out" / GROUPS_FILE).exists()


def test_groups_that_several_extracts_name_are_found_whatever_their_case(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path)
    built(snapshot, tmp_path / "one", periods())
    built(snapshot, tmp_path / "two", grades())
    built(snapshot, tmp_path / "three", periods(schools=["20"]))
    files = [tmp_path / name / GROUPS_FILE for name in ("one", "two", "three")]
    assert find_shared_names(files) == [(MIDDLE, "20_Nunez-Jose_1_1", (0, 2))]
    assert find_shared_names(files[:2]) == find_shared_names([]) == []
