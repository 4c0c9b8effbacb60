"""Enrollments: members and teachers of sections and homerooms, on the days they are so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sources.oneroster_files import Files, row_of
from tests.sources.oneroster_reading import Opened, opened

ENROLLMENT = ("student_id", "start_date", "end_date", "homeroom_teacher_number")


def change(key: str, **cells: str) -> Callable[[Files], None]:
    return lambda files: row_of(files, "enrollments", key).update(cells)


def more(key: str, *others: dict[str, str]) -> Callable[[Files], None]:
    """Adds enrollments like that of `key` with other cells."""

    def spoil(files: Files) -> None:
        for i, cells in enumerate(others):
            files["enrollments"].append(row_of(files, "enrollments", key) | {"sourcedId": f"N{i}"} | cells)

    return spoil


def of_st3(roster: Opened) -> list[tuple[str, ...]]:
    return [row[1:] for row in roster.cells("enrollments", *ENROLLMENT) if row[0] == "ST3"]


@pytest.mark.parametrize(
    ("role", "primary", "written"),
    [("teacher", "true", "primary"), ("teacher", "false", "co"), ("teacher", "", "co"), ("aide", "true", "aide")],
)
def test_teachers_are_primary_if_marked_so_else_co_and_aides_are_aides(
    tmp_path: Path, role: str, primary: str, written: str
) -> None:
    roster = opened(tmp_path, change("E1", role=role, primary=primary))
    assert roster.cells("section_staff", "staff_id", "role") == [("T1", written)]


@pytest.mark.parametrize("role", ["proctor", "administrator"])
def test_other_roles_give_no_access(tmp_path: Path, role: str) -> None:
    roster = opened(tmp_path, change("E1", role=role))
    assert roster.rows("section_staff") == []
    assert roster.values("oneroster_enrollment_role_unused") == [role]


def test_days_of_an_enrollment_are_written_with_the_last_day(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E2", beginDate="2026-08-20", endDate="2026-10-01"))
    columns = ("student_id", "start_date", "end_date")
    assert ("ST1", "2026-08-20", "2026-09-30") in roster.cells("rosters", *columns)


def test_an_enrollment_that_ends_before_it_begins_is_left_out(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E2", beginDate="2026-08-20", endDate="2026-08-20"))
    assert roster.cells("rosters", "student_id") == [("ST2",)]
    assert "oneroster_enrollment_without_days" in roster.findings


def test_enrollments_that_begin_on_the_same_day_last_as_long_as_the_longer(tmp_path: Path) -> None:
    roster = opened(
        tmp_path, lambda files: (change("E2", endDate="2026-09-01")(files), more("E2", {"endDate": ""})(files))
    )
    rows = [row for row in roster.cells("rosters", "student_id", "start_date", "end_date") if row[0] == "ST1"]
    assert rows == [("ST1", "", "2026-08-31"), ("ST1", "2026-09-01", "")]
    assert roster.findings["oneroster_enrollment_repeated"].count == 1


def test_an_enrollment_in_an_unknown_class_is_left_out_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E2", classSourcedId="101"))
    assert roster.cells("rosters", "student_id") == [("ST2",)]
    assert roster.values("oneroster_enrollment_unknown_class") == ["101"]


def test_the_school_of_the_class_counts(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E2", schoolSourcedId="100"))
    assert ("994", "ST1") in roster.cells("rosters", "school_id", "student_id")
    assert roster.values("oneroster_enrollment_other_school") == ["100"]


def test_an_enrollment_of_an_unknown_user_is_left_to_the_engine(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E2", userSourcedId="GONE"))
    assert ("GONE",) in roster.cells("rosters", "student_id")


def test_a_homeroom_that_ended_has_no_teacher_from_then_on(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E5", endDate="2026-10-01"))
    assert of_st3(roster) == [("", "2026-09-30", "T2"), ("2026-10-01", "", "")]


def test_a_homeroom_teacher_who_left_has_no_homeroom_from_then_on(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E4", endDate="2026-10-01"))
    assert of_st3(roster) == [("", "2026-09-30", "T2"), ("2026-10-01", "", "")]


def test_a_homeroom_passes_from_teacher_to_teacher(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        change("E4", endDate="2026-10-01")(files)
        more("E4", {"userSourcedId": "T1", "beginDate": "2026-10-01", "endDate": ""})(files)

    roster = opened(tmp_path, spoil)
    assert of_st3(roster) == [("", "2026-09-30", "T2"), ("2026-10-01", "", "T1")]
    assert roster.cells("teachers", "school_id", "teacher_number") == [("100", "T1"), ("100", "T2")]


def test_of_two_homeroom_teachers_the_primary_one_counts_with_no_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, more("E4", {"userSourcedId": "T1", "primary": "false"}))
    assert of_st3(roster) == [("", "", "T2")]
    assert "oneroster_homeroom_teachers" not in roster.findings


def test_two_primary_homeroom_teachers_are_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, more("E4", {"userSourcedId": "T1"}))
    assert roster.values("oneroster_homeroom_teachers") == ["T1, T2"]


def test_an_aide_is_no_homeroom_teacher(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E4", role="aide"))
    assert of_st3(roster) == [("", "", "")]
    assert roster.findings["oneroster_homeroom_teachers"].count == 1


def test_of_several_homerooms_the_one_that_began_last_counts_from_its_day_on(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        files["classes"].append(row_of(files, "classes", "H1") | {"sourcedId": "H2", "classCode": "2"})
        more(
            "E5",
            {"classSourcedId": "H2", "beginDate": "2026-11-02"},
            {"classSourcedId": "H2", "userSourcedId": "T1", "role": "teacher", "primary": "true"},
        )(files)

    roster = opened(tmp_path, spoil)
    assert of_st3(roster) == [("", "2026-11-01", "T2"), ("2026-11-02", "", "T1")]
    assert roster.values("oneroster_several_homerooms") == ["H1, H2"]


def test_a_homeroom_of_a_past_term_ends_with_it(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        row_of(files, "classes", "H1")["termSourcedIds"] = "S1"

    assert of_st3(opened(tmp_path, spoil)) == [("", "2026-12-18", "T2"), ("2026-12-19", "", "")]


def test_days_of_a_homeroom_that_cover_the_schools_terms_do_not_cut_the_enrollment(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E5", beginDate="2026-08-12", endDate="2027-06-11"))
    assert of_st3(roster) == [("", "", "T2")]


def test_a_homeroom_that_begins_after_the_first_day_of_term_has_no_teacher_before(tmp_path: Path) -> None:
    roster = opened(tmp_path, change("E5", beginDate="2026-08-13", endDate="2027-06-11"))
    assert of_st3(roster) == [("", "2026-08-12", ""), ("2026-08-13", "", "T2")]


def test_homeroom_classes_are_no_sections(tmp_path: Path) -> None:
    roster = opened(tmp_path)
    assert roster.cells("sections", "school_id") == [("994",)]
    assert ("ST3",) not in roster.cells("rosters", "student_id")
