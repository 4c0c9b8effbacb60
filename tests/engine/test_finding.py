"""Findings as a CSV for people: every row is there, and no spreadsheet takes a cell for a formula."""

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cersgroups.core.finding import KINDS, Finding, FindingRow
from cersgroups.engine.finding import CSV_HEADER
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.engine.spreadsheet import HARMLESS, harmless
from tests.engine.district_build import extract_of, profile
from tests.engine.district_snapshot import snapshot_of
from tests.engine.roster_files import DISTRICT, write_roster


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_begins_like_a_formula_is_shown_as_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@given(st.text())
def test_a_harmless_cell_keeps_its_text(cell: str) -> None:
    assert harmless(cell).removeprefix("'") == cell.removeprefix("'")
    assert harmless(cell)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_a_formula_in_the_roster_does_no_harm(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        students="student_id | ssid\n=cmd!A1 | 7\n@x | +1",
        enrollments="student_id | school_id | grade\n=cmd!A1 | 10 | 09\n@x | 10 | 09",
    )
    extract = extract_of(snapshot, tmp_path / "out")
    cells = [cell for row in _rows(extract.findings_file) for cell in row.values()]
    assert "'=cmd!A1" in cells
    assert "'+1" in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_the_rows_of_a_finding_are_as_many_as_its_count(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, students="student_id | ssid\nS1 | 1\nS2 | 2\nS3 | 7000000003")
    extract = extract_of(snapshot, tmp_path / "out", profile(), profile(type="student_group"))
    rows = _rows(extract.findings_file)
    assert extract.findings
    for finding in extract.findings:
        assert len([row for row in rows if row["code"] == finding.code]) == finding.count
    assert {row["code"] for row in rows} == {finding.code for finding in extract.findings}


def test_every_row_names_the_school_the_table_and_what_to_do(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, students="student_id | ssid\nS1 | 12")
    extract = extract_of(snapshot, tmp_path / "out", profile(schools=["10"]))
    assert extract.findings_file.read_text(encoding="utf-8-sig").splitlines()[0] == ",".join(CSV_HEADER)
    [row] = [row for row in _rows(extract.findings_file) if row["code"] == "student_without_ssid"]
    assert (row["school_id"], row["table"], row["key"], row["value"]) == ("10", "students", "S1", "12")
    assert row["message"] == KINDS["student_without_ssid"].advice
    assert row["severity"] == "warning"


def test_people_are_counted_once_and_their_row_names_every_place(tmp_path: Path) -> None:
    staff = "staff_id | last_name | email | active\n1 | Ruiz | ana@fig.example | false\n2 | Chen | |"
    snapshot = snapshot_of(tmp_path, staff=staff)
    users = {"additional": ["1", "2"]}
    extract = extract_of(
        snapshot, tmp_path / "out", profile(type="classes", name_pattern="teacher_period", users=users)
    )
    rows = {row["code"]: row for row in _rows(extract.findings_file) if row["table"] == "staff"}
    counts = {finding.code: finding.count for finding in extract.findings}
    assert (counts["person_not_active"], counts["user_without_email"]) == (1, 1)
    assert rows["person_not_active"]["value"] == (
        "additional user | primary of section 10/1001 | primary of section 10/1002"
    )
    assert rows["user_without_email"]["value"] == "additional user | at 10"


def test_a_bulk_finding_of_the_source_says_how_many_rows_are_not_shown(tmp_path: Path) -> None:
    roster = write_roster(tmp_path / "roster", DISTRICT)
    found = Finding("identical_row", 1_207, (FindingRow("students", "S1"),))
    snapshot = write_snapshot(RosterFolder(roster), tmp_path / "snapshot", source="test", findings=[found])
    extract = extract_of(snapshot, tmp_path / "out")
    notes = [(row["key"], row["note"]) for row in _rows(extract.findings_file) if row["code"] == "identical_row"]
    assert notes == [("S1", ""), ("", "and 1,206 more")]
    assert ("identical_row", 1_207) in [(finding.code, finding.count) for finding in extract.findings]


@settings(deadline=None, max_examples=30)
@given(st.text(st.sampled_from("=+-@\t\rab'\n é"), max_size=4))
def test_the_sql_makes_the_same_cells_harmless(cell: str) -> None:
    with duckdb.connect() as connection:
        [shown] = connection.execute(f"SELECT {HARMLESS.format('c')} FROM (SELECT ? AS c)", [cell]).fetchone() or ("",)
    assert shown == harmless(cell)
