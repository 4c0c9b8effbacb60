"""Numbers in addresses and forms that are none, or too long for a database."""

import pytest

from cersgroups.web.number import first_of_page, whole_number


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "x", "1" * 19, "9" * 5_000, " 1", "\0"])
def test_what_is_no_such_number_is_none(text: str) -> None:
    assert whole_number(text, 18) is None


def test_a_number_is_read() -> None:
    assert (whole_number("0", 1), whole_number("2027", 4)) == (0, 2027)


@pytest.mark.parametrize(("text", "first"), [("1", 0), ("3", 200), ("0", 0), ("-1", 0), ("", 0), ("9" * 5_000, 0)])
def test_a_page_begins_where_the_one_before_ends(text: str, first: int) -> None:
    assert first_of_page(text, 100) == first
