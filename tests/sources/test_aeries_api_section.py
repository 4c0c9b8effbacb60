"""Sections of Aeries with their staff, and who sat in them when."""

from pathlib import Path
from typing import Any

import pytest

from tests.sources.aeries_api_sync import Fetched, added, changed, impatient, small_sync  # noqa: F401


def member(**cells: Any) -> dict[str, Any]:
    """One of a section's staff: Ana Ruiz as a co-teacher."""
    return {"StaffID": 1, "LastName": "Ruiz", "FirstName": "Ana", "IsPrimaryTeacher": False, **cells}


def staffed(folder: Path, *members: dict[str, Any], school: int = 10) -> list[tuple[str, ...]]:
    """How the roster has these staff of the first section: person, role, dates, active."""
    return rows_of(staffed_sync(folder, *members, school=school), school)


def staffed_sync(folder: Path, *members: dict[str, Any], school: int = 10) -> Fetched:
    section = {10: 1001, 20: 2001}[school]
    change = changed(f"schools/{school}/sections", {"SectionNumber": section}, SectionStaffMembers=list(members))
    return small_sync(folder, change)


def rows_of(got: Fetched, school: int = 10) -> list[tuple[str, ...]]:
    columns = ("staff_id", "teacher_number", "role", "start_date", "end_date", "active")
    section = {10: "1001", 20: "2001"}[school]
    return got.cells("section_staff", *columns, school_id=str(school), section_number=section)


def test_a_section_has_course_period_term_and_whether_it_is_a_primary_class(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("schools/10/sections", {"SectionNumber": 1001}, Period="Flex 1"),
        changed("schools/10/sections", {"SectionNumber": 1002}, Period=0),
        changed("schools/10/sections", {"SectionNumber": 1003}, Period=None, InactiveStatusCode="I"),
    )
    columns = ("section_number", "course_id", "period", "term_code", "primary_class", "active")
    assert got.cells("sections", *columns, school_id="10") == [
        ("1001", "E9", "Flex 1", "Y", "true", "true"),
        ("1002", "E9", "0", "F", "false", "true"),
        ("1003", "A1", "", "S", "false", "false"),
    ]


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        ({"IsPrimaryTeacher": True}, "primary"),
        ({}, "co"),
        ({"StaffRoleCode": "TeacherAide"}, "aide"),
        ({"StaffRoleCode": "TA"}, "aide"),
        ({"StaffRoleCode": "33"}, "aide"),
        ({"StaffRoleCode": "Substitute"}, "substitute"),
        ({"StaffRoleCode": "12"}, "co"),
        ({"StudentAccess": False}, "aide"),
        ({"StudentAccess": True, "StaffRoleCode": None}, "co"),
        ({"IsPrimaryTeacher": True, "StaffRoleCode": "TA"}, "primary"),
    ],
)
def test_who_may_not_see_students_and_who_is_called_an_aide_is_one(
    tmp_path: Path, cells: dict[str, Any], role: str
) -> None:
    assert staffed(tmp_path, member(**cells)) == [("1", "", role, "", "", "true")]


def test_staff_who_have_ended_or_are_inactive_are_kept_as_such(tmp_path: Path) -> None:
    ended = member(StartDate="2026-08-12T00:00:00", EndDate="2026-10-01T00:00:00")
    assert staffed(tmp_path, ended, member(StaffID=2, InactiveStatusCode="I")) == [
        ("1", "", "co", "2026-08-12", "2026-10-01", "true"),
        ("2", "", "co", "", "", "false"),
    ]


def test_who_stands_there_twice_with_one_role_and_start_is_kept_as_the_active_one_that_ends_last(
    tmp_path: Path,
) -> None:
    got = staffed_sync(
        tmp_path,
        member(InactiveStatusCode="I"),
        member(EndDate="2026-10-01T00:00:00"),
        member(EndDate="2026-12-01T00:00:00"),
        member(EndDate="2026-12-01T00:00:00"),
    )
    assert rows_of(got) == [("1", "", "co", "", "2026-12-01", "true")]
    assert got.findings["aeries_section_staff_repeated"].count == 2


def test_staff_of_a_section_without_a_person_are_found_by_the_name_of_their_record(tmp_path: Path) -> None:
    nobody = changed("schools/20/teachers", {}, StaffID1=0)
    vacant = member(StaffID=0, LastName="NUNEZ", FirstName="Jose", IsPrimaryTeacher=True)
    change = changed("schools/20/sections", {}, SectionStaffMembers=[vacant])
    got = small_sync(tmp_path, nobody, change)
    assert rows_of(got, 20) == [("", "201", "primary", "", "", "true")]


def test_of_two_records_without_a_person_and_with_one_name_neither_is_meant(tmp_path: Path) -> None:
    change = changed(
        "schools/20/sections", {}, SectionStaffMembers=[member(StaffID=0, LastName="Núñez", FirstName="José")]
    )
    got = small_sync(
        tmp_path,
        changed("schools/20/teachers", {}, StaffID1=0),
        added("schools/20/teachers", {"TeacherNumber": 202, "StaffID1": 0}),
        change,
    )
    assert rows_of(got, 20) == []
    assert got.keys("aeries_section_staff_no_person") == ["20/2001"]


def test_staff_who_are_hidden_are_found_by_their_teacher_record(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("schools/20/teachers", {}, StaffID1=900),
        changed("schools/20/sections", {}, SectionStaffMembers=[member(StaffID=900)]),
    )
    assert rows_of(got, 20) == [("", "201", "co", "", "", "true")]


@pytest.mark.parametrize("school", [10, 20])
def test_a_staff_id_that_nobody_has_is_never_taken_for_a_teacher_number(tmp_path: Path, school: int) -> None:
    got = staffed_sync(tmp_path, member(StaffID=201), school=school)
    assert rows_of(got, school) == []
    assert got.findings["aeries_section_staff_no_person"].count == 1


def test_class_records_keep_their_days_past_ones_too(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("schools/20/classes", {}, DateStarted="2026-08-15T00:00:00", DateEnded="2026-10-01T00:00:00"),
        added("schools/20/classes", {"DateStarted": "2026-10-05T00:00:00", "DateEnded": None}),
    )
    assert got.cells("rosters", "student_id", "start_date", "end_date", school_id="20") == [
        ("S3", "2026-08-15", "2026-10-01"),
        ("S3", "2026-10-05", ""),
    ]


def test_records_that_begin_on_one_day_last_as_long_as_the_longer_one(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        added("schools/20/classes", {"DateEnded": "2026-09-01T00:00:00"}, {"DateEnded": "2027-06-30T00:00:00"}),
    )
    assert got.cells("rosters", "start_date", "end_date", school_id="20") == [
        ("2026-08-15", "2027-06-10"),
        ("2027-06-11", "2027-06-30"),
    ]
    assert got.findings["aeries_roster_repeated"].count == 2


def test_a_record_that_ends_before_it_begins_was_never_one(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools/20/classes", {}, DateEnded="2026-08-14T00:00:00"))
    assert got.rows("rosters", school_id="20") == []
    assert got.keys("aeries_roster_without_days") == ["20/2001/S3"]
