"""Courses, staff and teacher records of Aeries."""

from pathlib import Path

from tests.sources.aeries_api_sync import added, changed, impatient, small_sync  # noqa: F401


def test_courses_have_department_and_first_subject_area_as_codes(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("courses", {"ID": "A1"}, SubjectArea1Code=" ", SubjectArea2Code="C"),
        changed("courses", {"ID": "ES"}, InactiveStatusCode="I", Title=""),
    )
    assert got.cells("courses", "course_id", "title", "department", "subject_area", "active") == [
        ("E9", "English 9", "ENG", "English", "true"),
        ("A1", "Algebra 1", "MAT", "C", "true"),
        ("ES", "Español 1", "WL", "Spanish", "false"),
    ]


def test_staff_have_their_own_email_and_schools(tmp_path: Path) -> None:
    grants = [{"SchoolCode": 20}, {"SchoolCode": 10}, {"SchoolCode": 99}]
    got = small_sync(tmp_path, changed("staff", {"ID": 1}, SchoolAccessPermissions=grants))
    assert got.rows("staff", staff_id="1") == [
        {
            "staff_id": "1",
            "last_name": "Ruiz",
            "first_name": "Ana",
            "email": "ana@fig.example",
            "state_educator_id": "1000000001",
            "active": "true",
            "school_ids": "10|20",
        }
    ]


def test_inactive_staff_stay_inactive_and_a_blank_tag_is_none(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("staff", {"ID": 1}, InactiveStatusCode="I"),
        changed("staff", {"ID": 2}, InactiveStatusCode=" "),
        changed("staff", {"ID": 3}, InactiveStatusCode=None),
    )
    assert got.cells("staff", "staff_id", "active")[:3] == [("1", "false"), ("2", "true"), ("3", "true")]


def test_who_has_left_without_a_tag_keeps_access_with_a_finding(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("staff", {"ID": 1}, LeaveDate="2026-11-22T00:00:00"),
        changed("staff", {"ID": 2}, LeaveDate="2026-11-23T00:00:00"),
        changed("staff", {"ID": 3}, LeaveDate="2026-01-01T00:00:00", InactiveStatusCode="I"),
    )
    assert got.cells("staff", "active", staff_id="1") == [("true",)]
    assert got.keys("aeries_staff_left") == ["1"]


def test_a_teacher_record_has_its_own_email_and_its_person(tmp_path: Path) -> None:
    got = small_sync(tmp_path)
    assert got.cells("teachers", "school_id", "teacher_number", "staff_id", "last_name", "email") == [
        ("20", "201", "3", "Núñez", "jose.n@fig.example"),
        ("30", "301", "4", "Park", ""),
        ("30", "302", "", "Lee", "mina@fig.example"),
    ]


def test_a_blank_last_name_is_told_by_the_display_name(tmp_path: Path) -> None:
    names = {"LastName": "", "FirstName": "", "DisplayName": ""}
    got = small_sync(
        tmp_path,
        changed("schools/20/teachers", {}, **names | {"FirstName": "Heather", "DisplayName": "Acosta"}),
        changed("schools/30/teachers", {"TeacherNumber": 301}, **names | {"DisplayName": "Park, Dana"}),
        changed("schools/30/teachers", {"TeacherNumber": 302}, **names),
    )
    assert got.cells("teachers", "last_name", "first_name") == [
        ("Acosta", "Heather"),
        ("Park", "Dana"),
        ("Teacher 302", ""),
    ]


def test_of_a_record_that_a_team_shares_the_first_is_the_person_with_a_finding(tmp_path: Path) -> None:
    team = {"StaffID1": 0, "StaffID2": 5, "StaffID3": 3}
    got = small_sync(tmp_path, changed("schools/20/teachers", {}, **team))
    assert got.cells("teachers", "staff_id", school_id="20") == [("5",)]
    assert got.keys("aeries_teacher_team") == ["20/201"]


def test_flex_schools_have_no_teacher_records(tmp_path: Path) -> None:
    record = {"TeacherNumber": 7, "DisplayName": "Ruiz", "StaffID1": 1}
    assert small_sync(tmp_path, added("schools/10/teachers", record)).rows("teachers", school_id="10") == []
