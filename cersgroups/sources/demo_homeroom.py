"""Homerooms of a demo elementary school and, where it has a master schedule, the sections of each room."""

from collections.abc import Sequence
from itertools import groupby

from cersgroups.sources.demo_course import ELEMENTARY_SUBJECTS, SPECIALIST_SUBJECTS, course_id
from cersgroups.sources.demo_draft import Draft, Stay, Visitor
from cersgroups.sources.demo_roster import Rosters
from cersgroups.sources.demo_staff import Member, Staff

_SMALLEST, _LARGEST = 20, 32
_ROOMS_PER_SPECIALIST = 12


def write_elementary(draft: Draft, staff: Staff, stays: Sequence[Stay]) -> dict[str, str]:
    """Hire a teacher per room, write the sections if any; returns the homeroom of each student."""
    rooms = _rooms(stays)
    teachers = staff.hire(len(rooms))
    if draft.school.schedule == "elementary_master":
        _write_sections(draft, stays, rooms, teachers, _specialists(draft, staff, len(rooms)))
    return {student: teacher.reference for teacher, room in zip(teachers, rooms, strict=True) for student, _ in room}


def _rooms(stays: Sequence[Stay]) -> list[list[tuple[str, str]]]:
    """Rooms of 20 to 32 (student_id, grade), by grade; what does not divide joins the next grade."""
    students = sorted({stay.student_id: stay.grade for stay in stays}.items(), key=_grade_order)
    rooms: list[list[tuple[str, str]]] = []
    waiting: list[tuple[str, str]] = []
    for _, grade in groupby(students, key=lambda student: student[1]):
        waiting += grade
        count = -(-len(waiting) // _LARGEST)
        if len(waiting) >= count * _SMALLEST:
            rooms += [waiting[i::count] for i in range(count)] if count > 1 else [waiting]
            waiting = []
    if waiting:
        rooms.append(waiting)
    return rooms


def _grade_order(student: tuple[str, str]) -> tuple[bool, bool, str]:
    grade = student[1]
    return grade != "TK", grade != "KG", grade


def _specialists(draft: Draft, staff: Staff, rooms: int) -> list[Member]:
    """Physical education first, then music; one of them also serves the next school."""
    hired = staff.hire(max(SPECIALIST_SUBJECTS, rooms // _ROOMS_PER_SPECIALIST) - 1)
    following = draft.next_school
    if following is not None and following.has_teacher_records and following.active:
        shared = staff.hire_shared(following.school_id)
        draft.sends = Visitor(shared.staff_id, shared.name, shared.email)
    else:
        shared = staff.hire(1)[0]
    return [*hired, shared]


def _write_sections(
    draft: Draft,
    stays: Sequence[Stay],
    rooms: list[list[tuple[str, str]]],
    teachers: list[Member],
    specialists: list[Member],
) -> None:
    rosters = Rosters(draft, stays)
    homeroom_subjects = len(ELEMENTARY_SUBJECTS) - SPECIALIST_SUBJECTS
    for place, (room, teacher) in enumerate(zip(rooms, teachers, strict=True)):
        students = [student for student, _ in room]
        for period, (department, _, _) in enumerate(ELEMENTARY_SUBJECTS, start=1):
            special = period > homeroom_subjects
            person = specialists[(place + period) % len(specialists)] if special else teacher
            number = f"{place + 1:02d}{period:02d}"
            _write_section(draft, number, department, room[-1][1], str(period), person)
            rosters.seat(number, students, draft.calendar.year)


def _write_section(draft: Draft, number: str, department: str, grade: str, period: str, teacher: Member) -> None:
    draft.add(
        "sections",
        school_id=draft.school_id,
        section_number=number,
        course_id=course_id("elementary_master", department, grade, 0),
        period=period,
        term_code="1|2|3" if department == "VPA" else "Y",
        active="true",
    )
    draft.add(
        "section_staff",
        school_id=draft.school_id,
        section_number=number,
        teacher_number=teacher.reference,
    )
