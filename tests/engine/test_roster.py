"""Files of a roster folder: what is read, and the sentence for what is not (cells: tests/spec/roster_faults.md)."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from cersgroups.core.roster import TABLES, Table
from cersgroups.engine.database import connect
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, write_snapshot
from tests.engine.roster_files import DISTRICT, write_roster


def _snapshot(tmp_path: Path, name: str, content: bytes, *sides: RosterFolder) -> Snapshot:
    """The small district with one file as these bytes."""
    folder = write_roster(tmp_path / "roster", DISTRICT)
    (folder / name).write_bytes(content)
    return write_snapshot(RosterFolder(folder), tmp_path / "snapshot", source="test", sides=sides)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbfstudent_id,ssid\nS1,7000000001\n", id="a byte order mark"),
        pytest.param(b"student_id,ssid\r\nS1,7000000001\r\n", id="CRLF"),
        pytest.param(b"student_id,ssid\nS1,7000000001", id="no final newline"),
        pytest.param(b'"student_id","ssid"\n"S1","7000000001"\n', id="quotes"),
        pytest.param(b'\xef\xbb\xbf"student_id",ssid\r\nS1,7000000001\r\n', id="a mark before a quote"),
        pytest.param(b"student_id,ssid\nS1,7000000001\n\n", id="a blank line at the end"),
    ],
)
def test_files_as_spreadsheets_write_them_are_read(content: bytes, tmp_path: Path) -> None:
    assert _snapshot(tmp_path, "students.csv", content).counts["students"] == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"student_id,ssid\nS1,\xe9\n", r"students\.csv: .*UTF-8", id="Latin-1"),
        pytest.param(b"student_id,ssi\xe9\nS1,7\n", r"students\.csv: .*UTF-8", id="Latin-1 in the header"),
        pytest.param("student_id,ssid\nS1,7\n".encode("utf-16"), r"students\.csv: .*UTF-8", id="UTF-16"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00", r"students\.csv: ", id="a workbook"),
        pytest.param(b"student_id;ssid\nS1;7\n", r"column student_id is missing", id="semicolons"),
        pytest.param(b"", r"first line has no column names", id="an empty file"),
        pytest.param(b"\n\n", r"first line has no column names", id="blank lines only"),
        pytest.param(b"student_id,ssid\nS1,7\nS2\n", r"line 3 has 1 cells", id="a short row"),
        pytest.param(b"student_id,ssid\nS1,7\n\nS2,8,9\n", r"line 4 has 3 cells", id="a long row"),
        pytest.param(b'student_id,ssid\nS1,"7"8\n', r"students\.csv: line 2", id="text after a quote"),
    ],
)
def test_a_file_that_is_no_csv_stops_with_a_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=sentence):
        _snapshot(tmp_path, "students.csv", content)


@pytest.mark.parametrize("table", [t for t in TABLES.values() if t.required_names], ids=lambda t: t.name)
def test_every_required_column_of_every_table_is_asked_for(table: Table, tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=rf"{table.name}\.csv: the column .* is missing"):
        _snapshot(tmp_path, f"{table.name}.csv", b"something\nelse\n")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("students", b"student_id,ssid\nS1,1\nS1,2\n", r"students\.csv, line 2 and students\.csv, line 3"),
        (
            "rosters",
            b"school_id,section_number,student_id,start_date,end_date\n10,1001,S1,,\n10,1001,S1,,2026-12-01\n",
            r"the key 10/1001/S1",
        ),
        ("terms", b"school_id,term_code,start_date,end_date\n10,Y,,2027-06-10\n10,Y,,2027-06-11\n", r"10/Y"),
    ],
)
def test_a_key_with_different_cells_stops_and_names_both_lines(
    name: str, content: bytes, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(DataStop, match=sentence):
        _snapshot(tmp_path, f"{name}.csv", content)


def test_a_later_side_folder_goes_over_an_earlier_one(tmp_path: Path) -> None:
    header = "student_id | ssid"
    first = write_roster(tmp_path / "first", {"students": f"{header}\nS1 | 1111111111\nS2 | 1111111112"})
    second = write_roster(tmp_path / "second", {"students": f"{header}\nS1 | 2222222222"})
    snapshot = _snapshot(
        tmp_path, "students.csv", b"student_id,ssid\nS1,7\nS2,7\n", RosterFolder(first), RosterFolder(second)
    )
    assert _ssids(snapshot) == {"S1": "2222222222", "S2": "1111111112"}


def test_two_sides_may_add_rows_to_a_table_that_the_roster_lacks(tmp_path: Path) -> None:
    sides = [
        RosterFolder(write_roster(tmp_path / name, {"group_members": f"group_code | student_id\nAVID | {name}"}))
        for name in ("S4", "S5")
    ]
    folder = write_roster(tmp_path / "roster", {**DISTRICT, "group_members": "group_code | student_id\nAVID | S1"})
    snapshot = write_snapshot(RosterFolder(folder), tmp_path / "snapshot", source="test", sides=sides)
    assert snapshot.counts["group_members"] == 3


def test_a_fault_in_a_row_that_a_side_added_names_the_side(tmp_path: Path) -> None:
    side = write_roster(tmp_path / "side", {"terms": "school_id | term_code | start_date | end_date\n10 | X | soon |"})
    labelled = RosterFolder(side, {"terms": "side/terms.csv"})
    with pytest.raises(DataStop, match=r"side/terms\.csv, line 2: start_date is 'soon'"):
        _snapshot(tmp_path, "students.csv", b"student_id,ssid\nS1,7\n", labelled)


def _ssids(snapshot: Snapshot) -> dict[str, str]:
    with connect() as connection:
        rows = connection.execute(f"SELECT student_id, ssid FROM {snapshot.parquet('students')}").fetchall()
    return dict(rows)
