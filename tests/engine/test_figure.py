"""The figures of an extract: counted from its files, against the enrollments of the day."""

from datetime import date
from pathlib import Path

from cersgroups.core.figure import Figures
from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine.extract import Extract, build
from cersgroups.engine.figure import count_figures
from cersgroups.engine.snapshot import Snapshot
from tests.engine.district_snapshot import snapshot_of
from tests.engine.roster_files import DISTRICT

DAY = date(2026, 11, 23)


def periods(**changes: object) -> Profile:
    content = {"name": "P", "school_year": 2027, "subject": "ELA", "type": "classes", "name_pattern": "teacher_period"}
    return from_mapping({**content, "schools": ["10", "20", "30"], **changes})


def built(snapshot: Snapshot, folder: Path, profile: Profile) -> Extract:
    folder.mkdir()
    return build(snapshot, [profile], DAY, folder)


def figures_of(snapshot: Snapshot, folder: Path, profile: Profile) -> Figures:
    extract = built(snapshot, folder, profile)
    return count_figures(snapshot, extract.files, profile.schools, DAY, folder)


def shares(figures: Figures) -> dict[tuple[str, str], tuple[int, int]]:
    return {(s.school_id, s.grade): (s.enrolled, s.in_group) for s in figures.shares}


def test_students_in_no_group_are_counted_as_enrolled(tmp_path: Path) -> None:
    figures = figures_of(snapshot_of(tmp_path), tmp_path / "out", periods())
    assert shares(figures) == {("10", "09"): (2, 2), ("20", "07"): (1, 1), ("30", "01"): (1, 0), ("30", "KG"): (1, 0)}


def test_a_student_in_two_groups_counts_once(tmp_path: Path) -> None:
    figures = figures_of(snapshot_of(tmp_path), tmp_path / "out", periods(schools=["10"]))
    assert figures.total().enrolled == 2
    assert figures.total().in_group == 2
    assert sum(figures.sizes) == 2


def test_a_student_without_an_ssid_is_enrolled_but_in_no_group(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, students=DISTRICT["students"].replace("7000000002", "          "))
    assert shares(figures_of(snapshot, tmp_path / "out", periods(schools=["10"]))) == {("10", "09"): (2, 1)}


def test_who_is_not_enrolled_that_day_does_not_count(tmp_path: Path) -> None:
    left = DISTRICT["enrollments"].replace(
        "S2         | 10        | 9     | true   |            |          ",
        "S2         | 10        | 9     | true   |            | 2026-10-01",
    )
    snapshot = snapshot_of(tmp_path, enrollments=left)
    assert shares(figures_of(snapshot, tmp_path / "out", periods(schools=["10"]))) == {("10", "09"): (1, 1)}


def test_only_the_chosen_schools_count(tmp_path: Path) -> None:
    figures = figures_of(snapshot_of(tmp_path), tmp_path / "out", periods(schools=["20"]))
    assert {s.school_id for s in figures.shares} == {"20"}


def test_groups_fall_into_steps_of_ten_students(tmp_path: Path) -> None:
    students = [f"S{n} | {7_000_000_000 + n} | L{n} | F{n}" for n in range(1, 212)]
    enrolled = [f"S{n} | 30 | 01 | true | | | 301 |" for n in range(1, 212)]
    snapshot = snapshot_of(
        tmp_path,
        students="\n".join(["student_id | ssid | last_name | first_name", *students]),
        enrollments="\n".join([DISTRICT["enrollments"].strip().splitlines()[0], *enrolled]),
        rosters="school_id | section_number | student_id | start_date | end_date\n10 | 1001 | S1 | |",
        group_members="group_code | student_id\nAVID | S1",
    )
    profile = from_mapping({"name": "G", "school_year": 2027, "subject": "All", "type": "grade", "schools": ["30"]})
    figures = figures_of(snapshot, tmp_path / "out", profile)
    assert (figures.sizes[19], figures.sizes[1], sum(figures.sizes)) == (1, 1, 2)  # 200 and 11 of 211
