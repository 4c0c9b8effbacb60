"""Sections of an Aeries database and who teaches them, in every shape of a schedule."""

from datetime import date
from pathlib import Path

import psycopg

from tests.sources.aeries_schema import ELEMENTARY_MASTER, FLEX, MASTER, put
from tests.sources.aeries_stage import read

Aeries = psycopg.Connection


def _sections(aeries: Aeries, school_id: int) -> None:
    put(aeries, "MST", SC=school_id, SE=1, PD="1 ", CN="0101 ", SM="Y ", TN=301, TN2=302, TN3=301, SR2="033", PC=True)
    put(aeries, "MST", SC=school_id, SE=2, PD="2", CN="0101", SM="F", TN=0, TN2=0, TN3=0, STG="I")
    put(aeries, "SSE", SC=school_id, SE=1, ID=7, PR=True, SR="87")


def test_at_a_school_with_master_schedule_the_teacher_numbers_teach(aeries: Aeries, tmp_path: Path) -> None:
    _sections(aeries, MASTER)
    _sections(aeries, ELEMENTARY_MASTER)
    found = read(tmp_path / "roster")
    for school_id in ("30", "20"):
        assert [list(row.values()) for row in found.tables["sections"] if row["school_id"] == school_id] == [
            [school_id, "1", "0101", "1", "Y", "true", "true"],
            [school_id, "2", "0101", "2", "F", "false", "false"],
        ]
        assert [list(row.values()) for row in found.tables["section_staff"] if row["school_id"] == school_id] == [
            [school_id, "1", "", "301", "primary", "", "", "true"],
            [school_id, "1", "", "302", "aide", "", "", "true"],
        ]


def test_who_shares_a_teacher_record_teaches_its_sections(aeries: Aeries, tmp_path: Path) -> None:
    _sections(aeries, MASTER)
    put(aeries, "TCH", SC=MASTER, TN=301, TLN="Ruiz", ID=1, ID2=2, ID3=3)
    put(aeries, "TCH", SC=MASTER, TN=302, TLN="Chen", ID=4, ID2=2)
    assert [list(row.values())[2:5] for row in read(tmp_path / "roster").tables["section_staff"]] == [
        ["", "301", "primary"],
        ["", "302", "aide"],
        ["2", "", "co"],
        ["3", "", "co"],
    ]


def test_at_a_flex_school_the_section_staff_teach_in_flex_periods(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STF", ID=7, LN="Ito", FN="Ken", PSC=MASTER)
    put(aeries, "FTF", SC=FLEX, SQ=1, STI="Flex 1 ")
    put(aeries, "FTF", SC=MASTER, SQ=1, STI="of another school")
    put(aeries, "MST", SC=FLEX, SE=1, PD=None, FSQ=1, CN="0101", SM="Y", TN=301)
    put(aeries, "MST", SC=FLEX, SE=2, PD="", FSQ=9, CN="0101", SM="Y", TN=None)
    put(aeries, "SSE", SC=FLEX, SE=1, ID=7, PR=True, SR=" ", SD=None, ED=None, TG=None)
    put(aeries, "SSE", SC=FLEX, SE=1, ID=8, PR=False, SR="47", SAC=True, SD=date(2026, 9, 1), ED=date(2026, 10, 1))
    put(aeries, "SSE", SC=FLEX, SE=1, ID=9, PR=False, SR="", SAC=False, TG="I")
    put(aeries, "SSE", SC=FLEX, SE=1, ID=0, PR=False, SR="87")
    found = read(tmp_path / "roster")
    assert [row["period"] for row in found.tables["sections"]] == ["Flex 1", ""]
    assert found.findings["aeries_flex_period_missing"].rows[0].key == "40/2"
    assert [list(row.values()) for row in found.tables["section_staff"]] == [
        ["40", "1", "7", "", "primary", "", "", "true"],
        ["40", "1", "8", "", "substitute", "2026-09-01", "2026-10-01", "true"],
        ["40", "1", "9", "", "aide", "", "", "false"],
    ]
    assert found.one("staff", staff_id="7")["school_ids"] == "30|40"


def test_of_repeated_section_staff_the_active_and_longest_counts(aeries: Aeries, tmp_path: Path) -> None:
    for ends, status in ((date(2026, 10, 1), " "), (date(2026, 12, 1), " "), (None, "I")):
        put(aeries, "SSE", SC=FLEX, SE=1, ID=7, PR=True, SD=date(2026, 9, 1), ED=ends, TG=status)
    found = read(tmp_path / "roster")
    assert [list(row.values()) for row in found.tables["section_staff"]] == [
        ["40", "1", "7", "", "primary", "2026-09-01", "2026-12-01", "true"]
    ]
    assert found.findings["aeries_section_staff_repeated"].rows[0].key == "40/1"


def test_a_school_may_choose_section_staff_without_flex(aeries: Aeries, tmp_path: Path) -> None:
    _sections(aeries, MASTER)
    put(aeries, "OPT", SC=MASTER, NM="SchedUseStaff", CD="True")
    assert [list(row.values())[2:5] for row in read(tmp_path / "roster").tables["section_staff"]] == [
        ["7", "", "primary"]
    ]


def test_a_school_of_unknown_shape_has_what_it_has(aeries: Aeries, tmp_path: Path) -> None:
    for school_id in (50, 60):
        put(aeries, "LOC", CD=school_id, NM="Odd", CC="19", DC="64212", SC="1930350", E="?")
    _sections(aeries, 50)
    put(aeries, "MST", SC=60, SE=1, PD="1", CN="0101", SM="Y", TN=301)
    put(aeries, "STU", SC=50, SN=1, ID=1, GR=2, CU=11)
    put(aeries, "STU", SC=50, SN=2, ID=2, GR=9, CU=12)
    found = read(tmp_path / "roster")
    staff = [(row["school_id"], row["staff_id"], row["teacher_number"]) for row in found.tables["section_staff"]]
    assert staff == [("50", "7", ""), ("60", "", "301")]
    assert found.one("enrollments", student_id="1", homeroom_teacher_number="11")["counselor_id"] == ""
    assert found.one("enrollments", student_id="2", counselor_id="12")["homeroom_teacher_number"] == ""
