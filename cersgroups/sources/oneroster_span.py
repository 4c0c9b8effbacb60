"""Spans of days: kept apart under one key, and laid over each other.

A span is a first and a last day as ISO text, `""` for open on either side.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from cersgroups.sources.oneroster_date import after, before, earlier_end, is_empty, later_end


class Spans:
    """Makes spans of one key begin on different days, as the roster's keys need it.

    Memory: one entry per key and first day (about 120 bytes), keyed by hash.
    """

    def __init__(self) -> None:
        self._ends: dict[int, str] = {}

    def add(self, key: Hashable, begin: str, end: str) -> tuple[str, str, bool] | None:
        """The span to write for this one, and whether it met another that begins on the same day.

        Nothing if the other one lasts as long; what is left beyond the other's end if it is shorter, so
        that together they are live on exactly the days on which either is.
        """
        met = False
        while (known := self._ends.get(entry := hash((key, begin)))) is not None:
            met = True
            if later_end(known, end) == known or not after(known):
                return None
            self._ends[entry] = end
            begin = after(known)
        self._ends[entry] = end
        return begin, end, met


@dataclass(frozen=True)
class Claim:
    """`value` holds from `begin` to `end`; of claims on the same day the highest `rank` wins."""

    begin: str
    end: str
    rank: tuple[bool | str, ...]
    value: str

    def within(self, begin: str, end: str) -> "Claim":
        """This claim on the days of the span only (empty if there are none: see `is_empty`)."""
        return Claim(max(self.begin, begin), earlier_end(self.end, end), self.rank, self.value)

    @property
    def is_empty(self) -> bool:
        return is_empty(self.begin, self.end)


@dataclass(frozen=True)
class Piece:
    """One value, or none (""), from one day to another."""

    begin: str
    end: str
    value: str


def pieces(begin: str, end: str, claims: Iterable[Claim]) -> list[Piece]:
    """The span cut where the winning claim changes; days without a claim have the value ""."""
    inside = [c for claim in claims if not (c := claim.within(begin, end)).is_empty]
    starts = {begin, *(c.begin for c in inside), *(after(c.end) for c in inside if c.end)}
    if begin:
        starts.discard("")
    days = sorted(s for s in starts if not is_empty(s, end))
    result: list[Piece] = []
    for i, first in enumerate(days):
        last = before(days[i + 1]) if i + 1 < len(days) else end
        covering = [c for c in inside if c.begin <= first and (not c.end or c.end >= first)]
        value = max(covering, key=lambda c: c.rank).value if covering else ""
        if result and result[-1].value == value:
            result[-1] = Piece(result[-1].begin, last, value)
        else:
            result.append(Piece(first, last, value))
    return result
