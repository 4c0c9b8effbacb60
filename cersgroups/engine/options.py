"""The lists that a profile's filters offer, from a snapshot. The selections build upon each other.

Each list follows the schools and the filters before it: departments, then subject areas, courses, teachers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cersgroups.core.profile import Filters, Type
from cersgroups.core.roster import GRADES
from cersgroups.engine.database import reading, text
from cersgroups.engine.snapshot import Snapshot

Option = tuple[str, str, str]
"""One entry of a list: the value a profile holds, what people read, and a second line (code, school).

A plain tuple: Python's garbage collector need not look at it again, and there are tens of thousands of them.
"""

FOLLOWED: dict[str, tuple[str, ...]] = {
    "subject_areas": ("departments",),
    "courses": ("departments", "subject_areas"),
    "teachers": ("departments", "subject_areas", "courses"),
}
"""The filters that a list follows; every other list follows the schools at most."""


@dataclass(frozen=True)
class Narrowing:
    """What the lists follow: chosen schools (none: all of them), the type, and the filters chosen so far.

    `all_teachers` shows teachers whatever courses are chosen (features D7).
    """

    schools: Sequence[str] = ()
    type: Type = "classes"
    filters: Filters = field(default_factory=Filters)
    all_teachers: bool = False


def list_options(snapshot: Snapshot, name: str, narrowing: Narrowing) -> list[Option]:
    """The entries of one list, sorted by label: `schools`, a filter's name, or `additional`.

    Raises KeyError for a list that does not exist.
    """
    with reading() as connection:
        return connection.execute(
            f"WITH chosen AS MATERIALIZED ({_chosen(snapshot, narrowing)}) "
            f"SELECT value, label, coalesce(note, '') FROM ({_LISTS[name](snapshot, narrowing)}) "
            f"WHERE value IS NOT NULL ORDER BY {_ORDER.get(name, 'lower(label), value')}",
            [list(narrowing.schools)] if narrowing.schools else [],
        ).fetchall()


def _chosen(snapshot: Snapshot, narrowing: Narrowing) -> str:
    """SQL: the schools."""
    wanted = " WHERE school_id IN (SELECT unnest(?))" if narrowing.schools else ""
    return f"SELECT school_id, school_row, name FROM {snapshot.parquet('schools')}{wanted}"


def _any_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(map(text, values))})" if values else "true"


def _counted(noun: str) -> str:
    """SQL: `1 course`, `1,200 courses`."""
    return f"format('{{:,}} {noun}{{}}', count(*), CASE WHEN count(*) > 1 THEN 's' ELSE '' END)"


def _courses(snapshot: Snapshot, *conditions: str) -> str:
    """SQL: courses with a section at the chosen schools."""
    return (
        f"SELECT * FROM {snapshot.parquet('courses')} WHERE course_id IN (SELECT course_id FROM "
        f"{snapshot.parquet('sections')} WHERE school_row IN (SELECT school_row FROM chosen)) AND "
        + " AND ".join(conditions or ("true",))
    )


def _schools(snapshot: Snapshot, narrowing: Narrowing) -> str:  # noqa: ARG001 - every list has the same form
    return (
        f"SELECT school_id AS value, name AS label, concat_ws(', ', school_number, cds_code, "
        f"CASE WHEN NOT active THEN 'inactive' END) AS note FROM {snapshot.parquet('schools')}"
    )


def _departments(snapshot: Snapshot, narrowing: Narrowing) -> str:  # noqa: ARG001
    return (
        f"SELECT department AS value, department AS label, {_counted('course')} AS note "
        f"FROM ({_courses(snapshot)}) GROUP BY department"
    )


def _subject_areas(snapshot: Snapshot, narrowing: Narrowing) -> str:
    of_departments = _any_of("department", narrowing.filters.departments)
    return (
        f"SELECT subject_area AS value, subject_area AS label, {_counted('course')} AS note "
        f"FROM ({_courses(snapshot, of_departments)}) GROUP BY subject_area"
    )


def _course_list(snapshot: Snapshot, narrowing: Narrowing) -> str:
    return (
        f"SELECT course_id AS value, coalesce(title, course_id) AS label, "
        f"concat_ws(', ', course_id, department) AS note "
        f"FROM ({_filtered_courses(snapshot, narrowing.filters)})"
    )


def _filtered_courses(snapshot: Snapshot, filters: Filters) -> str:
    return _courses(
        snapshot, _any_of("department", filters.departments), _any_of("subject_area", filters.subject_areas)
    )


def _teachers(snapshot: Snapshot, narrowing: Narrowing) -> str:
    """Those of homerooms, and teacher records, for elementary teachers; for classes section staff, whom the course
    filters narrow."""
    if narrowing.type == "elementary_teacher":
        return _elementary_teachers(snapshot)
    filters = narrowing.filters
    followed = "true"
    if not narrowing.all_teachers and (filters.departments or filters.subject_areas or filters.courses):
        courses = f"SELECT course_id FROM ({_filtered_courses(snapshot, filters)})"
        followed = f"c.course_id IN ({courses}) AND {_any_of('c.course_id', filters.courses)}"
    return _people(
        snapshot,
        f"SELECT DISTINCT c.school_row, t.person FROM {snapshot.parquet('section_staff')} t "
        f"JOIN {snapshot.parquet('sections')} c USING (section_row) JOIN chosen USING (school_row) "
        f"WHERE t.person_live AND {followed}",
    )


def _elementary_teachers(snapshot: Snapshot) -> str:
    """SQL: homeroom teachers of whatever school; and the teacher records of schools without a master schedule, as a
    profile may be made before the year's homerooms are (features D7)."""
    named = (
        f"SELECT school_row, person, true AS homeroom FROM ({_named_by(snapshot, 'homeroom')}) UNION ALL "
        f"SELECT DISTINCT chosen.school_row, CASE WHEN t.staff_id IS NULL THEN 't' || school_id || '/' || "
        f"t.teacher_number ELSE 's' || t.staff_id END, false FROM {snapshot.parquet('teachers')} t "
        f"JOIN chosen USING (school_id) JOIN {snapshot.parquet('schools')} s USING (school_id) "
        f"LEFT JOIN {snapshot.parquet('staff')} f ON f.staff_id = t.staff_id "
        f"WHERE s.schedule = 'elementary' AND t.active AND coalesce(f.active, true)"
    )
    return _people(snapshot, named, "CASE WHEN NOT bool_or(n.homeroom) THEN 'no homeroom' END")


def _counselors(snapshot: Snapshot, narrowing: Narrowing) -> str:  # noqa: ARG001
    return _people(snapshot, _named_by(snapshot, "counselor"))


def _named_by(snapshot: Snapshot, role: str) -> str:
    return (
        f"SELECT DISTINCT school_row, {role}_person AS person FROM {snapshot.parquet('enrollments')} "
        f"JOIN chosen USING (school_row) WHERE {role}_live"
    )


def _people(snapshot: Snapshot, named: str, more: str = "NULL") -> str:
    """SQL: people as a profile names them: staff_id, or `school_id/teacher_number` for a record without staff.

    `more`: SQL of what else is said of them.
    """
    return (
        f"SELECT substr(n.person, 2) AS value, min(p.full_name) AS label, "
        f"concat_ws(', ', min(p.id), string_agg(DISTINCT c.name, ', ' ORDER BY c.name), {more}) "
        f"AS note FROM ({named}) n "
        f"JOIN {snapshot.parquet('people')} p ON p.school_row = n.school_row AND p.person = n.person "
        f"JOIN chosen c ON c.school_row = n.school_row GROUP BY n.person"
    )


def _grades(snapshot: Snapshot, narrowing: Narrowing) -> str:  # noqa: ARG001
    return (
        f"SELECT grade AS value, grade AS label, {_counted('student')} AS note "
        f"FROM {snapshot.parquet('enrollments')} JOIN chosen USING (school_row) "
        f"WHERE {_any_of('grade', GRADES)} GROUP BY grade"
    )


def _student_groups(snapshot: Snapshot, narrowing: Narrowing) -> str:  # noqa: ARG001
    return (
        f"SELECT g.group_code AS value, coalesce(g.name, g.group_code) AS label, concat_ws(', ', g.group_code, "
        f"{_counted('student')}, CASE WHEN g.confidential THEN 'confidential' END, "
        f"CASE WHEN g.expires_on IS NOT NULL THEN 'until ' || g.expires_on END) AS note "
        f"FROM {snapshot.parquet('student_groups')} g JOIN {snapshot.parquet('group_enrollments')} m "
        f"USING (group_code) JOIN chosen USING (school_row) "
        f"GROUP BY g.group_code, g.name, g.confidential, g.expires_on"
    )


def _additional(snapshot: Snapshot, narrowing: Narrowing) -> str:  # noqa: ARG001
    return (
        f"SELECT staff_id AS value, concat_ws(' ', last_name, first_name) AS label, "
        f"concat_ws(', ', staff_id, email) AS note FROM {snapshot.parquet('staff')} "
        f"WHERE active AND state_educator_id IS NOT NULL AND email IS NOT NULL"
    )


_LISTS: dict[str, Callable[[Snapshot, Narrowing], str]] = {
    "schools": _schools,
    "departments": _departments,
    "subject_areas": _subject_areas,
    "courses": _course_list,
    "teachers": _teachers,
    "grades": _grades,
    "counselors": _counselors,
    "student_groups": _student_groups,
    "additional": _additional,
}

_ORDER = {"grades": f"list_position([{', '.join(map(text, GRADES))}], value)"}
"""Grades come in school order; everything else by label."""
