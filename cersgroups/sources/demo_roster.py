"""Who sits in which section of a demo school, as lines of the table rosters."""

from collections.abc import Sequence

from cersgroups.sources.demo_calendar import Term
from cersgroups.sources.demo_draft import Draft, Stay

_MOVED, _JOINED = 37, 40
"""Days after the first one on which a student leaves one section and joins its parallel one."""


class Rosters:
    """Writes section rosters; regular students in bulk, those who came late or left with their own dates."""

    def __init__(self, draft: Draft, stays: Sequence[Stay]) -> None:
        self.draft = draft
        self._lines = draft.lines["rosters"]
        self._own_dates: dict[str, list[Stay]] = {}
        first_day = draft.calendar.first_day
        for stay in stays:
            if stay.start != first_day or stay.end:
                self._own_dates.setdefault(stay.student_id, []).append(stay)

    def seat(self, section_number: str, students: Sequence[str], term: Term) -> None:
        """Everyone in that section for that term, as long as they are enrolled.

        Whole-year rows have no dates where there are teacher records, as in many SIS; others have both.
        """
        head = f"{self.draft.school_id},{section_number},"
        plain = self.draft.school.has_teacher_records and term == self.draft.calendar.year
        tail = ",,\n" if plain else f",{term.start},{term.end}\n"
        own = self._own_dates
        self._lines += [f"{head}{student}{tail}" for student in students if student not in own]
        for student in students:
            for stay in own.get(student, ()):
                self._row(head, student, max(stay.start, term.start), min(stay.end or term.end, term.end))

    def move(self, old_section: str, new_section: str, student: str, term: Term) -> None:
        """One regular student who changes from one section to its parallel one in autumn."""
        if student in self._own_dates:
            self.seat(old_section, [student], term)
            return
        calendar, school_id = self.draft.calendar, self.draft.school_id
        self._row(f"{school_id},{old_section},", student, term.start, calendar.day(_MOVED))
        self._row(f"{school_id},{new_section},", student, calendar.day(_JOINED), term.end)

    def _row(self, head: str, student: str, start: str, end: str) -> None:
        if start <= end:
            self._lines.append(f"{head}{student},{start},{end}\n")
