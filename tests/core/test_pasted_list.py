"""A pasted or uploaded list of students: pasted_list.md section by section, and any list written as CSV."""

import csv
import io
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.error import RequestStop
from cersgroups.core.pasted_file import MOST_BYTES, text_of
from cersgroups.core.pasted_list import line_of, read_students

_SECTIONS = re.split(r"^## ", Path(__file__).with_name("pasted_list.md").read_text(encoding="utf-8"), flags=re.M)[1:]

ssids = st.from_regex(r"[0-9]{10}", fullmatch=True)
local_ids = st.from_regex(r"[A-Z]{0,2}[0-9]{4,9}", fullmatch=True)
names = st.text(st.characters(codec="utf-8", categories=("L", "Zs", "P", "Nd")), max_size=20)


@pytest.mark.parametrize("section", [pytest.param(section, id=section.partition("\n")[0]) for section in _SECTIONS])
def test_the_manual_is_true(section: str) -> None:
    found = re.search(
        r"```text\n(?P<text>.*?)\n?```\n\nStudents: (?P<students>.*?)\n(\nSays: (?P<says>.*?)\n)?", section, re.S
    )
    assert found, section
    students = [] if found["students"] == "none" else shlex.split(found["students"])
    read = read_students(found["text"])
    assert list(read.students) == students
    assert " ".join(read.sentences()) == (found["says"] or "")
    assert bool(read.lost) == any("left out" in sentence for sentence in read.sentences())


def written(header: list[str], rows: list[list[str]], delimiter: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return file.getvalue()


@given(
    st.lists(ssids | local_ids, min_size=1, unique=True),
    st.lists(names, min_size=1),
    st.sampled_from(",;\t"),
    st.sampled_from(["SSID", "Student ID", "Local ID", "StateStudentID", "student_id"]),
    st.booleans(),
)
def test_any_list_of_ids_written_as_a_table_with_names_is_read_back(
    students: list[str], people: list[str], delimiter: str, header: str, first: bool
) -> None:
    rows = [[student, people[n % len(people)]][:: 1 if first else -1] for n, student in enumerate(students)]
    read = read_students(written([header, "Name"][:: 1 if first else -1], rows, delimiter))
    assert list(read.students) == students
    assert not read.sentences()


@given(st.lists(ssids | local_ids, min_size=1, unique=True), st.sampled_from(["\n", "\r\n", "\n\n", "\r"]))
def test_any_list_of_ids_one_per_line_is_read_back(students: list[str], end: str) -> None:
    assert list(read_students(end.join(students)).students) == students


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))).map(str.strip).filter(bool))
)
def test_whatever_a_profile_has_as_its_students_is_read_back_from_the_page(students: list[str]) -> None:
    read = read_students("\r\n".join(map(line_of, students)))
    assert list(read.students) == list(dict.fromkeys(students))
    assert not read.sentences()


@given(st.text() | st.text('SID,;\t\n"= 07a'))
def test_whatever_is_pasted_no_student_is_made_up(text: str) -> None:
    read = read_students(text)
    assert all(student in text.replace('"', "") for student in read.students)
    assert all(sentence.endswith(".") for sentence in read.sentences())


@pytest.mark.parametrize("text", ['=""', '=" "', '""', ",", '=""\n=""', 'SSID,Name\n="",x'])
def test_nothing_in_quotes_is_no_student(text: str) -> None:
    assert not read_students(text).students


def test_a_very_long_list_and_a_very_long_value_are_read() -> None:
    students = [str(7_000_000_000 + n) for n in range(50_000)]
    assert list(read_students(",".join(students)).students) == students
    assert not read_students("1" * 1_000_000 + "!").students
    assert read_students("1" * 200_000 + ",\n" + "SSID,Name\n7000000001," + "x" * 200_000).lost


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_whatever_way_spreadsheets_write_text(encoding: str) -> None:
    text = "Name,SSID\nNúñez,7000000001\n"
    assert text_of(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"PK\x03\x04 and what is in an .xlsx", "This is a spreadsheet or a zip file, not a CSV."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and what is in an .xls", "This is a spreadsheet or a zip file, not a CSV."),
        (b"7" * (MOST_BYTES + 1), "The file is larger than 5 MB."),
        (b"%PDF-1.7", "This is no text. Choose a CSV or text file"),
        (b"7000000001\x00", "This is no text. Choose a CSV or text file"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(file: bytes, sentence: str) -> None:
    with pytest.raises(RequestStop, match=re.escape(sentence)):
        text_of(file)
