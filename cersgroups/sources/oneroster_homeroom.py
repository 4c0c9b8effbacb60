"""Enrollments at schools with their homeroom teacher on each day, and the teacher records for them.

The roster's enrollments carry one homeroom teacher each. Where the homeroom or its teacher changes, the
enrollment is cut, so that a teacher who left has no homeroom from that day on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cersgroups.sources.oneroster_class import Class, Classes
from cersgroups.sources.oneroster_enrollment import Enrollments, Homerooms
from cersgroups.sources.oneroster_export import Export
from cersgroups.sources.oneroster_org import Orgs
from cersgroups.sources.oneroster_session import Session, Sessions
from cersgroups.sources.oneroster_span import Claim, Piece, Spans, pieces
from cersgroups.sources.oneroster_user import Student, Users
from cersgroups.sources.roster_table import RosterTables


@dataclass(frozen=True)
class Timetable:
    """Which sessions there are, and which are the terms of each school."""

    sessions: Sessions
    terms: dict[str, list[Session]]

    def class_days(self, known: Class) -> tuple[str, str]:
        """First and last day of a class by its sessions."""
        return self.widened(known.school_id, *self.sessions.days(known.sessions))

    def widened(self, school_id: str, begin: str, end: str) -> tuple[str, str]:
        """The span, open on a side where the school has no term beyond: no group can differ there."""
        terms = self.terms.get(school_id)
        if not terms:
            return begin, end
        opens = begin <= min(term.start for term in terms)
        closes = not end or end >= max(term.end for term in terms)
        return "" if opens else begin, "" if closes else end


class HomeroomTeachers:
    """Who is the teacher of each homeroom class, day by day."""

    def __init__(self, homerooms: Homerooms, classes: Classes, timetable: Timetable, export: Export) -> None:
        self._homerooms = homerooms
        self._timetable = timetable
        self._export = export
        self.by_class: dict[str, list[Piece]] = {}
        for class_id, known in classes.by_id.items():
            if known.is_homeroom:
                self.by_class[class_id] = self._teachers(known)

    def of(self, student_id: str, school_id: str, begin: str, end: str) -> list[Piece]:
        """A student's enrollment at a school, cut where the homeroom teacher changes."""
        found = self._homerooms.of_student.get((student_id, school_id), [])
        claims = [self._widened(school_id, claim) for claim in found]
        if len({claim.value for claim in claims}) > 1:
            values = ", ".join(sorted({claim.value for claim in claims}))
            self._note("oneroster_several_homerooms", student_id, values)
        return pieces(begin, end, (taught for claim in claims for taught in self._taught(claim)))

    def _taught(self, claim: Claim) -> Iterator[Claim]:
        for piece in self.by_class[claim.value]:
            taught = Claim(piece.begin, piece.end, claim.rank, piece.value).within(claim.begin, claim.end)
            if piece.value and not taught.is_empty:
                yield taught

    def _teachers(self, known: Class) -> list[Piece]:
        claims = [self._widened(known.school_id, c) for c in self._homerooms.teachers.get(known.class_id, [])]
        best = [claim for claim in claims if claim.rank[0]] or claims
        if len({claim.value for claim in best}) != 1:
            teachers = ", ".join(sorted({claim.value for claim in best}))
            self._note("oneroster_homeroom_teachers", known.class_id, teachers)
        return pieces(*self._timetable.class_days(known), claims)

    def _note(self, code: str, key: str, value: str) -> None:
        self._export.tally.add(code, self._export.noun("enrollments"), key, value)

    def _widened(self, school_id: str, claim: Claim) -> Claim:
        begin, end = self._timetable.widened(school_id, claim.begin, claim.end)
        return Claim(begin, end, claim.rank, claim.value)


def write_school_enrollments(
    orgs: Orgs, users: Users, found: Enrollments, teachers: HomeroomTeachers, tables: RosterTables, export: Export
) -> None:
    """Write one enrollment per student, school and homeroom teacher."""
    for student_id, student in users.students.items():
        spans = list(_schools(orgs, student_id, student, found, export))
        if not spans:
            export.tally.add("oneroster_student_without_school", export.noun("users"), student_id)
        for school_id, begin, end in spans:
            for piece in teachers.of(student_id, school_id, begin, end):
                tables.write(
                    "enrollments",
                    student_id=student_id,
                    school_id=school_id,
                    grade=student.grade,
                    start_date=piece.begin,
                    end_date=piece.end,
                    homeroom_teacher_number=piece.value,
                )


def write_teachers(teachers: HomeroomTeachers, classes: Classes, users: Users, tables: RosterTables) -> None:
    """Write a teacher record, numbered by the staff_id, for each homeroom teacher at each school."""
    records = {
        (classes.by_id[class_id].school_id, piece.value)
        for class_id, found in teachers.by_class.items()
        for piece in found
        if piece.value in users.staff
    }
    for school_id, staff_id in sorted(records):
        staff = users.staff[staff_id]
        tables.write(
            "teachers",
            school_id=school_id,
            teacher_number=staff_id,
            staff_id=staff_id,
            last_name=staff.last_name,
            first_name=staff.first_name,
            email=staff.email,
            active=staff.active,
        )


def _schools(
    orgs: Orgs, student_id: str, student: Student, found: Enrollments, export: Export
) -> Iterator[tuple[str, str, str]]:
    """School, first and last day of a student's enrollments; orgs that are no school are passed over."""
    spans = Spans()
    for assignment in student.assignments:
        if not assignment.org_id or orgs.is_no_school(assignment.org_id):
            continue
        if span := spans.add(assignment.org_id, assignment.begin, assignment.end):
            yield assignment.org_id, span[0], span[1]
    for school_id in sorted(found.schools_by_class.get(student_id, ())):
        export.tally.add("oneroster_school_from_class", export.noun("enrollments"), student_id, school_id)
        yield school_id, "", ""
