"""Students of an Aeries database, their enrollments, and who sits in a section."""

from datetime import date
from pathlib import Path

import psycopg
import pytest

from tests.sources.aeries_schema import ELEMENTARY, ELEMENTARY_MASTER, FIRST_DAY, FLEX, LAST_DAY, MASTER, put
from tests.sources.aeries_stage import read

Aeries = psycopg.Connection


def test_students_have_one_row_and_an_enrollment_for_each_school(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=MASTER, SN=1, ID=1, CID=" ", LN="Alba ", FN="Ada", GR=8, TG="I", ED=FIRST_DAY, LD=LAST_DAY)
    put(aeries, "STU", SC=FLEX, SN=9, ID=1, CID="7000000001", LN="Alba", FN="Ada", GR=9, TG=" ", ED=date(2026, 10, 1))
    put(aeries, "STU", SC=ELEMENTARY, SN=1, ID=2, CID=None, LN="Brown", FN="Ben", GR=-1, TG="*")
    put(aeries, "STU", SC=ELEMENTARY, SN=2, ID=0, LN="Nobody")
    found = read(tmp_path / "roster")
    assert [list(row.values()) for row in found.tables["students"]] == [
        ["1", "7000000001", "Alba", "Ada"],
        ["2", "", "Brown", "Ben"],
    ]
    assert [list(row.values())[:6] for row in found.tables["enrollments"]] == [
        ["1", "40", "09", "true", "2026-10-01", ""],
        ["1", "30", "08", "false", "2026-08-12", "2027-06-03"],
        ["2", "10", "TK", "false", "", ""],
    ]


def test_the_ssid_of_the_active_record_counts(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=ELEMENTARY, SN=1, ID=1, CID="7000000009", GR=5, TG="I")
    put(aeries, "STU", SC=MASTER, SN=1, ID=1, CID="7000000001", GR=6, TG="")
    found = read(tmp_path / "roster")
    assert found.one("students", student_id="1")["ssid"] == "7000000001"
    assert found.findings["aeries_ssid_differs"].count == 1


def test_of_two_records_from_one_day_the_active_counts(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=MASTER, SN=1, ID=1, GR=6, TG="I", ED=FIRST_DAY, LD=date(2026, 9, 1))
    put(aeries, "STU", SC=MASTER, SN=2, ID=1, GR=6, TG="", ED=FIRST_DAY, LD=None)
    found = read(tmp_path / "roster")
    assert found.one("enrollments", student_id="1")["active"] == "true"
    assert found.findings["aeries_enrollment_repeated"].rows[0].key == "30/1"


def test_who_left_before_entering_is_enrolled(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=MASTER, SN=1, ID=1, GR=6, TG="", ED=date(2026, 10, 1), LD=date(2026, 9, 1))
    found = read(tmp_path / "roster")
    assert found.one("enrollments", student_id="1")["end_date"] == ""
    assert found.findings["aeries_left_before_entering"].count == 1


@pytest.mark.parametrize(
    ("school_id", "by_staff", "homeroom", "counselor"),
    [
        (ELEMENTARY, False, "708", ""),
        (ELEMENTARY, True, "708", "994708"),
        (ELEMENTARY_MASTER, False, "708", ""),
        (MASTER, False, "", "708"),
        (MASTER, True, "", "994708"),
        (FLEX, False, "", "708"),
        (FLEX, True, "", "994708"),
    ],
)
def test_one_column_is_homeroom_or_counselor(
    aeries: Aeries, tmp_path: Path, school_id: int, by_staff: bool, homeroom: str, counselor: str
) -> None:
    put(aeries, "OPT", SC=0, NM="UseStaffIDBasedCounselorTracking", CD=str(by_staff))
    put(aeries, "STU", SC=school_id, SN=1, ID=1, GR=6, CU=708, CNS=994708)
    put(aeries, "STU", SC=school_id, SN=2, ID=2, GR=6, CU=0, CNS=0)
    found = read(tmp_path / "roster")
    row = found.one("enrollments", student_id="1")
    assert (row["homeroom_teacher_number"], row["counselor_id"]) == (homeroom, counselor)
    nobody = found.one("enrollments", student_id="2")
    assert (nobody["homeroom_teacher_number"], nobody["counselor_id"]) == ("", "")


def test_at_a_flex_school_a_counselors_number_stands_for_the_person(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "TCH", SC=FLEX, TN=708, TLN="Ito", ID=994708)
    put(aeries, "STU", SC=FLEX, SN=1, ID=1, GR=9, CU=708)
    found = read(tmp_path / "roster")
    assert found.tables["teachers"] == []
    assert found.one("enrollments", student_id="1")["counselor_id"] == "994708"


def test_an_active_student_without_a_grade_is_told(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=MASTER, SN=1, ID=1, GR=14)
    put(aeries, "STU", SC=MASTER, SN=2, ID=2, GR=14, TG="I")
    finding = read(tmp_path / "roster").findings["aeries_grade_none"]
    assert [(row.key, row.value) for row in finding.rows] == [("30/1", "14")]


def test_rosters_are_course_attendance_with_days(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=MASTER, SN=1, ID=11, GR=6)
    put(aeries, "STU", SC=FLEX, SN=1, ID=12, GR=9)
    put(aeries, "CAR", SC=MASTER, SN=1, SQ=1, SE=5, DS=FIRST_DAY, DE=date(2026, 9, 1))
    put(aeries, "CAR", SC=MASTER, SN=1, SQ=2, SE=5, DS=FIRST_DAY, DE=date(2026, 12, 1))
    put(aeries, "CAR", SC=MASTER, SN=1, SQ=3, SE=5, DS=date(2027, 1, 5), DE=None)
    put(aeries, "CAR", SC=MASTER, SN=1, SQ=4, SE=6, DS=LAST_DAY, DE=FIRST_DAY)
    put(aeries, "CAR", SC=MASTER, SN=2, SQ=1, SE=5, DS=FIRST_DAY, DE=LAST_DAY)
    put(aeries, "SEC", SC=MASTER, SN=1, SE=6)
    put(aeries, "SEC", SC=FLEX, SN=1, SE=5)
    put(aeries, "SEC", SC=FLEX, SN=9, SE=5)
    found = read(tmp_path / "roster")
    assert [list(row.values()) for row in found.tables["rosters"]] == [
        ["30", "5", "11", "2026-08-12", "2026-12-01"],
        ["30", "5", "11", "2027-01-05", ""],
        ["40", "5", "12", "", ""],
    ]
    assert {code: [row.key for row in finding.rows] for code, finding in found.findings.items()} == {
        "aeries_roster_repeated": ["30/5"],
        "aeries_roster_without_days": ["30/6"],
        "aeries_rosters_undated": ["40"],
    }
