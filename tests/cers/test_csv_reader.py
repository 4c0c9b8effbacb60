"""The checker's reader: quotes, line ends, blank lines and what it cannot read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.cers.csv_reader import CsvReader, DuplicateColumn, MalformedCsv, columns_of, decode


def records(text: str) -> list[list[str]]:
    return list(CsvReader(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\r\n\n\r", []),
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d", [["a", "b"], ["c", "d"]]),
        ("a,\n,b", [["a", ""], ["", "b"]]),
        ("a,", [["a", ""]]),
        ("\n\na\r\n\r\nb\n\n", [["a"], ["b"]]),
        (" \n", [[" "]]),
        ('"a,b",c', [["a,b", "c"]]),
        ('"a ""b""",c', [['a "b"', "c"]]),
        ('"a\r\nb"\n""\n', [["a\r\nb"], [""]]),
        ('a"b,c"\n', [['a"b', 'c"']]),
        (' "a",b', [[' "a"', "b"]]),
        ('"a" \t,b', [["a", "b"]]),
        ('"a" ', [["a"]]),
        ('x,"a"\n\n"b"', [["x", "a"], ["b"]]),
    ],
)
def test_records_are_split(text: str, expected: list[list[str]]) -> None:
    assert records(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('"a', "(startline 1) EOF reached before encapsulated token finished"),
        ('h\r\n\r\nx,"a\nb""', "(startline 3) EOF reached before encapsulated token finished"),
        ('h\n"a"b\n', "(line 2) invalid char between encapsulated token and delimiter"),
        ('h\n"a\nb" c,d', "(line 3) invalid char between encapsulated token and delimiter"),
        ('"a"\u00a0,b', "(line 1) invalid char between encapsulated token and delimiter"),
    ],
)
def test_malformed_quotes_are_told_with_their_line(text: str, sentence: str) -> None:
    with pytest.raises(MalformedCsv) as caught:
        records(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a\r\nb\n", "\r\n"),
        ("a\nb\r\n", "\n"),
        ("a\rb\n", "\r"),
        ('"x\ny"\r\n', "\r\n"),
        ("\n\r\na", "\n"),
        ("a", None),
    ],
)
def test_the_first_line_end_outside_quotes_counts(text: str, end: str | None) -> None:
    reader = CsvReader(text)
    list(reader)
    assert reader.first_end_of_line == end


def test_one_byte_order_mark_is_skipped_and_a_second_is_text() -> None:
    assert decode(b"\xef\xbb\xbfa") == "a"
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbfa") == "\ufeffa"


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert decode(b"Espa\xf1ol") == "Espa\ufffdol"


def test_columns_are_found_by_name_ignoring_case() -> None:
    assert columns_of(["A", "b"]) == {"a": 0, "b": 1}


@pytest.mark.parametrize("header", [["a", "A"], ["", ""]])
def test_two_columns_of_one_name_are_refused(header: list[str]) -> None:
    with pytest.raises(DuplicateColumn):
        columns_of(header)


plain = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=5)


@given(st.lists(st.lists(plain, min_size=2, max_size=4), max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_quotes_is_read_back(rows: list[list[str]], end: str) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    assert records(text.getvalue()) == rows
