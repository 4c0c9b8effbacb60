"""The groups that profiles ask for in one batch of schools, by type (DEVELOPING.md, "Building", step 2).

Every type fills two tables. `source` holds the groups: profile, kind, school, person, raw (what besides the
person tells groups apart). Students come by `source_section` (classes: everybody on those sections'
rosters) or by `source_student` (all other types); both say which group by `sg`, the group's number.
"""

from collections.abc import Callable
from datetime import date

from cersgroups.core.profile import NamePattern, Profile, Type
from cersgroups.core.roster import GRADES
from cersgroups.engine.database import Connection, text
from cersgroups.engine.person import PERSON_TABLE
from cersgroups.engine.snapshot import Snapshot

_RAW: dict[NamePattern, str] = {
    "teacher_period": "period",
    "teacher_section": "section_number",
    "teacher_course": "title",
}

_GRADES = ", ".join(map(text, GRADES))


def load_groups(connection: Connection, snapshot: Snapshot, profiles: list[Profile], as_of: date) -> None:
    """Make `source`, `source_section` and `source_student` of the batch for all profiles, with findings."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE wish_section (profile INTEGER, kind VARCHAR, school_row INTEGER, person VARCHAR,
            raw VARCHAR, section_row INTEGER);
        CREATE OR REPLACE TEMP TABLE wish_student (profile INTEGER, kind VARCHAR, school_row INTEGER, person VARCHAR,
            raw VARCHAR, student_row INTEGER, student_id VARCHAR, ssid_number BIGINT)
        """
    )
    for number, profile in enumerate(profiles):
        _BY_TYPE[profile.type](connection, snapshot, number, profile, as_of)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE source AS
        SELECT w.*, CAST(row_number() OVER () AS INTEGER) AS sg,
               s.school_id, s.school_number, s.cds_code, p.subject, p.school_year, p.readable
        FROM (SELECT DISTINCT profile, kind, school_row, person, raw FROM wish_section
              UNION SELECT DISTINCT profile, kind, school_row, person, raw FROM wish_student) w
        JOIN scope s USING (school_row) JOIN profile p USING (profile);
        CREATE OR REPLACE TEMP TABLE source_section AS SELECT sg, section_row, school_row, person
            FROM wish_section JOIN source USING (profile, kind, school_row, person, raw);
        CREATE OR REPLACE TEMP TABLE source_student AS SELECT sg, student_row, student_id, school_id, ssid_number
            FROM wish_student JOIN source USING (profile, kind, school_row, person, raw)
        """
    )


def _matches(column: str, filter_name: str, number: int, chosen: object) -> str:
    """SQL: the filter lets the value through; true if nothing is chosen."""
    if not chosen:
        return "true"
    return f"{column} IN (SELECT value FROM choice WHERE profile = {number} AND list = '{filter_name}')"


def _person_matches(person: str, school_row: str, filter_name: str, number: int, chosen: object) -> str:
    """SQL: the person is chosen, as staff_id or as `school_id/teacher_number` of a record at that school."""
    if not chosen:
        return "true"
    return (
        f"({person} IN (SELECT 's' || value FROM choice WHERE profile = {number} AND list = '{filter_name}') OR "
        f"({school_row}, {person}) IN (SELECT (school_row, person) FROM chosen_record "
        f"WHERE profile = {number} AND list = '{filter_name}'))"
    )


def load_chosen_records(connection: Connection, snapshot: Snapshot) -> None:
    """Make `chosen_record`: the people behind choices written as `school_id/teacher_number`."""
    connection.execute(
        f"""
        CREATE TABLE chosen_record AS
        SELECT c.profile, c.list, s.school_row, CASE WHEN t.staff_id IS NULL
               THEN 't' || t.school_id || '/' || t.teacher_number ELSE 's' || t.staff_id END AS person
        FROM choice c JOIN {snapshot.parquet("teachers")} t ON c.value = t.school_id || '/' || t.teacher_number
        JOIN {snapshot.parquet("schools")} s USING (school_id)
        WHERE c.list IN ('teachers', 'counselors')
          AND NOT EXISTS (SELECT 1 FROM {snapshot.parquet("staff")} f WHERE f.staff_id = c.value)
        """
    )


def _classes(connection: Connection, snapshot: Snapshot, number: int, profile: Profile, as_of: date) -> None:  # noqa: ARG001
    filters = profile.filters
    pattern = profile.name_pattern or "teacher_period"
    narrowed = filters.departments or filters.subject_areas or filters.courses or filters.teachers
    if profile.primary_classes_only and not narrowed and not _all_track(connection, number):
        return
    taught = _person_matches("f.person", "f.school_row", "teachers", number, filters.teachers)
    of_course = " AND ".join(
        (
            _matches("s.department", "departments", number, filters.departments),
            _matches("s.subject_area", "subject_areas", number, filters.subject_areas),
            _matches("s.course_id", "courses", number, filters.courses),
            "s.primary_class" if profile.primary_classes_only else "true",
        )
    )
    by_teacher = f"s.section_row IN (SELECT f.section_row FROM live_staff f WHERE {taught})"
    chosen = f"{of_course} AND {by_teacher if filters.teachers else 'true'}"
    at_school = f"JOIN chosen_school c ON c.profile = {number} AND c.school_row = s.school_row"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE chosen_section AS SELECT s.*, t.person, t.primaries FROM live_section s "
        f"{at_school} LEFT JOIN section_teacher t USING (section_row) WHERE {chosen}"
    )
    connection.execute(
        f"INSERT INTO wish_section SELECT {number}, '{pattern}', school_row, person, "
        f"coalesce({_RAW[pattern]}, ''), section_row FROM chosen_section WHERE person IS NOT NULL"
    )
    section_key = "'sections', concat_ws('/', school_id, section_number)"
    for code, value, condition in (
        ("section_without_teacher", "title", "person IS NULL"),
        ("several_primary_teachers", "substr(person, 2)", "primaries > 1"),
    ):
        connection.execute(
            f"INSERT INTO finding_row SELECT '{code}', school_id, {section_key}, {value}, NULL "
            f"FROM chosen_section WHERE {condition}"
        )
    connection.execute(
        f"INSERT INTO finding_row SELECT 'section_not_live', s.school_id, 'sections', "
        f"concat_ws('/', s.school_id, s.section_number), s.title, s.why FROM any_section s {at_school} "
        f"WHERE s.why IS NOT NULL AND {of_course};"
        f"INSERT INTO finding_row SELECT DISTINCT 'person_not_active', f.school_id, {PERSON_TABLE.format('f.person')}, "
        f"substr(f.person, 2), concat(f.role, ' of section ', f.school_id, '/', f.section_number), NULL "
        f"FROM any_staff f JOIN chosen_section s USING (section_row) WHERE NOT f.person_live"
    )


def _all_track(connection: Connection, number: int) -> bool:
    """Whether every chosen school tracks primary classes; a finding names those that do not."""
    missing = connection.execute(
        "SELECT school_id FROM wanted_school WHERE profile = ? AND NOT tracks_primary_classes", [number]
    ).fetchall()
    if missing:
        connection.execute(
            "INSERT INTO finding_row SELECT 'primary_classes_not_tracked', v, 'schools', v, NULL, NULL "
            "FROM (SELECT unnest(?) AS v) WHERE v NOT IN "
            "(SELECT key FROM finding_row WHERE code = 'primary_classes_not_tracked')",
            [[school_id for (school_id,) in missing]],
        )
    return not missing


def _by_person(role: str, kind: Type, filter_name: str, missing_code: str) -> "Fill":
    """Students by the person that an enrollment names: homeroom teacher or counselor."""

    def fill(connection: Connection, snapshot: Snapshot, number: int, profile: Profile, as_of: date) -> None:  # noqa: ARG001
        wanted = _person_matches(
            f"{role}_person", "e.school_row", filter_name, number, getattr(profile.filters, filter_name)
        )
        rows = f"FROM live_enrollment e JOIN chosen_school c ON c.profile = {number} AND c.school_row = e.school_row"
        connection.execute(
            f"INSERT INTO wish_student SELECT {number}, '{kind}', e.school_row, {role}_person, '', "
            f"student_row, student_id, ssid_number {rows} WHERE {role}_live AND {wanted}"
        )
        connection.execute(
            f"INSERT INTO finding_row SELECT DISTINCT 'person_not_active', e.school_id, "
            f"{PERSON_TABLE.format(f'{role}_person')}, substr({role}_person, 2), '{role} at ' || e.school_id, NULL "
            f"{rows} WHERE NOT {role}_live AND {wanted}"
        )
        if not getattr(profile.filters, filter_name):
            connection.execute(
                f"INSERT INTO finding_row SELECT '{missing_code}', e.school_id, 'students', student_id, NULL, NULL "
                f"{rows} WHERE {role}_person IS NULL"
            )

    return fill


def _grade(connection: Connection, snapshot: Snapshot, number: int, profile: Profile, as_of: date) -> None:  # noqa: ARG001
    rows = f"FROM live_enrollment e JOIN chosen_school c ON c.profile = {number} AND c.school_row = e.school_row"
    connection.execute(
        f"INSERT INTO wish_student SELECT {number}, 'grade', e.school_row, '', grade, student_row, student_id, "
        f"ssid_number {rows} WHERE grade IN ({_GRADES}) "
        f"AND {_matches('grade', 'grades', number, profile.filters.grades)};"
        f"INSERT INTO finding_row SELECT 'grade_unknown', e.school_id, 'students', student_id, grade, NULL "
        f"{rows} WHERE grade IS NULL OR grade NOT IN ({_GRADES})"
    )


def load_live_groups(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """Make `live_group` by profile: the student groups it chooses that are not expired, nor confidential
    unless chosen by code; with findings."""
    connection.execute(
        f"""
        CREATE TABLE live_group AS
        SELECT p.profile, g.*, g.expires_on < DATE '{as_of.isoformat()}' AS expired, c.value IS NOT NULL AS by_code
        FROM profile p CROSS JOIN {snapshot.parquet("student_groups")} g
        LEFT JOIN choice c ON c.profile = p.profile AND c.list = 'student_groups' AND c.value = g.group_code
        WHERE c.value IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM choice o WHERE o.profile = p.profile AND o.list = 'student_groups')
        """
    )


def tell_unusable_groups(connection: Connection, number: int) -> None:
    """Findings for the student groups that the profile's choice holds but that may not be written."""
    for code, condition in (
        ("group_expired", "expired"),
        ("group_confidential", "confidential AND NOT by_code"),
    ):
        connection.execute(
            f"INSERT INTO finding_row SELECT '{code}', school_id, 'student_groups', group_code, name, NULL "
            f"FROM live_group WHERE profile = {number} AND {condition}"
        )


def _student_group(connection: Connection, snapshot: Snapshot, number: int, profile: Profile, as_of: date) -> None:  # noqa: ARG001
    connection.execute(
        f"INSERT INTO wish_student SELECT {number}, 'student_group', e.school_row, '', g.group_code, e.student_row, "
        f"e.student_id, e.ssid_number FROM live_enrollment e "
        f"JOIN chosen_school c ON c.profile = {number} AND c.school_row = e.school_row "
        f"JOIN {snapshot.parquet('group_enrollments')} m ON m.student_row = e.student_row "
        f"AND m.school_row = e.school_row JOIN live_group g ON g.profile = {number} AND g.group_code = m.group_code "
        f"WHERE m.school_row BETWEEN (SELECT min(school_row) FROM scope) AND (SELECT max(school_row) FROM scope) "
        f"AND NOT coalesce(g.expired, false) AND (g.by_code OR NOT g.confidential)"
    )


def _student_list(connection: Connection, snapshot: Snapshot, number: int, profile: Profile, as_of: date) -> None:  # noqa: ARG001
    connection.execute(
        f"INSERT INTO wish_student SELECT {number}, 'student_list', e.school_row, '', {text(profile.list.name)}, "
        f"e.student_row, e.student_id, e.ssid_number FROM live_enrollment e "
        f"JOIN chosen_school c ON c.profile = {number} AND c.school_row = e.school_row "
        f"JOIN list_student l ON l.profile = {number} AND l.student_row = e.student_row"
    )


Fill = Callable[[Connection, Snapshot, int, Profile, date], None]

_BY_TYPE: dict[Type, Fill] = {
    "classes": _classes,
    "elementary_teacher": _by_person("homeroom", "elementary_teacher", "teachers", "student_without_homeroom"),
    "grade": _grade,
    "counselor": _by_person("counselor", "counselor", "counselors", "student_without_counselor"),
    "student_group": _student_group,
    "student_list": _student_list,
}
