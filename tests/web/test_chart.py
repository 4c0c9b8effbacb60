"""Pictures as SVG: what is drawn, and what a screen reader says."""

import re
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.web.chart import bar, histogram, percent_name, round_up

NAMES = ["1 to 10", "11 to 20", "21 to 30"]


def drawn(*counts: int) -> Xml.Element:
    svg = histogram("sizes", "Sizes", "Most are small.", counts, NAMES[: len(counts)], ["0", "10", "20", "30"])
    return Xml.fromstring(svg)  # noqa: S314 - our own


def columns(svg: Xml.Element) -> list[Xml.Element]:
    return svg.findall("rect")


@pytest.mark.parametrize(
    ("percent", "name"),
    [(0, "0%"), (0.001, "under 1%"), (1, "1%"), (99.999, "99%"), (100, "100%"), (50.5, "50%")],
)
def test_only_all_is_a_hundred_percent_and_only_none_is_zero(percent: float, name: str) -> None:
    assert percent_name(percent) == name


def test_a_bar_is_as_long_as_its_share() -> None:
    svg = Xml.fromstring(bar(37.25))  # noqa: S314 - our own
    assert [rect.get("width") for rect in svg] == ["100%", "37.25%"]


def test_the_picture_says_what_it_shows() -> None:
    svg = drawn(1, 2, 3)
    assert svg.get("role") == "img"
    said = [svg.find(f"*[@id='{name}']") for name in (svg.get("aria-labelledby") or "").split()]
    assert [part.text for part in said if part is not None] == ["Sizes", "Most are small."]


def test_what_is_not_there_has_no_column_and_the_rest_says_its_number() -> None:
    assert [column.findtext("title") for column in columns(drawn(1200, 0, 3))] == ["1 to 10: 1,200", "21 to 30: 3"]


def test_one_among_thousands_can_still_be_seen() -> None:
    tall, small = columns(drawn(5000, 1))
    assert int(small.get("height") or 0) >= 1
    assert int(tall.get("height") or 0) > 100


def test_nothing_at_all_can_be_drawn() -> None:
    assert columns(drawn(0, 0, 0)) == []


def test_markup_in_a_text_stays_text() -> None:
    svg = histogram("x", "<script>", "&", [1], ["<b>"], [])
    assert "<script>" not in svg
    assert "<b>" not in svg


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=3))
def test_every_column_is_within_the_picture_and_none_needs_an_inline_style(counts: list[int]) -> None:
    svg = drawn(*counts)
    assert "style" not in Xml.tostring(svg, "unicode")
    for column in columns(svg):
        x, width = (float((column.get(name) or "").rstrip("%")) for name in ("x", "width"))
        assert 0 <= x <= x + width <= 100.01
        assert 20 <= int(column.get("y") or 0) <= 168


@given(st.integers(0, 10**9))
def test_the_scale_is_even_and_holds_the_most_without_being_twice_too_high(most: int) -> None:
    top = round_up(most)
    assert top >= most
    assert top % 2 == 0
    assert top <= max(2, 2 * most)
    assert re.fullmatch(r"[12468]0*", str(top))
