"""Rows of findings.csv are found where they stand, and are those that whoever reads the whole file finds."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.engine import finding_file
from cersgroups.engine.database import connect
from cersgroups.engine.finding import create_findings, write_findings
from cersgroups.engine.finding_file import ROWS, read_finding_file

CODES = ("row_refers_to_nothing", "student_without_ssid", "name_cut")
CELLS = ("", "a", 'say "so"', "one\ntwo", "a, b", "Ångström", "\r", '"', '\n"')


def write(path: Path, rows: list[tuple[str, str, str]], more: dict[str, int] | None = None) -> Path:
    """findings.csv as an extract has it: code, key and value of each row, and how many were not kept."""
    with connect() as connection:
        create_findings(connection)
        for code, key, value in rows:
            connection.execute("INSERT INTO finding_row VALUES (?, '10', 'students', ?, ?, '')", [code, key, value])
        for code, count in (more or {}).items():
            connection.execute("INSERT INTO finding_more VALUES (?, ?)", [code, count])
        write_findings(connection, path)
    return path


def whole(path: Path, code: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["code"] == code]


@given(
    rows=st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CELLS), st.sampled_from(CELLS)), max_size=40),
    start=st.integers(0, 40),
    limit=st.integers(0, 40),
    size=st.integers(1, 7),
)
def test_any_rows_are_those_of_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], start: int, limit: int, size: int
) -> None:
    path = write(tmp_path_factory.mktemp("f") / "findings.csv", rows, {"row_refers_to_nothing": 5})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding_file, "ROWS", size)
        for code in CODES:
            assert read_finding_file(path, code, start, limit) == whole(path, code)[start : start + limit]


def test_of_a_long_finding_only_the_rows_of_the_page_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "findings.csv", [("row_refers_to_nothing", f"{n:04d}", "x") for n in range(1050)])
    read: list[finding_file.Piece] = []
    rows = finding_file._rows

    def noted(file: object, piece: finding_file.Piece) -> list[list[str]]:
        read.append(piece)
        return rows(file, piece)  # type: ignore[arg-type]

    monkeypatch.setattr(finding_file, "_rows", noted)
    assert [row["key"] for row in read_finding_file(path, "row_refers_to_nothing", 1000, ROWS)][::49] == [
        "1000",
        "1049",
    ]
    assert [piece.rows for piece in read] == [50]


def test_a_file_that_was_written_anew_is_looked_up_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "findings.csv", [("name_cut", "a", "")])
    assert len(read_finding_file(path, "name_cut", 0, 10)) == 1
    write(path, [("name_cut", "a", ""), ("name_cut", "b", "")])
    assert [row["key"] for row in read_finding_file(path, "name_cut", 0, 10)] == ["a", "b"]


def test_lines_that_end_as_they_did_before_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    path.write_bytes(b'\xef\xbb\xbfcode,key\r\nname_cut,a\r\nname_cut,"b\r\nc"\r\n')
    assert read_finding_file(path, "name_cut", 1, 5) == [{"code": "name_cut", "key": "b\r\nc"}]
