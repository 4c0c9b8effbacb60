"""What the receiver knows beforehand."""

from datetime import date

import pytest

from cersgroups.cers.known import Known, school_year_of, usual_years


@pytest.mark.parametrize(
    ("day", "school_year"),
    [(date(2026, 6, 30), 2026), (date(2026, 7, 1), 2027), (date(2026, 12, 31), 2027), (date(2027, 1, 1), 2027)],
)
def test_a_school_year_starts_in_july(day: date, school_year: int) -> None:
    assert school_year_of(day) == school_year


def test_years_from_five_back_to_one_ahead_are_usual() -> None:
    assert usual_years(date(2026, 9, 1)) == {2022, 2023, 2024, 2025, 2026, 2027, 2028}


def test_without_a_list_every_school_is_known() -> None:
    assert Known(None, frozenset()).has_school("anything")
    assert not Known(frozenset({"1"}), frozenset()).has_school("2")


@pytest.mark.parametrize("subject", ["ELA", "ela", "Math", "MATH", "All", "ALL"])
def test_subjects_are_known_ignoring_case(subject: str) -> None:
    assert Known(None, frozenset()).has_subject(subject)


@pytest.mark.parametrize("subject", ["Máth", "CAST", "", "Math "])
def test_other_subjects_are_unknown(subject: str) -> None:
    assert not Known(None, frozenset()).has_subject(subject)


def test_a_subject_may_be_added() -> None:
    assert Known(None, frozenset(), ("ELA", "Math", "CAST")).has_subject("cast")
