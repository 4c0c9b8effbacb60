"""Who teaches the sections of a demo secondary school: teacher records, or staff with roles and dates."""

from collections.abc import Callable
from itertools import cycle

from cersgroups.sources.demo_draft import Draft, flag
from cersgroups.sources.demo_staff import Member, Staff

_SECTIONS_PER_HELPER = 40
_HANDOVER, _TAKEOVER = 51, 54
_SUBSTITUTE_FROM, _SUBSTITUTE_TO = 90, 180
"""Days after the first one."""


class SectionStaff:
    """Writes section_staff. At the flex school the first sections show what a reader must be ready for."""

    def __init__(self, draft: Draft, staff: Staff, sections: int) -> None:
        self.draft = draft
        self._written = 0
        self._vacancy = staff.vacancy() if draft.school.has_teacher_records else ""
        helpers = 1 + sections // _SECTIONS_PER_HELPER
        flex = draft.school.schedule == "flex"
        self._partners = cycle(staff.hire(helpers if flex else 1))
        self._aides = cycle(staff.hire(helpers if flex else 1, certificated=False))

    def write(self, section_number: str, teacher: Member | None) -> None:
        """The staff of the next section."""
        self._written += 1
        if self.draft.school.has_teacher_records:
            self._write_record(section_number, teacher)
        elif teacher is not None:
            self._flex_case()(section_number, teacher)

    def _write_record(self, section_number: str, teacher: Member | None) -> None:
        vacant = self._written == 5 or teacher is None
        self.draft.add(
            "section_staff",
            school_id=self.draft.school_id,
            section_number=section_number,
            teacher_number=self._vacancy if vacant or teacher is None else teacher.reference,
        )

    def _flex_case(self) -> Callable[[str, Member], None]:
        first: dict[int, Callable[[str, Member], None]] = {
            1: self._several_primaries,
            2: self._only_an_aide,
            3: self._unmarked,
            4: self._substituted,
            5: self._handed_over,
        }
        if self._written in first:
            return first[self._written]
        dice = self.draft.rng.random()
        if dice < 0.10:
            return self._with_co_teacher
        if dice < 0.18:
            return self._with_aide
        if dice < 0.20:
            return self._substituted
        return self._handed_over if dice < 0.22 else self._alone

    def _alone(self, section: str, teacher: Member) -> None:
        self._row(section, teacher, "primary")

    def _several_primaries(self, section: str, teacher: Member) -> None:
        self._row(section, teacher, "primary")
        self._row(section, next(self._partners), "primary")

    def _only_an_aide(self, section: str, _teacher: Member) -> None:
        self._row(section, next(self._aides), "aide")

    def _unmarked(self, section: str, teacher: Member) -> None:
        """No primary: two co-teachers share the section."""
        self._row(section, teacher, "co")
        self._row(section, next(self._partners), "co")

    def _with_co_teacher(self, section: str, teacher: Member) -> None:
        self._row(section, teacher, "primary")
        self._row(section, next(self._partners), "co", active=self.draft.rng.random() > 0.05)

    def _with_aide(self, section: str, teacher: Member) -> None:
        self._row(section, teacher, "primary")
        self._row(section, next(self._aides), "aide")

    def _substituted(self, section: str, teacher: Member) -> None:
        day = self.draft.calendar.day
        self._row(section, teacher, "primary")
        substitute = next(self._partners)
        self._row(section, substitute, "substitute", day(_SUBSTITUTE_FROM), day(_SUBSTITUTE_TO))

    def _handed_over(self, section: str, teacher: Member) -> None:
        day = self.draft.calendar.day
        self._row(section, next(self._partners), "primary", day(0), day(_HANDOVER))
        self._row(section, teacher, "primary", day(_TAKEOVER))

    def _row(
        self, section: str, member: Member, role: str, start: str = "", end: str = "", active: bool = True
    ) -> None:
        self.draft.add(
            "section_staff",
            school_id=self.draft.school_id,
            section_number=section,
            staff_id=member.staff_id,
            role=role,
            start_date=start,
            end_date=end,
            active=flag(active),
        )
