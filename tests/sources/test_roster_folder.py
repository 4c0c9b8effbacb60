"""A roster folder: its text and headers are checked, its rows are left to the engine."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cersgroups.core.error import DataStop
from cersgroups.core.roster import TABLES
from cersgroups.sources import roster_folder
from cersgroups.sources.roster import OpenedRoster, open_roster
from tests.sources.oneroster_files import write_folder, write_zip

LEA = "lea_code,name,school_year\n1,Unified,2027\n"


def opened(tmp_path: Path, files: dict[str, str] | dict[str, bytes]) -> OpenedRoster:
    return open_roster(write_folder(tmp_path / "roster", files), tmp_path / "work")


def refusal(tmp_path: Path, content: bytes | str, name: str = "lea.csv") -> str:
    with pytest.raises(DataStop) as stop:
        opened(tmp_path, {name: content if isinstance(content, bytes) else content.encode()})
    assert name in str(stop.value)
    return str(stop.value)


def values(roster: OpenedRoster, code: str) -> list[str]:
    return [row.value for finding in roster.findings if finding.code == code for row in finding.rows]


@pytest.mark.parametrize("table", list(TABLES))
def test_missing_required_columns_stop_with_file_and_columns(tmp_path: Path, table: str) -> None:
    files = {"lea.csv": LEA} | {f"{table}.csv": "x\n1\n"}
    with pytest.raises(DataStop) as stop:
        opened(tmp_path, files)
    assert f"{table}.csv: there is no column {', '.join(TABLES[table].required_names)}" in str(stop.value)


def test_unknown_columns_and_files_are_findings(tmp_path: Path) -> None:
    roster = opened(tmp_path, {"lea.csv": "lea_code,name,school_year,mood\n1,U,2027,x\n", "lunch.csv": "a\n"})
    assert values(roster, "source_column_unknown") == ["mood"]
    assert values(roster, "source_file_not_used") == ["lunch.csv"]


def test_a_file_name_in_the_wrong_case_is_copied_under_the_right_one(tmp_path: Path) -> None:
    roster = opened(tmp_path, {"LEA.csv": LEA})
    assert (roster.folder / "lea.csv").read_text() == LEA
    assert values(roster, "source_name_case") == ["LEA.csv"]
    assert roster.labels["lea"].endswith("/LEA.csv")


def test_column_names_in_the_wrong_case_or_with_spaces_are_put_right_in_a_copy(tmp_path: Path) -> None:
    roster = opened(tmp_path, {"lea.csv": '"LEA_Code", name,school_year\r\n1,Unified,2027\r\n'.replace(", ", ",")})
    assert (roster.folder / "lea.csv").read_bytes() == b"lea_code,name,school_year\n1,Unified,2027\n"
    assert values(roster, "source_name_case") == ["LEA_Code"]


WINDOWS = 'lea_code,name,school_year\r\n1,"Uni\r\nfied",2027\r\n'


def test_a_zip_with_line_ends_of_windows_is_copied_with_one_kind_of_line_end(tmp_path: Path) -> None:
    roster = open_roster(write_zip(tmp_path / "a.zip", {"lea.csv": WINDOWS.encode()}), tmp_path / "work")
    assert (roster.folder / "lea.csv").read_bytes() == WINDOWS.replace("\r\n", "\n").encode()


def test_a_folder_with_line_ends_of_windows_is_used_where_it_is(tmp_path: Path) -> None:
    assert opened(tmp_path, {"lea.csv": WINDOWS.encode()}).folder == tmp_path / "roster"


@pytest.mark.parametrize("mixed", [WINDOWS.replace("\r\n", "\n", 1), WINDOWS + "2,x,2027\n"])
@pytest.mark.parametrize("chunk", [1, 7, 1_000])
def test_a_file_that_mixes_line_ends_is_copied_with_one_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mixed: str, chunk: int
) -> None:
    monkeypatch.setattr(roster_folder, "_CHUNK", chunk)
    roster = opened(tmp_path, {"lea.csv": mixed.encode()})
    assert roster.folder != tmp_path / "roster"
    assert (roster.folder / "lea.csv").read_bytes() == mixed.replace("\r\n", "\n").encode()


@pytest.mark.parametrize("header", ["lea_code,name,school_year", '"lea_code","name","school_year"'])
def test_a_byte_order_mark_is_no_trouble_to_the_engine(tmp_path: Path, header: str) -> None:
    roster = opened(tmp_path, {"lea.csv": f"\ufeff{header}\n1,Unified,2027\n"})
    assert roster.folder == tmp_path / "roster"
    with duckdb.connect() as connection:
        path = str(roster.folder / "lea.csv")
        rows = connection.execute("SELECT lea_code FROM read_csv(?, all_varchar = true)", [path]).fetchall()
    assert rows == [("1",)]


@pytest.mark.parametrize(
    "header", ["lea_code,name,school_year ", "lea_code,name, school_year", '"lea_code",name,school_year']
)
def test_any_other_spelling_of_the_header_is_written_out_in_a_copy(tmp_path: Path, header: str) -> None:
    roster = opened(tmp_path, {"lea.csv": header + "\n1,Unified,2027\n"})
    assert roster.folder != tmp_path / "roster"
    assert (roster.folder / "lea.csv").read_text() == LEA


def test_a_folder_inside_the_folder_is_copied_with_a_finding(tmp_path: Path) -> None:
    write_folder(tmp_path / "roster" / "inner", {"lea.csv": LEA})
    roster = open_roster(tmp_path / "roster", tmp_path / "work")
    assert (roster.folder / "lea.csv").read_text() == LEA
    assert values(roster, "source_top_folder") == ["inner"]


def test_text_that_is_not_utf_8_stops_with_its_line(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, "lea_code,name,school_year\n1,x,2027\n2,Piñon,2027\n".encode("cp1252"))
    assert "line 3: the text is not UTF-8 (byte 0xF1)" in sentence


def test_text_that_breaks_off_inside_a_character_stops(tmp_path: Path) -> None:
    assert "not UTF-8" in refusal(tmp_path, LEA.encode() + "é".encode()[:1])


def test_a_nul_byte_stops_with_its_line(tmp_path: Path) -> None:
    assert "line 2: there is a NUL byte" in refusal(tmp_path, LEA.replace("1,", "1\0,"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(lines=st.integers(0, 500), chunk=st.integers(1, 64), zipped=st.booleans())
def test_the_line_is_right_wherever_chunks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: int, chunk: int, zipped: bool
) -> None:
    monkeypatch.setattr(roster_folder, "_CHUNK", chunk)
    content = (LEA + "é,ü,2027\n" * lines).encode() + b"\xff,x,2027\n"
    write = write_zip if zipped else write_folder
    path = write(tmp_path / ("a.zip" if zipped else "a"), {"lea.csv": content})
    with pytest.raises(DataStop, match=f"line {lines + 3}: the text is not UTF-8"):
        open_roster(path, tmp_path / "work")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("lea_code,name,Name,school_year\n", "'Name' twice"),
        ("lea_code,,name,school_year\n", "column 2 has no name"),
        ("lea_code,name,school_year,,\n", "the last 2 columns have no name"),
        ("lea_code;name;school_year\n", "semicolons"),
        ("<html></html>", "a web page"),
        ('"lea_code,name\n', "never closed"),
    ],
)
def test_a_header_that_cannot_be_used_stops(tmp_path: Path, content: str, why: str) -> None:
    assert why in refusal(tmp_path, content)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('1,Uni"fied,2027', "there is a quote inside a cell without quotes ('Uni\"fied')"),
        ('1,Unified",2027', "there is a quote inside a cell without quotes"),
        ('1, "Unified",2027', "there is a quote inside a cell without quotes"),
        ('1,"Uni"fied,2027', "there is text after the closing quote"),
        ('1,"Unified,2027', "never closed"),
        ("1,Unified", "the row has 2 cells, the header has 3"),
        ("1,Unified,2027,x", "the row has 4 cells, the header has 3"),
    ],
)
def test_a_row_that_can_only_be_read_by_guessing_stops(tmp_path: Path, row: str, why: str, zipped: bool) -> None:
    write = write_zip if zipped else write_folder
    path = write(tmp_path / ("a.zip" if zipped else "a"), {"lea.csv": f"{LEA}{row}\n".encode()})
    with pytest.raises(DataStop, match="line 3: ") as stop:
        open_roster(path, tmp_path / "work")
    assert why in str(stop.value)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_empty_cells_beyond_the_header_are_a_finding(tmp_path: Path, end: str) -> None:
    text = f'lea_code,name,school_year{end}1,Unified,2027,{end}2,"Fig, Unified",2027,,""{end}3,"Plum ""P""",2027{end}'
    found = {finding.code: finding.count for finding in opened(tmp_path, {"lea.csv": text.encode()}).findings}
    assert found == {"source_extra_cells": 2}


def test_files_of_both_line_ends_tell_an_extra_cell_once(tmp_path: Path) -> None:
    schools = "school_id,school_number,name\r\n1,1,A,\n"
    roster = opened(tmp_path, {"lea.csv": LEA.replace("2027", "2027,"), "schools.csv": schools})
    assert [(f.code, f.count) for f in roster.findings if f.code == "source_extra_cells"] == [("source_extra_cells", 2)]


def test_a_zip_keeps_only_tables_and_tells_progress(tmp_path: Path) -> None:
    parts: list[float] = []
    path = write_zip(tmp_path / "a.zip", {"lea.csv": LEA, "lunch.csv": "a\n"})
    roster = open_roster(path, tmp_path / "work", progress=lambda _, part: parts.append(part))
    assert [file.name for file in roster.folder.iterdir()] == ["lea.csv"]
    assert parts[-1] == 1.0


@pytest.mark.parametrize("pad", [0, 1 << 20])
def test_a_line_without_end_is_refused_where_it_begins(tmp_path: Path, pad: int) -> None:
    """Whatever part of the file it begins in."""
    before = LEA + "1,x,2027\n" * (pad // 9)
    said = refusal(tmp_path, before + "2," + "a" * (1 << 21) + ",2027\n")
    line = before.count("\n") + 1
    assert f"line {line:,}: the record that begins here is far too long" in said
