"""Students of Aeries: one row each, with an enrollment for every stay; who their homeroom teacher and counselor are."""

from pathlib import Path
from typing import Any

import pytest

from cersgroups.core.error import DataStop
from cersgroups.sources.aeries_api_cell import text
from tests.sources.aeries_api_sync import (  # noqa: F401 - one is a fixture
    Fetched,
    added,
    changed,
    fetched,
    impatient,
    small_aeries,
    small_sync,
)
from tests.sources.aeries_server import Behaviour


def of_ada(folder: Path, **cells: Any) -> Fetched:
    """Ada (S1, flex school 10) with other cells."""
    return small_sync(folder, changed("schools/10/students", {"StudentID": "S1"}, **cells))


def test_a_student_has_ssid_and_name(tmp_path: Path) -> None:
    assert small_sync(tmp_path).rows("students")[0] == {
        "student_id": "S1",
        "ssid": "7000000001",
        "last_name": "Alba",
        "first_name": "Ada",
    }


@pytest.mark.parametrize(
    ("told", "grade"), [(-1, "TK"), (0, "KG"), (1, "01"), (12, "12"), (-2, ""), (13, ""), (18, ""), ("7", "07")]
)
def test_grades_are_numbers_there(tmp_path: Path, told: int | str, grade: str) -> None:
    got = of_ada(tmp_path, Grade=told)
    assert got.cells("enrollments", "grade", student_id="S1") == [(grade,)]
    assert got.keys("aeries_grade_none") == ([] if grade else ["10/S1"])


def test_the_grade_of_an_inactive_student_is_nobodys_concern(tmp_path: Path) -> None:
    assert of_ada(tmp_path, Grade=18, InactiveStatusCode="I").keys("aeries_grade_none") == []


@pytest.mark.parametrize(
    ("tag", "active"), [("", "true"), (" ", "true"), (None, "true"), ("I", "false"), ("*", "false")]
)
def test_any_tag_is_inactive_that_of_the_not_yet_enrolled_too(tmp_path: Path, tag: str | None, active: str) -> None:
    assert of_ada(tmp_path, InactiveStatusCode=tag).cells("enrollments", "active", student_id="S1") == [(active,)]


def test_an_enrollment_has_the_days_of_the_stay(tmp_path: Path) -> None:
    got = of_ada(tmp_path, SchoolEnterDate="2026-08-12T00:00:00", SchoolLeaveDate="2026-10-01T00:00:00")
    assert got.cells("enrollments", "start_date", "end_date", student_id="S1") == [("2026-08-12", "2026-10-01")]


def test_a_student_of_two_schools_has_two_enrollments_and_one_row_that_of_the_active_record(tmp_path: Path) -> None:
    moved = {"StudentID": "S1", "StateStudentID": "7999999999", "LastName": "Alba-Ruiz", "InactiveStatusCode": ""}
    got = small_sync(
        tmp_path,
        changed("schools/10/students", {"StudentID": "S1"}, InactiveStatusCode="I"),
        added("schools/20/students", {**moved, "StudentNumber": 77}),
    )
    assert got.cells("enrollments", "school_id", "active", student_id="S1") == [("10", "false"), ("20", "true")]
    assert got.cells("students", "ssid", "last_name", student_id="S1") == [("7999999999", "Alba-Ruiz")]
    assert got.keys("aeries_ssid_differs") == ["S1"]


def test_a_blank_ssid_yields_to_one_and_is_no_difference(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("schools/10/students", {"StudentID": "S1"}, StateStudentID=" "),
        added("schools/20/students", {"StudentID": "S1", "StateStudentID": "7000000001", "StudentNumber": 77}),
    )
    assert got.cells("students", "ssid", student_id="S1") == [("7000000001",)]
    assert got.keys("aeries_ssid_differs") == []


def test_of_two_records_that_begin_on_one_day_the_active_one_with_the_highest_number_is_kept(tmp_path: Path) -> None:
    twice = {"StudentID": "S1", "StateStudentID": "7000000001"}
    got = small_sync(
        tmp_path,
        added(
            "schools/10/students",
            {**twice, "StudentNumber": 9, "Grade": 10},
            {**twice, "StudentNumber": 11, "Grade": 11},
            {**twice, "StudentNumber": 12, "Grade": 12, "InactiveStatusCode": "I"},
        ),
    )
    assert got.cells("enrollments", "grade", "active", student_id="S1") == [("11", "true")]
    assert got.keys("aeries_enrollment_repeated") == ["10/S1"] * 3


def test_homerooms_are_teacher_numbers_and_0_is_none(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools/30/students", {"StudentID": "S5"}, HomeRoomTeacherNumber="0"))
    assert got.cells("enrollments", "homeroom_teacher_number", school_id="30") == [("301",), ("",)]


@pytest.mark.parametrize("counselor", [4, "301", 301])
def test_at_an_elementary_school_the_homeroom_teacher_is_no_counselor(tmp_path: Path, counselor: int | str) -> None:
    got = small_sync(tmp_path, changed("schools/30/students", {"StudentID": "S4"}, CounselorNumber=counselor))
    assert got.cells("enrollments", "counselor_id", student_id="S4") == [("",)]


def test_at_an_elementary_school_somebody_else_is_one(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools/30/students", {"StudentID": "S4"}, CounselorNumber=5))
    assert got.cells("enrollments", "counselor_id", student_id="S4") == [("5",)]


@pytest.mark.parametrize(("told", "counselor"), [(3, "3"), (201, "201"), ("201", "201"), (0, ""), (None, "")])
def test_a_counselor_is_a_staff_id_or_a_teacher_number_as_it_is_told(
    tmp_path: Path, told: int | str | None, counselor: str
) -> None:
    got = small_sync(tmp_path, changed("schools/20/students", {}, CounselorNumber=told, HomeRoomTeacherNumber="201"))
    assert got.cells("enrollments", "homeroom_teacher_number", "counselor_id", school_id="20") == [("", counselor)]


def test_a_counselor_without_a_person_is_named_by_the_column_of_homerooms(tmp_path: Path) -> None:
    got = small_sync(
        tmp_path,
        changed("schools/20/teachers", {}, StaffID1=0),
        changed("schools/20/students", {}, CounselorNumber=0, HomeRoomTeacherNumber="201"),
    )
    assert got.cells("enrollments", "counselor_id", school_id="20") == [("201",)]


def test_at_a_flex_school_a_teacher_number_becomes_the_staff_id_behind_it(tmp_path: Path) -> None:
    record = {"TeacherNumber": 708, "DisplayName": "Chen", "StaffID1": 2, "StaffID2": 0, "StaffID3": 0}
    got = small_sync(
        tmp_path,
        added("schools/10/teachers", record),
        changed("schools/10/students", {"StudentID": "S1"}, CounselorNumber=708),
    )
    assert got.cells("enrollments", "counselor_id", school_id="10") == [("2",), ("5",)]
    assert "aeries_counselor_fits_both" not in got.findings


def test_a_number_at_a_flex_school_that_is_also_another_persons_id_is_told(tmp_path: Path) -> None:
    record = {"TeacherNumber": 5, "DisplayName": "Chen", "StaffID1": 2, "StaffID2": 0, "StaffID3": 0}
    got = small_sync(tmp_path, added("schools/10/teachers", record))
    assert got.cells("enrollments", "counselor_id", school_id="10") == [("2",), ("2",)]
    assert got.keys("aeries_counselor_fits_both") == ["10/5"]


MANY = "student_id | school_id | grade | active | start_date | end_date | homeroom_teacher_number | counselor_id\n"


def many(count: int) -> dict[str, str]:
    """So many students at the flex school, and nobody anywhere else."""
    return {
        "students": "student_id | ssid | last_name | first_name\n"
        + "\n".join(f"{n} | | L | F" for n in range(1, count + 1)),
        "enrollments": MANY + "\n".join(f"{n} | 10 | 09 | true | | | |" for n in range(1, count + 1)),
    }


def paged(folder: Path, behaviour: Behaviour) -> Fetched:
    """25 students in pages of 10."""
    with small_aeries(folder, behaviour, None, **many(25)) as aeries:
        return fetched(aeries, folder / "fetched", page_size="10")


def test_students_come_page_by_page_until_one_is_not_full(tmp_path: Path) -> None:
    got = paged(tmp_path, Behaviour())
    pages = [request.partition("DatabaseYear=2026&")[2] for request in got.requests if "schools/10/students" in request]
    assert pages == [
        "StartingRecord=1&EndingRecord=10",
        "StartingRecord=11&EndingRecord=20",
        "StartingRecord=21&EndingRecord=30",
        "StartingRecord=26&EndingRecord=26",
    ]
    assert len(got.rows("enrollments")) == 25


def test_a_page_that_was_cut_short_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"/schools/10/students: the page of 10 students held only 9, and there are"):
        paged(tmp_path, Behaviour(short_pages=1))


def test_a_list_that_changes_while_it_is_read_is_read_again_and_stops_if_it_goes_on(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"/schools/10/students: the list changed while it was read, 3 times"):
        paged(tmp_path, Behaviour(growing=True))


def test_a_page_with_more_than_was_asked_for_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match="EndingRecord=10: 25 students came, more than were asked for"):
        paged(tmp_path, Behaviour(ignores_paging=True))


@pytest.mark.parametrize("day", [[], {"Day": 1}, "x" * 20_000])
def test_what_is_no_date_is_told_with_the_request(tmp_path: Path, day: object) -> None:
    with pytest.raises(DataStop, match=r"GET /schools/10/students.*is no date such as") as stop:
        of_ada(tmp_path, SchoolEnterDate=day)
    assert len(str(stop.value)) < 500


def test_halves_of_characters_and_nul_do_no_harm() -> None:
    assert text(" Al\0ba\ud800 ") == "Alba?"
