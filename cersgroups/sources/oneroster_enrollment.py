"""enrollments.csv: who is in which section, who teaches it, and what homerooms are made of. Read as a stream."""

from collections import defaultdict
from dataclasses import dataclass, field

from cersgroups.sources.oneroster_class import Class, Classes
from cersgroups.sources.oneroster_date import earlier_end, is_empty
from cersgroups.sources.oneroster_export import Export, Reading
from cersgroups.sources.oneroster_span import Claim, Spans
from cersgroups.sources.oneroster_user import Users
from cersgroups.sources.roster_table import RosterTables

_COLUMNS = ("sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary")
_TRUE = ("true", "1", "yes")


@dataclass
class Homerooms:
    """The homeroom classes of each student by school, and the teachers of each homeroom class."""

    of_student: defaultdict[tuple[str, str], list[Claim]] = field(default_factory=lambda: defaultdict(list))
    teachers: defaultdict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Enrollments:
    """What enrollments.csv says beyond sections: homerooms, and schools that only classes tell."""

    homerooms: Homerooms = field(default_factory=Homerooms)
    schools_by_class: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class _Row:
    """One enrollment that is written. `role` is `student`, or one of the roster's roles of staff."""

    key: str
    user_id: str
    role: str
    begin: str
    end: str


def write_enrollments(export: Export, classes: Classes, users: Users, tables: RosterTables) -> Enrollments:
    """Read enrollments.csv, if it is there, and write rosters and section_staff."""
    found = Enrollments()
    if not export.has("enrollments"):
        return found
    spans = Spans()
    reading = export.read("enrollments", (*_COLUMNS, "beginDate", "endDate"), unique=False)
    for key, class_id, school_id, user_id, role, primary, begin_date, end_date in reading.active():
        known = classes.by_id.get(class_id)
        roster_role = _role(reading, key, role, primary)
        if known is None or roster_role is None:
            if known is None:
                reading.note("oneroster_enrollment_unknown_class", key, class_id)
            continue
        if school_id and school_id != known.school_id:
            reading.note("oneroster_enrollment_other_school", key, school_id)
        begin, end = reading.first_day(begin_date, "beginDate"), reading.last_day(end_date, "endDate")
        row = _without_role_end(_Row(key, user_id, roster_role, begin, end), users)
        if is_empty(row.begin, row.end):
            reading.note("oneroster_enrollment_without_days", key, f"{begin_date} {end_date}")
            continue
        _note_school(found, users, row, known)
        if known.is_homeroom:
            _note_homeroom(found.homerooms, row, known)
        else:
            _write_section_row(reading, spans, tables, row, known)
    return found


def _role(reading: Reading, key: str, role: str, primary: str) -> str | None:
    """`student`, `primary`, `co` or `aide`; nothing, with a finding, for any other role."""
    name = role.casefold()
    if name not in ("student", "teacher", "aide"):
        reading.note("oneroster_enrollment_role_unused", key, role)
        return None
    if name != role:
        reading.note("oneroster_value_case", key, role)
    if name == "teacher":
        return "primary" if primary.casefold() in _TRUE else "co"
    return name


def _without_role_end(row: _Row, users: Users) -> _Row:
    """Staff are in no section beyond the day on which their last role ends."""
    staff = users.staff.get(row.user_id)
    if row.role == "student" or staff is None or not staff.last_day:
        return row
    return _Row(row.key, row.user_id, row.role, row.begin, earlier_end(row.end, staff.last_day))


def _note_school(found: Enrollments, users: Users, row: _Row, known: Class) -> None:
    """Remember the school of a class that is not among the student's."""
    student = users.students.get(row.user_id) if row.role == "student" else None
    if student and all(assignment.org_id != known.school_id for assignment in student.assignments):
        found.schools_by_class[row.user_id].add(known.school_id)


def _note_homeroom(homerooms: Homerooms, row: _Row, known: Class) -> None:
    if row.role == "student":
        claim = Claim(row.begin, row.end, (row.begin, not row.end, row.end, known.class_id), known.class_id)
        homerooms.of_student[row.user_id, known.school_id].append(claim)
    elif row.role != "aide":
        rank = (row.role == "primary", row.begin, not row.end, row.end, row.user_id)
        homerooms.teachers[known.class_id].append(Claim(row.begin, row.end, rank, row.user_id))


def _write_section_row(reading: Reading, spans: Spans, tables: RosterTables, row: _Row, known: Class) -> None:
    span = spans.add((known.class_id, row.user_id, row.role), row.begin, row.end)
    if span is None or span[2]:
        reading.note("oneroster_enrollment_repeated", row.key, row.user_id)
    if span is None:
        return
    begin, end, _ = span
    where = {"school_id": known.school_id, "section_number": known.section_number}
    if row.role == "student":
        tables.write("rosters", **where, student_id=row.user_id, start_date=begin, end_date=end)
    else:
        tables.write("section_staff", **where, staff_id=row.user_id, role=row.role, start_date=begin, end_date=end)
