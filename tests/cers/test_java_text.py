"""Blanks, letters and numbers as the receiver's language has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.cers.java_text import fold_case, is_blank, strip_to_none, to_int


@pytest.mark.parametrize("text", ["", " ", "\t", " \r\n", "\u3000", "\u2028", "\x1c"])
def test_white_space_is_blank(text: str) -> None:
    assert is_blank(text)
    assert strip_to_none(text) is None


@pytest.mark.parametrize("text", ["\u00a0", "\u2007", "\u202f", "\u200b", "\x00", "\x85", "\ufeff"])
def test_a_no_break_space_is_not_blank(text: str) -> None:
    assert not is_blank(text)
    assert strip_to_none(f" {text}\t") == text


@pytest.mark.parametrize(
    ("text", "number"),
    [("2025", 2025), ("+2025", 2025), ("-2025", -2025), ("02025", 2025), ("２０２５", 2025), ("٢٠٢٥", 2025)],
)
def test_digits_of_any_script_are_a_number(text: str, number: int) -> None:
    assert to_int(text) == number


@pytest.mark.parametrize(
    "text", ["", "+", "-", " 2025", "2025 ", "2024-25", "2025.0", "2e3", "++1", "²", "2147483648", "-2147483649", "𝟐"]
)
def test_anything_else_is_none(text: str) -> None:
    assert to_int(text) is None


def test_a_number_may_have_thousands_of_digits() -> None:
    assert to_int("-" + "0" * 5_000 + "2025") == -2025
    assert to_int("0" * 5_000) == 0
    assert to_int("9" * 5_000) is None


def test_the_ends_of_the_range_are_numbers() -> None:
    assert to_int("2147483647") == 2**31 - 1
    assert to_int("-2147483648") == -(2**31)


@pytest.mark.parametrize(
    ("one", "other"), [("ALGEBRA", "algebra"), ("É", "é"), ("ſ", "S"), ("ı", "I"), ("İ", "i"), ("ς", "Σ")]
)
def test_case_is_ignored_letter_by_letter(one: str, other: str) -> None:
    assert fold_case(one) == fold_case(other)


@pytest.mark.parametrize(("one", "other"), [("ß", "ss"), ("é", "e"), ("ﬁ", "fi"), ("𐐀", "𐐨"), ("a", "a ")])
def test_nothing_but_case_is_ignored(one: str, other: str) -> None:
    assert fold_case(one) != fold_case(other)


@given(st.text(max_size=20))
def test_no_letter_is_added_or_lost_by_ignoring_case(text: str) -> None:
    assert len(fold_case(text)) == len(text)


@given(st.integers(-(2**31), 2**31 - 1))
def test_every_number_is_read_back(number: int) -> None:
    assert to_int(str(number)) == number
