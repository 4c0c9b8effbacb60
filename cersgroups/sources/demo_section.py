"""The sections of a demo secondary school with their staff and students."""

from collections.abc import Iterator, Sequence

from cersgroups.sources.demo_calendar import Term
from cersgroups.sources.demo_course import (
    RETIRED,
    SUBJECTS,
    UNKNOWN_COURSE_ID,
    WORK_EXPERIENCE,
    course_id,
)
from cersgroups.sources.demo_draft import Draft, Stay, flag
from cersgroups.sources.demo_lesson import Lesson, assign_teachers, lessons
from cersgroups.sources.demo_roster import Rosters
from cersgroups.sources.demo_section_staff import SectionStaff
from cersgroups.sources.demo_staff import Staff

_PRIMARY_CLASS_PERIOD = 2
_ODD_SECTION = 9001
_IN_ODD_SECTIONS = 6


def write_secondary(draft: Draft, staff: Staff, stays: Sequence[Stay]) -> None:
    """Write sections, section staff and rosters, and a few odd sections such as every SIS has."""
    timetable = lessons(draft.rng, stays)
    assign_teachers(staff, draft.school.schedule, timetable)
    rosters = Rosters(draft, stays)
    section_staff = SectionStaff(draft, staff, len(timetable))
    for place, lesson in enumerate(timetable):
        for number, title, term_code, term in _terms(draft, place, lesson):
            course = course_id(draft.school.schedule, _department(draft, lesson), lesson.grade, title)
            _write_section(draft, number, course, _period(draft, lesson.period), term_code, lesson.period)
            section_staff.write(number, lesson.teacher)
            _seat(rosters, lesson, number, term)
    _write_odd_sections(draft, section_staff, rosters, timetable)


def _department(draft: Draft, lesson: Lesson) -> str:
    return SUBJECTS[draft.school.schedule][lesson.subject].department


def _terms(draft: Draft, place: int, lesson: Lesson) -> Iterator[tuple[str, int, str, Term]]:
    """Section number, number of the title, term code and dates: one section per term of the subject."""
    subject = SUBJECTS[draft.school.schedule][lesson.subject]
    titles = len(subject.titles[lesson.grade])
    known = draft.calendar.terms(draft.school.schedule)
    for turn, term_code in enumerate(subject.terms):
        title = (lesson.parallel + lesson.period + turn) % titles
        yield _number(place, turn), title, term_code, known.get(term_code, draft.calendar.year)


def _number(place: int, turn: int = 0) -> str:
    """Section numbers begin at 1001 in every school; later terms of a lesson have their own thousands."""
    return str(1001 + place + turn * 2000)


def _period(draft: Draft, period: int) -> str:
    return f"Flex {period}" if draft.school.schedule == "flex" else str(period)


def _write_section(
    draft: Draft, number: str, course: str, period: str, term_code: str, place: int, active: bool = True
) -> None:
    draft.add(
        "sections",
        school_id=draft.school_id,
        section_number=number,
        course_id=course,
        period=period,
        term_code=term_code,
        primary_class=flag(draft.school.schedule == "flex" and place == _PRIMARY_CLASS_PERIOD),
        active=flag(active),
    )


def _seat(rosters: Rosters, lesson: Lesson, number: str, term: Term) -> None:
    whole_year = term == rosters.draft.calendar.year
    if lesson.moves_to is None or not whole_year:
        rosters.seat(number, lesson.students, term)
        return
    rosters.seat(number, lesson.students[:-1], term)
    rosters.move(number, _number(lesson.moves_to), lesson.students[-1], term)


def _write_odd_sections(draft: Draft, section_staff: SectionStaff, rosters: Rosters, timetable: list[Lesson]) -> None:
    """An inactive section, one whose course does not exist, one of a retired course, one without a period."""
    odd = (
        (_course_of(draft, timetable[0]), "1", False),
        (UNKNOWN_COURSE_ID, "2", True),
        (RETIRED.course_id, "3", True),
        (WORK_EXPERIENCE.course_id, "", True),
    )
    for place, (course, period, active) in enumerate(odd):
        number = str(_ODD_SECTION + place)
        _write_section(draft, number, course, period, "Y", 0, active)
        section_staff.write(number, timetable[0].teacher)
        rosters.seat(number, timetable[0].students[:_IN_ODD_SECTIONS], draft.calendar.year)


def _course_of(draft: Draft, lesson: Lesson) -> str:
    return course_id(draft.school.schedule, _department(draft, lesson), lesson.grade, 0)
