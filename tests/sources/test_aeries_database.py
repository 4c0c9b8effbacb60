"""What is read from an Aeries database: schools, terms, courses, groups, and what holds for every table."""

from datetime import date
from pathlib import Path

import psycopg
import pytest

from cersgroups.core.error import DataStop
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources.aeries_database import AERIES_DATABASE, check_tables
from cersgroups.sources.aeries_database_reading import ROWS_AT_ONCE, Reading
from cersgroups.sources.aeries_database_statement import courses
from cersgroups.sources.aeries_database_table import AERIES_TABLES
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally
from tests.sources.aeries_schema import ELEMENTARY_MASTER, FIRST_DAY, FLEX, MASTER, put
from tests.sources.aeries_stage import LOGIN, Read, engine, read

Aeries = psycopg.Connection


def test_schools_have_cds_code_shape_and_state(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "LOC", CD=50, NM="Transfers", CC="", DC="", SC="", TG=None, DNR=True, E="2")
    put(aeries, "LOC", CD=60, NM="Closed", CC="1", DC="1612", SC="135244", TG="I", DNR=False, E="9")
    put(aeries, "LOC", CD=70, NM="New", CC="19", DC="64212", SC="0000000", E="9")
    put(aeries, "LOC", CD=80, NM="All grades", CC="19", DC="64212", SC="1930380", E="0", LO=0, HI=12)
    put(aeries, "LOC", CD=90, NM="No grades", CC="19", DC="64212", SC="1930390", E="1")
    put(aeries, "MST", SC=ELEMENTARY_MASTER, SE=1, CN="0101", SM="Y")
    put(aeries, "OPT", SC=FLEX, NM="TrackPrimaryClasses", CD="True ")
    put(aeries, "OPT", SC=MASTER, NM="TrackPrimaryClasses", CD="False")
    found = read(tmp_path / "roster")
    assert found.tables["lea"] == [
        {"lea_code": "1964212", "name": "Fig Unified", "time_zone": "", "school_year": "2027"}
    ]
    assert [row["schedule"] for row in found.tables["schools"]] == [
        *("elementary", "elementary_master", "master", "flex"),
        *("", "", "", ""),
    ]
    flex = found.one("schools", school_id="40")
    assert flex == {
        "school_id": "40",
        "school_number": "40",
        "name": "School 40",
        "cds_code": "19642121930340",
        "active": "true",
        "schedule": "flex",
        "tracks_primary_classes": "true",
    }
    assert found.one("schools", school_id="30")["tracks_primary_classes"] == "false"
    assert found.one("schools", school_id="60", active="false")["cds_code"] == "01016120135244"
    assert {code: [row.key for row in finding.rows] for code, finding in found.findings.items()} == {
        "aeries_school_left_out": ["50"],
        "aeries_school_inactive": ["60"],
        "aeries_schedule_unknown": ["70", "80", "90"],
        "aeries_school_without_cds": ["70"],
    }


def test_of_schools_that_are_closed_or_not_reported_nothing_else_is_read(aeries: Aeries, tmp_path: Path) -> None:
    _everything(aeries)
    put(aeries, "STF", ID=2, LN="Chen")
    put(aeries, "TCH", SC=FLEX, TN=401, TLN="Ruiz", ID=1)
    put(aeries, "STU", SC=MASTER, SN=1, ID=11, GR=8, TG="I")
    aeries.execute('UPDATE dbo."LOC" SET "TG" = \'I\' WHERE "CD" = 40')
    aeries.execute('UPDATE dbo."LOC" SET "DNR" = true WHERE "CD" = 20')
    found = read(tmp_path / "roster")
    assert [row["school_id"] for row in found.tables["schools"]] == ["10", "30", "40"]
    for table in ("terms", "teachers", "sections", "section_staff", "enrollments", "rosters"):
        assert not [row for row in found.tables[table] if row["school_id"] in ("20", "40")], table
    assert found.one("enrollments", student_id="11")["school_id"] == "30"


def test_rows_are_read_as_they_come(aeries: Aeries, tmp_path: Path) -> None:
    aeries.execute('INSERT INTO dbo."CRS" ("CN") SELECT n::text FROM generate_series(1, %s) n', [3 * ROWS_AT_ONCE])
    with engine().connect() as connection, RosterTables(tmp_path) as tables:
        rows = Reading(connection, LOGIN, date(2026, 11, 24), tables, Tally()).rows(courses(), "CRS")
        next(rows)
        connection.rollback()
        with pytest.raises(DataStop, match="reading CRS failed"):
            assert len(list(rows)) == ROWS_AT_ONCE


def test_the_districts_choice_holds_where_a_school_has_none(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "OPT", SC=0, NM="TrackPrimaryClasses", CD="True")
    put(aeries, "OPT", SC=MASTER, NM="TrackPrimaryClasses", CD="False")
    found = read(tmp_path / "roster")
    assert [row["tracks_primary_classes"] for row in found.tables["schools"]] == ["true", "true", "false", "true"]


def test_without_the_districts_row_the_code_is_that_of_most_schools(aeries: Aeries, tmp_path: Path) -> None:
    aeries.execute('DELETE FROM dbo."LOC" WHERE "CD" = 0')
    put(aeries, "LOC", CD=50, NM="Charter", CC="01", DC="61259", SC="0130625", E="2")
    found = read(tmp_path / "roster")
    assert [list(row.values())[:2] for row in found.tables["lea"]] == [["1964212", "LEA 1964212"]]
    assert "aeries_district_missing" in found.findings


def test_terms_without_days_are_left_out(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "TRM", SC=MASTER, TM="F ", D1=FIRST_DAY, D2=None)
    found = read(tmp_path / "roster")
    assert found.one("terms", school_id="30") == {
        "school_id": "30",
        "term_code": "Y",
        "start_date": "2026-08-12",
        "end_date": "2027-06-03",
    }
    assert found.findings["aeries_term_without_dates"].rows[0].key == "30/F"


def test_another_school_year_stops(aeries: Aeries, tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"its terms are of 2026-27, and 2027-28 was asked for\. Enter the database"):
        read(tmp_path / "roster", as_of=date(2027, 8, 20))
    assert aeries


def test_no_term_with_days_stops(aeries: Aeries, tmp_path: Path) -> None:
    aeries.execute('UPDATE dbo."TRM" SET "D2" = NULL')
    with pytest.raises(DataStop, match="holds no term with days"):
        read(tmp_path / "roster")


def test_no_school_stops(aeries: Aeries, tmp_path: Path) -> None:
    aeries.execute('DELETE FROM dbo."LOC" WHERE "CD" > 0')
    with pytest.raises(DataStop, match="LOC holds no active school"):
        read(tmp_path / "roster")


def test_courses_have_a_title(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "CRS", CN="0101", CO="English 9 ", DC="ENG", S1="A", TG=None)
    put(aeries, "CRS", CN="0102", CO=None, TG="I")
    assert [list(row.values()) for row in read(tmp_path / "roster").tables["courses"]] == [
        ["0101", "English 9", "ENG", "A", "true"],
        ["0102", "0102", "", "", "false"],
    ]


def test_groups_keep_their_end_and_their_confidentiality(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "SGD", GI="7", GN="AVID ", DX=None, CG=None)
    put(aeries, "SGD", GI="8", GN="", DX=date(2026, 9, 1), CG=True)
    for name in ("One", "Two"):
        put(aeries, "SGD", GI="9", GN=name)
    for group in ("7", "8", "9"):
        put(aeries, "SGM", GI=group, ID=11)
        put(aeries, "SGS", GI=group, ID=1)
    put(aeries, "SGM", GI="7", ID=11)
    found = read(tmp_path / "roster")
    assert [list(row.values()) for row in found.tables["student_groups"]] == [
        ["7", "", "AVID", "", "false"],
        ["8", "", "8", "2026-09-01", "true"],
    ]
    assert [list(row.values()) for row in found.tables["group_members"]] == [["7", "11"], ["8", "11"]]
    assert [list(row.values()) for row in found.tables["group_staff"]] == [["7", "1"], ["8", "1"]]
    assert found.findings["aeries_group_ambiguous"].rows[0].key == "9"


def _everything(aeries: Aeries) -> None:
    """One row in every table, referring to each other."""
    put(aeries, "OPT", SC=MASTER, NM="TrackPrimaryClasses", CD="True")
    put(aeries, "CRS", CN="0101", CO="English")
    put(aeries, "STF", ID=1, LN="Ruiz", EM="ana@stf.example")
    put(aeries, "UGN", SID=1, UN="a", EM="ana@ugn.example")
    put(aeries, "TCH", SC=MASTER, TN=301, TLN="Ruiz", ID=1)
    put(aeries, "FTF", SC=FLEX, SQ=1, STI="Flex 1")
    put(aeries, "MST", SC=FLEX, SE=1, FSQ=1, CN="0101", SM="Y")
    put(aeries, "SSE", SC=FLEX, SE=1, ID=1, PR=True)
    put(aeries, "STU", SC=FLEX, SN=1, ID=11, GR=9)
    put(aeries, "CAR", SC=FLEX, SN=1, SQ=1, SE=1)
    put(aeries, "SEC", SC=FLEX, SN=1, SE=1)
    put(aeries, "SGD", GI="7", GN="AVID")
    put(aeries, "SGM", GI="7", ID=11)
    put(aeries, "SGS", GI="7", ID=1)


LOST = {
    "OPT": "schools",
    "CRS": "courses",
    "STF": "staff",
    "UGN": "staff",
    "TCH": "teachers",
    "FTF": "sections",
    "MST": "sections",
    "SSE": "section_staff",
    "STU": "students",
    "CAR": "rosters",
    "SGD": "student_groups",
    "SGM": "group_members",
    "SGS": "group_staff",
}


@pytest.mark.parametrize("table", LOST)
def test_a_deleted_row_is_not_read(aeries: Aeries, tmp_path: Path, table: str) -> None:
    _everything(aeries)
    aeries.execute('DELETE FROM dbo."SEC"')
    before = read(tmp_path / "before", email_order="UGN, STF, TCH").tables[LOST[table]]
    aeries.execute(f'UPDATE dbo."{table}" SET "DEL" = 1'.encode())
    after = read(tmp_path / "after", email_order="UGN, STF, TCH").tables[LOST[table]]
    assert before != after


def test_deleted_course_attendance_does_not_hide_the_schedule_and_a_deleted_seat_is_none(
    aeries: Aeries, tmp_path: Path
) -> None:
    _everything(aeries)
    aeries.execute('UPDATE dbo."CAR" SET "DEL" = 1')
    assert len(read(tmp_path / "one").tables["rosters"]) == 1
    aeries.execute('UPDATE dbo."SEC" SET "DEL" = 1')
    assert read(tmp_path / "none").tables["rosters"] == []


def test_a_deleted_school_and_term_are_gone(aeries: Aeries, tmp_path: Path) -> None:
    aeries.execute('UPDATE dbo."LOC" SET "DEL" = 1 WHERE "CD" = 40')
    aeries.execute('UPDATE dbo."TRM" SET "DEL" = 1 WHERE "SC" = 30')
    found = read(tmp_path / "roster")
    assert [row["school_id"] for row in found.tables["schools"]] == ["10", "20", "30"]
    assert [row["school_id"] for row in found.tables["terms"]] == ["10", "20"]


def test_what_was_read_is_a_roster(aeries: Aeries, tmp_path: Path) -> None:
    _everything(aeries)
    found = read(tmp_path / "roster")
    snapshot = write_snapshot(RosterFolder(found.folder), tmp_path / "snapshot", source="test")
    assert (snapshot.counts["rosters"], snapshot.finding_counts) == (1, {})


def test_progress_names_tables_and_grows(aeries: Aeries, tmp_path: Path) -> None:
    _everything(aeries)
    steps: list[tuple[str, float]] = []
    read(tmp_path / "roster", steps=steps)
    assert ("students (STU)", 0.15) in steps
    assert ("rosters of sections of 40 (CAR, SEC)", 0.3) in steps
    assert [done for _, done in steps] == sorted(done for _, done in steps)


def test_every_table_can_be_tried(aeries: Aeries) -> None:
    _everything(aeries)
    with engine().connect() as connection:
        checks = check_tables(connection, LOGIN, "UGN, STF, TCH", 2027)
    assert [check.what for check in checks] == [*AERIES_TABLES, "School year"]
    assert all(check.ok for check in checks)


def test_without_accounts_in_the_order_their_table_is_not_asked_for(aeries: Aeries, tmp_path: Path) -> None:
    aeries.execute('DROP TABLE dbo."UGN"')
    read(tmp_path / "roster")
    with engine().connect() as connection:
        checks = check_tables(connection, LOGIN, "TCH, STF", 2027)
    assert "UGN" not in [check.what for check in checks]
    assert all(check.ok for check in checks)


def test_a_table_that_cannot_be_read_does_not_hide_the_others(aeries: Aeries) -> None:
    aeries.execute('DROP TABLE dbo."STU"')
    aeries.execute('ALTER TABLE dbo."CAR" DROP COLUMN "DS"')
    with engine().connect() as connection:
        checks = {check.what: check for check in check_tables(connection, LOGIN, "TCH, STF", 2028)}
    assert [what for what, check in checks.items() if not check.ok] == ["STU", "CAR", "School year"]
    assert checks["STU"].sentence.startswith("Aeries database: reading STU failed")
    assert "2026-27" in checks["School year"].sentence


def test_the_password_is_secret_and_defaults_are_safe() -> None:
    fields = {field.name: field for field in AERIES_DATABASE.fields}
    assert fields["password"].secret
    assert [fields[name].default for name in ("port", "encryption", "email")] == ["1433", "required", "TCH, STF"]


def test_a_fault_says_its_table_and_nothing_of_a_person(aeries: Aeries, tmp_path: Path) -> None:
    put(aeries, "STU", SC=MASTER, SN=1, ID=1, LN="Alba", FN="Ada", GR=6)
    aeries.execute('ALTER TABLE dbo."STU" ALTER COLUMN "ED" TYPE text USING \'soon\'')
    with pytest.raises(DataStop, match=r"^Aeries database: STU: a date is none\. Correct it in Aeries\.$") as stop:
        read(tmp_path / "roster")
    assert stop.value.__cause__ is None
    assert stop.value.__suppress_context__


def test_columns_of_a_read_are_all_tables(aeries: Aeries, tmp_path: Path) -> None:
    assert aeries
    found: Read = read(tmp_path / "roster")
    assert len(list(found.folder.iterdir())) == len(found.tables)
