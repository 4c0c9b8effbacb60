"""Spans of days: whatever is cut or put together is live on exactly the same days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.sources.oneroster_date import after, before, day, is_empty
from cersgroups.sources.oneroster_span import Claim, Spans, pieces

DAYS = [(date(2026, 8, 1) + timedelta(days=i)).isoformat() for i in range(12)]
BEGIN_TO_END = st.tuples(st.sampled_from(["", *DAYS]), st.sampled_from(["", *DAYS])).filter(
    lambda span: not is_empty(*span)
)


def is_live(begin: str, end: str, on: str) -> bool:
    return begin <= on and (not end or on <= end)


@given(st.lists(BEGIN_TO_END, max_size=6))
def test_spans_of_one_key_begin_on_different_days_and_cover_the_same_days(
    given_spans: list[tuple[str, str]],
) -> None:
    spans = Spans()
    written = [span for begin, end in given_spans if (span := spans.add("key", begin, end))]
    assert len({begin for begin, _, _ in written}) == len(written)
    for on in DAYS:
        wanted = any(is_live(*span, on) for span in given_spans)
        assert any(is_live(begin, end, on) for begin, end, _ in written) == wanted


def test_spans_of_different_keys_do_not_meet() -> None:
    spans = Spans()
    assert spans.add("a", "", "") == ("", "", False)
    assert spans.add("b", "", "") == ("", "", False)
    assert spans.add("a", "", "") is None


def test_a_longer_span_goes_on_where_the_shorter_ended() -> None:
    spans = Spans()
    spans.add("a", "2026-08-01", "2026-08-05")
    assert spans.add("a", "2026-08-01", "") == ("2026-08-06", "", True)


@given(BEGIN_TO_END, st.lists(st.tuples(BEGIN_TO_END, st.sampled_from("abc")), max_size=5))
def test_on_each_day_the_piece_has_the_value_of_the_highest_claim(
    outer: tuple[str, str], claimed: list[tuple[tuple[str, str], str]]
) -> None:
    claims = [Claim(begin, end, (str(i),), value) for i, ((begin, end), value) in enumerate(claimed)]
    found = pieces(*outer, claims)
    for on in DAYS:
        values = [piece.value for piece in found if is_live(piece.begin, piece.end, on)]
        covering = [claim for claim in claims if is_live(claim.begin, claim.end, on)]
        best = max(covering, key=lambda claim: claim.rank).value if covering else ""
        assert values == ([best] if is_live(*outer, on) else [])


@given(BEGIN_TO_END, st.lists(st.tuples(BEGIN_TO_END, st.sampled_from("ab")), max_size=5))
def test_neighbouring_pieces_have_different_values(
    outer: tuple[str, str], claimed: list[tuple[tuple[str, str], str]]
) -> None:
    found = pieces(*outer, [Claim(begin, end, (value,), value) for (begin, end), value in claimed])
    assert all(a.value != b.value and after(a.end) == b.begin for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("", False)),
        ("2026-08-15", ("2026-08-15", False)),
        ("2026-08-15T00:00:00.000Z", ("2026-08-15", True)),
        ("2026-08-15 07:00:00", ("2026-08-15", True)),
    ],
)
def test_a_day_is_read_with_or_without_a_time(text: str, found: tuple[str, bool]) -> None:
    assert day(text) == found


@pytest.mark.parametrize("text", ["2026-13-01", "8/15/2026", "2026-08-15x", "0001-01-01", "20260815", "٢٠٢٦-08-15"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day(text)


@given(st.dates(date(1900, 1, 2)).map(date.isoformat))
def test_the_day_before_the_day_after_is_the_day(text: str) -> None:
    assert before(after(text)) == (text if text != "9999-12-31" else "")


def test_open_stays_open() -> None:
    assert (before(""), after("")) == ("", "")
