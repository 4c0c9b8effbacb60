"""The terms of the demo district: a Californian school year from mid-August to early June."""

from dataclasses import dataclass
from datetime import date, timedelta

MONDAY, WEDNESDAY, THURSDAY, FRIDAY = 0, 2, 3, 4

TERM_CODES = {
    "elementary": ("Y",),
    "elementary_master": ("Y", "1", "2", "3"),
    "master": ("Y", "1", "2", "3", "4"),
    "flex": ("Y", "F", "S"),
}
"""Elementary schools count in trimesters, middle schools in quarters, high schools in semesters."""


@dataclass(frozen=True)
class Term:
    """One term; both dates are ISO text and inclusive."""

    start: str
    end: str


class Calendar:
    """The dates of one school year, named by its second half (2027 = 2026-27)."""

    def __init__(self, school_year: int) -> None:
        autumn, spring = school_year - 1, school_year
        self.start = _on_or_after(date(autumn, 8, 11), WEDNESDAY)
        self.autumn_end = _on_or_after(date(autumn, 12, 15), FRIDAY)
        self.spring_start = _on_or_after(date(spring, 1, 4), MONDAY)
        self.end = _on_or_after(date(spring, 6, 1), THURSDAY)
        self.first_day = self.start.isoformat()
        self.year = _term(self.start, self.end)
        self._quarter_ends = (
            _on_or_after(date(autumn, 10, 7), FRIDAY),
            _on_or_after(date(spring, 3, 12), FRIDAY),
        )
        self._trimester_ends = (
            _on_or_after(date(autumn, 11, 1), FRIDAY),
            _on_or_after(date(spring, 2, 22), FRIDAY),
        )

    def terms(self, schedule: str) -> dict[str, Term]:
        """The terms of a school with this schedule, by term code."""
        known = {"Y": self.year}
        if schedule == "elementary_master":
            known |= self._trimesters()
        elif schedule == "master":
            known |= self._quarters()
        elif schedule == "flex":
            known |= self._semesters()
        return {code: known[code] for code in TERM_CODES[schedule]}

    def day(self, days: int) -> str:
        """The day so many days after the first one, within the year."""
        return min(self.start + timedelta(days=days), self.end).isoformat()

    def _semesters(self) -> dict[str, Term]:
        return {"F": _term(self.start, self.autumn_end), "S": _term(self.spring_start, self.end)}

    def _quarters(self) -> dict[str, Term]:
        first, third = self._quarter_ends
        return {
            "1": _term(self.start, first),
            "2": _term(_monday_after(first), self.autumn_end),
            "3": _term(self.spring_start, third),
            "4": _term(_monday_after(third), self.end),
        }

    def _trimesters(self) -> dict[str, Term]:
        first, second = self._trimester_ends
        return {
            "1": _term(self.start, first),
            "2": _term(_monday_after(first), second),
            "3": _term(_monday_after(second), self.end),
        }


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _monday_after(friday: date) -> date:
    return friday + timedelta(days=3)


def _term(start: date, end: date) -> Term:
    return Term(start.isoformat(), end.isoformat())
