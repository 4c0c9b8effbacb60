"""The lines of a demo school."""

import csv
import io
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.roster import TABLES
from cersgroups.sources.demo_calendar import Calendar
from cersgroups.sources.demo_draft import Draft, flag, line
from cersgroups.sources.demo_school import schools

CELLS = st.lists(st.text(st.characters(exclude_categories=["C"]) | st.sampled_from('",\n\r')), min_size=2)


def draft() -> Draft:
    return Draft(schools(60, 1)[0], Random(1), Calendar(2027), "demo.example", 100_001)


@given(cells=CELLS)
def test_a_line_is_read_back_as_it_was(cells: list[str]) -> None:
    assert list(csv.reader(io.StringIO(line(cells), newline=""), strict=True)) == [cells]


def test_cells_are_quoted_only_where_they_must_be() -> None:
    assert line(["Math 6", 'U.S. History, "We the People"']) == 'Math 6,"U.S. History, ""We the People"""\n'


def test_cells_that_are_not_given_stay_blank() -> None:
    made = draft()
    made.add("terms", school_id="101", term_code="Y", end_date="2027-06-03")
    assert made.lines["terms"] == ["101,Y,,2027-06-03\n"]
    assert set(made.lines) == set(TABLES)


def test_a_column_that_the_table_lacks_is_a_fault() -> None:
    with pytest.raises(KeyError, match="grade"):
        draft().add("terms", grade="09")


def test_flags_are_words() -> None:
    assert (flag(True), flag(False)) == ("true", "false")
