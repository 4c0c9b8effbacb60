"""Rows of a CSV file: strict, streamed, and with a sentence for whatever cannot be read."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.error import DataStop
from cersgroups.sources.csv_file import MAX_RECORD, CsvFile
from cersgroups.sources.tally import Tally


def opened(content: bytes, tally: Tally | None = None) -> CsvFile:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(content))
    return CsvFile(stream, "export.zip/users.csv", tally or Tally())


def refusal(content: bytes) -> str:
    with pytest.raises(DataStop) as stop:
        list(opened(content).rows())
    return str(stop.value)


def codes(tally: Tally) -> dict[str, int]:
    return {finding.code: finding.count for finding in tally.findings()}


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)


@given(st.lists(st.tuples(cells, cells, cells), max_size=8))
def test_what_a_csv_writer_writes_is_read_back_unless_it_is_blank(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    assert [tuple(r) for r in opened(text.getvalue().encode()).rows()] == [r for r in rows if any(r)]


def test_a_byte_order_mark_is_dropped_and_header_names_are_trimmed() -> None:
    file = opened(b"\xef\xbb\xbf sourcedId , name\r\n1,x\r\n")
    assert file.header == ("sourcedId", "name")
    assert list(file.select(["name", "sourcedId"])) == [["x", "1"]]


def test_columns_are_found_in_any_case_and_lacking_ones_are_blank() -> None:
    assert list(opened(b"SOURCEDID,x\n 7 ,y\n").select(["sourcedId", "email"])) == [["7", ""]]


def test_a_quoted_cell_may_hold_commas_line_ends_and_doubled_quotes() -> None:
    assert list(opened(b'a,b\n"x, ""y""","1\n2"\n').rows()) == [['x, "y"', "1\n2"]]


def test_blank_lines_are_skipped_and_rows_of_commas_are_counted() -> None:
    tally = Tally()
    assert list(opened(b"a,b\n\n,\n1,2\n\n", tally).rows()) == [["1", "2"]]
    assert codes(tally) == {"source_blank_row": 1}


def test_empty_cells_beyond_the_header_are_dropped_with_a_finding() -> None:
    tally = Tally()
    assert list(opened(b"a,b,\n1,2,\n3,4,,\n", tally).rows()) == [["1", "2"], ["3", "4"]]
    assert codes(tally) == {"source_extra_cells": 2}


def test_a_row_with_too_few_cells_is_refused_with_its_line() -> None:
    assert "users.csv, line 3: the row has 1 cells, the header has 2" in refusal(b"a,b\n1,2\n3\n")


def test_a_row_with_too_many_cells_is_refused_with_the_line_where_it_starts() -> None:
    assert "line 4: the row has 3 cells" in refusal(b'a,b\n"1\n1",2\n3,4,5\n')


def test_an_unclosed_quote_is_refused_with_the_line_where_it_opens() -> None:
    assert "line 3: a quote opens" in refusal(b'a,b\n1,2\n"3,4\n5,6\n')


def test_an_unclosed_quote_in_a_long_file_stops_before_it_is_all_read() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield b'a,b\n1,2\n"3,4\n'
        while True:
            read += 1
            yield b"5,6\n" * 1000

    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.chunks = endless()

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            chunk = next(self.chunks)
            buffer[: len(chunk)] = chunk
            return len(chunk)

    file = CsvFile(io.BufferedReader(Endless(), 1 << 16), "users.csv", Tally())
    with pytest.raises(DataStop, match="line 3: the record that begins here is far too long"):
        list(file.rows())
    assert read * 4000 <= 2 * MAX_RECORD


def test_a_line_that_never_ends_is_refused() -> None:
    assert "line 2: the record that begins here is far too long" in refusal(b"a,b\n" + b"x" * (MAX_RECORD + 9))


def test_text_after_a_closing_quote_is_refused() -> None:
    assert "line 2: there is text after the closing quote" in refusal(b'a,b\n"x"y,1\n')


@pytest.mark.parametrize("line", [b'John "Jack" Smith,1', b' "Smith",1'])
def test_a_quote_inside_an_unquoted_cell_is_refused(line: bytes) -> None:
    assert "line 2: there is a quote inside a cell without quotes" in refusal(b"a,b\n" + line + b"\n")


def test_latin_1_is_refused_with_its_line_and_the_way_to_save_it() -> None:
    sentence = refusal("a,b\n1,2\nGarcía,3\n".encode("latin-1"))
    assert "line 3" in sentence
    assert "0xED" in sentence
    assert "CSV UTF-8" in sentence


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_refused(encoding: str) -> None:
    assert "UTF-16" in refusal("a,b\n1,2\n".encode(encoding))


def test_a_nul_byte_is_refused_with_its_line() -> None:
    assert "line 2: there is a NUL byte" in refusal(b"a,b\n1,\0\n")


def test_old_mac_line_ends_are_refused() -> None:
    assert "bare carriage return" in refusal(b"a,b\r1,2\r")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"\n <!DOCTYPE html><html>", "web page"),
        (b'{"users": []}', "JSON"),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
    ],
)
def test_a_file_that_is_no_csv_is_named_for_what_it_seems_to_be(content: bytes, what: str) -> None:
    assert what in refusal(content)


@pytest.mark.parametrize(("content", "why"), [(b"a;b\n1;2\n", "semicolons"), (b"a\tb\n1\t2\n", "tabs")])
def test_other_separators_are_refused(content: bytes, why: str) -> None:
    assert f"separated by {why}" in refusal(content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,A\n", "'A' twice"),
        (b"a,,b\n", "column 2 has no name"),
    ],
)
def test_a_header_that_names_no_columns_is_refused(content: bytes, why: str) -> None:
    assert why in refusal(content)
