"""The terms of the demo district."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.roster import SCHEDULES
from cersgroups.sources.demo_calendar import Calendar, Term

YEARS = st.integers(2000, 2100)


def test_2026_27_runs_from_august_12_to_june_3() -> None:
    assert Calendar(2027).terms("elementary") == {"Y": Term("2026-08-12", "2027-06-03")}


def test_semesters_have_the_winter_break_between_them() -> None:
    terms = Calendar(2027).terms("flex")
    assert list(terms) == ["Y", "F", "S"]
    assert (terms["F"].end, terms["S"].start) == ("2026-12-18", "2027-01-04")


@given(school_year=YEARS, schedule=st.sampled_from(SCHEDULES))
def test_terms_follow_each_other_within_the_year(school_year: int, schedule: str) -> None:
    terms = Calendar(school_year).terms(schedule)
    year = terms.pop("Y")
    ends = [term.end for term in terms.values()]
    starts = [term.start for term in terms.values()]
    assert all(term.start < term.end for term in (year, *terms.values()))
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    if terms:
        assert (starts[0], ends[-1]) == (year.start, year.end)


@given(school_year=YEARS)
def test_school_begins_and_terms_end_on_weekdays(school_year: int) -> None:
    calendar = Calendar(school_year)
    days = [day for term in calendar.terms("master").values() for day in (term.start, term.end)]
    assert all(date.fromisoformat(day).weekday() < 5 for day in days)


@given(school_year=YEARS)
def test_thanksgiving_and_mid_april_are_in_the_year(school_year: int) -> None:
    year = Calendar(school_year).year
    assert year.start < f"{school_year - 1}-11-23" < f"{school_year}-04-15" < year.end


@pytest.mark.parametrize(("days", "day"), [(0, "2026-08-12"), (30, "2026-09-11"), (900, "2027-06-03")])
def test_a_day_counts_from_the_first_and_never_leaves_the_year(days: int, day: str) -> None:
    assert Calendar(2027).day(days) == day
