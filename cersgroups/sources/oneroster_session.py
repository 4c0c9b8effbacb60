"""academicSessions.csv: the terms, and the school year.

OneRoster sessions belong to no school. A school gets the sessions that its classes are in, those above them,
those of the type schoolYear, and those that no class at all is in: a term that only other schools' classes
are in is not its term. A school without classes gets all of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cersgroups.core.error import DataStop
from cersgroups.sources.oneroster_date import later_end
from cersgroups.sources.oneroster_export import Export, Reading

_COLUMNS = ("sourcedId", "type", "startDate", "endDate", "parentSourcedId", "schoolYear")
_YEAR = re.compile(r"(?P<first>\d{4})(?:\s*[-/]\s*(?P<second>\d{4}|\d{2}))?", re.ASCII)
_NEW_YEAR_MONTH = "07"
"""From July on a day belongs to the school year that ends in the next calendar year."""


@dataclass(frozen=True)
class Session:
    """One academic session with its first and last day and its school year (the year in which it ends)."""

    session_id: str
    start: str
    end: str
    parent: str
    school_year: int
    type: str


@dataclass(frozen=True)
class Sessions:
    """The sessions by sourcedId."""

    by_id: dict[str, Session]

    def with_parents(self, session_id: str) -> Iterator[str]:
        """The session and those above it, each once even if they run in a circle."""
        seen: set[str] = set()
        while session_id in self.by_id and session_id not in seen:
            seen.add(session_id)
            yield session_id
            session_id = self.by_id[session_id].parent

    def of_school(self, used: set[str], used_anywhere: set[str]) -> list[Session]:
        """The terms of a school whose classes are in the sessions `used`."""
        own = {above for session_id in used for above in self.with_parents(session_id)}
        if not own:
            return list(self.by_id.values())
        return [
            session
            for session_id, session in self.by_id.items()
            if session_id in own
            or session.type == "schoolyear"
            or (session.type != "gradingperiod" and session_id not in used_anywhere)
        ]

    def days(self, session_ids: tuple[str, ...]) -> tuple[str, str]:
        """The first and the last day of these sessions together; open if none of them is known."""
        known = [self.by_id[session_id] for session_id in session_ids if session_id in self.by_id]
        if not known:
            return "", ""
        end = known[0].end
        for session in known[1:]:
            end = later_end(end, session.end)
        return min(session.start for session in known), end


def read_sessions(export: Export) -> Sessions:
    """Read academicSessions.csv. Raises DataStop for a date or a schoolYear that cannot be read."""
    reading = export.read("academicSessions", _COLUMNS)
    by_id: dict[str, Session] = {}
    for session_id, kind, start_date, end_date, parent, year in reading.active():
        if "|" in session_id:
            raise reading.stop(f"the sourcedId {session_id!r} holds a bar, which no sourcedId may.")
        start, end = reading.first_day(start_date, "startDate"), reading.last_day(end_date, "endDate")
        if not (start and end):
            reading.note("oneroster_session_without_dates", session_id)
            continue
        school_year = _school_year(reading, session_id, year, start, end)
        by_id[session_id] = Session(session_id, start, end, parent, school_year, kind.casefold())
    return Sessions(by_id)


def school_year(sessions: Sessions, uses: Counter[str], export: Export) -> int:
    """The school year that most classes belong to; without classes, that of most sessions (then the later)."""
    years: Counter[int] = Counter()
    for session_id, count in uses.items():
        if session_id in sessions.by_id:
            years[sessions.by_id[session_id].school_year] += count
    everywhere = Counter(session.school_year for session in sessions.by_id.values())
    if not everywhere:
        raise DataStop(
            f"{export.title}: {export.noun('academicSessions')} has no session with dates. "
            "Ask the source for the terms."
        )
    if len(everywhere) > 1:
        found = ", ".join(str(year) for year in sorted(everywhere))
        noun = export.noun("academicSessions")
        export.tally.note("oneroster_several_school_years", len(everywhere), noun, found)
    votes = years or everywhere
    return max(votes, key=lambda year: (votes[year], year))


def year_of(day: str) -> int:
    """The school year of a day: 2027 from July 2026 to June 2027."""
    return int(day[:4]) + (day[5:7] >= _NEW_YEAR_MONTH)


def _school_year(reading: Reading, session_id: str, text: str, start: str, end: str) -> int:
    """The year in which the school year ends, as the specification wants it; else a finding and the best reading.

    A year that lies outside of the session's days is not believed: profiles of the right year would find nothing.
    """
    by_days = year_of(start)
    match = _YEAR.fullmatch(text)
    if text and not match:
        raise reading.stop(f"schoolYear is {text!r}. Write the year in which it ends, such as 2027.")
    said = _end_year(match) if match else by_days
    year = said if by_days <= said <= year_of(end) else by_days
    if text != str(year):
        reading.note("oneroster_school_year_read", session_id, text)
    return year


def _end_year(match: re.Match[str]) -> int:
    first, second = match["first"], match["second"]
    return int(first) if second is None else int(first[: 4 - len(second)] + second)
