"""Who teaches, keeps a homeroom or counsels: staff and teacher records resolved to people.

One staff_id is one person; a teacher record without one is a person of its own (DEVELOPING.md, "Names").
Whether somebody is active does not depend on a date, so it is decided here, once a snapshot.
"""

from cersgroups.core.student_group import MAX_EMAIL
from cersgroups.engine.database import Connection

VALID_EMAIL = (
    "(regexp_full_match({0}, '[!-~]+') AND NOT regexp_matches({0}, '^[-+=]|[,\"\\\\]') "
    f"AND regexp_full_match({{0}}, '[^@]+@[^@]+') AND length({{0}}) <= {MAX_EMAIL})"
)
"""SQL: an address that CERS stores as it is: exactly one @, printable ASCII, no space, comma, quote, backslash.

None that begins with =, + or -: to CERS `=cmd|'/Cx@y'!A0` is an address, but a spreadsheet would run it.
"""

PERSON_TABLE = "CASE WHEN {0}[1] = 's' THEN 'staff' ELSE 'teachers' END"
"""SQL: the table in which a person stands, whose key there is the rest of the text."""


def resolve_people(connection: Connection) -> None:
    """Make `record`, `staff_at`, `people` and add person columns to section_staff and enrollments."""
    _create_records(connection)
    _resolve_section_staff(connection)
    for column, role in (("homeroom_teacher_number", "homeroom"), ("counselor_id", "counselor")):
        _resolve_enrollments(connection, column, role)
    _create_people(connection)


def _create_records(connection: Connection) -> None:
    """`record`: a teacher record with its person; `staff_at`: whether a staff member is active at a school.

    Staff marked inactive is active nowhere. At a school where somebody has teacher records and all of them
    are inactive, the person is not active there; a record elsewhere says nothing about this school.
    """
    connection.execute(
        "CREATE TABLE record AS SELECT t.*, t.active AND coalesce(s.active, true) AS live, "
        "CASE WHEN t.staff_id IS NULL THEN 't' || t.school_id || '/' || t.teacher_number "
        "ELSE 's' || t.staff_id END AS person "
        "FROM teachers t LEFT JOIN staff s USING (staff_id)"
    )
    connection.execute(
        "CREATE TABLE staff_at AS SELECT school_id, staff_id, bool_or(live) AS live FROM record "
        "WHERE staff_id IS NOT NULL GROUP BY ALL"
    )


def _resolve_section_staff(connection: Connection) -> None:
    """Each column means what its name says; only where it fits nothing there, the other reading is tried.

    If both are filled and name two people, the staff member counts, with a finding.
    """
    connection.execute(
        """
        CREATE TABLE section_person AS
        WITH reading AS (
            SELECT t.*, coalesce(s.staff_id, s2.staff_id) AS found_staff,
                   CASE WHEN r.teacher_number IS NOT NULL THEN r.person
                        WHEN s.staff_id IS NULL THEN r2.person END AS found_person,
                   CASE WHEN r.teacher_number IS NOT NULL THEN r.live
                        WHEN s.staff_id IS NULL THEN r2.live END AS record_live,
                   s.staff_id IS NOT NULL AND r.person IS NOT NULL AND r.person <> 's' || s.staff_id AS two_people
            FROM section_staff t
            LEFT JOIN staff s ON s.staff_id = t.staff_id
            LEFT JOIN record r ON r.school_id = t.school_id AND r.teacher_number = t.teacher_number
            LEFT JOIN record r2 ON r2.school_id = t.school_id AND r2.teacher_number = t.staff_id
            LEFT JOIN staff s2 ON s2.staff_id = t.teacher_number AND r.teacher_number IS NULL
        )
        SELECT g.* EXCLUDE (found_staff, found_person, record_live),
               CASE WHEN found_staff IS NOT NULL THEN 's' || found_staff ELSE found_person END AS person,
               coalesce(record_live, true)
                   AND (found_staff IS NULL OR (s.active AND coalesce(a.live, true))) AS person_live
        FROM reading g
        LEFT JOIN staff s ON s.staff_id = found_staff
        LEFT JOIN staff_at a ON a.school_id = g.school_id AND a.staff_id = found_staff
        """
    )
    connection.execute(
        "INSERT INTO finding_row SELECT 'person_fits_neither', school_id, 'section_staff', "
        "concat_ws('/', school_id, section_number), coalesce(staff_id, teacher_number), NULL "
        "FROM section_person WHERE person IS NULL"
    )
    connection.execute(
        "INSERT INTO finding_row SELECT 'section_staff_two_people', school_id, 'section_staff', "
        "concat_ws('/', school_id, section_number), staff_id, teacher_number FROM section_person WHERE two_people"
    )
    connection.execute(
        "DELETE FROM section_person WHERE person IS NULL; ALTER TABLE section_person DROP COLUMN two_people; "
        "DROP TABLE section_staff; ALTER TABLE section_person RENAME TO section_staff"
    )


def _resolve_enrollments(connection: Connection, column: str, role: str) -> None:
    """Add `<role>_person` and `<role>_live`. A value that fits a record and other staff is the record's."""
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE reading AS
        SELECT v.school_id, v.value,
               CASE WHEN r.person IS NOT NULL THEN r.person ELSE 's' || s.staff_id END AS person,
               CASE WHEN r.person IS NOT NULL THEN r.live ELSE s.active AND coalesce(a.live, true) END AS live,
               r.person IS NOT NULL AND s.staff_id IS NOT NULL AND r.person <> 's' || s.staff_id AS both_fit
        FROM (SELECT DISTINCT school_id, {column} AS value FROM enrollments WHERE {column} IS NOT NULL) v
        LEFT JOIN record r ON r.school_id = v.school_id AND r.teacher_number = v.value
        LEFT JOIN staff s ON s.staff_id = v.value
        LEFT JOIN staff_at a ON a.school_id = v.school_id AND a.staff_id = v.value
        """
    )
    for code, condition in (("person_fits_both", "both_fit"), ("person_fits_neither", "person IS NULL")):
        connection.execute(
            f"INSERT INTO finding_row SELECT '{code}', school_id, 'enrollments', "
            f"concat_ws('/', school_id, value), value, '{column}' FROM reading WHERE {condition}"
        )
    connection.execute(
        f"CREATE TABLE resolved AS SELECT e.*, g.person AS {role}_person, g.live AS {role}_live "
        f"FROM enrollments e LEFT JOIN reading g ON g.school_id = e.school_id AND g.value = e.{column}"
    )
    connection.execute("DROP TABLE enrollments; ALTER TABLE resolved RENAME TO enrollments")


def _create_people(connection: Connection) -> None:
    """`people`: everybody named at a school, live or not, with the name and e-mail to use there."""
    connection.execute(
        f"""
        CREATE TABLE people AS
        WITH named AS (
            SELECT school_id, person FROM record UNION SELECT school_id, person FROM section_staff
            UNION SELECT school_id, homeroom_person FROM enrollments WHERE homeroom_person IS NOT NULL
            UNION SELECT school_id, counselor_person FROM enrollments WHERE counselor_person IS NOT NULL
        ), best AS (
            SELECT school_id, person, arg_min(struct_pack(last_name, first_name, email), teacher_number) AS b
            FROM record WHERE active GROUP BY ALL
        ), own AS (
            SELECT school_id, person, teacher_number, last_name, first_name FROM record WHERE staff_id IS NULL
        ), joined AS (
            SELECT n.school_id, n.person, coalesce(s.staff_id, o.teacher_number) AS id,
                   CASE WHEN coalesce(b.b.last_name, b.b.first_name) IS NOT NULL
                        THEN concat_ws(' ', b.b.last_name, b.b.first_name)
                        WHEN s.staff_id IS NOT NULL THEN concat_ws(' ', s.last_name, s.first_name)
                        ELSE concat_ws(' ', o.last_name, o.first_name) END AS full_name,
                   coalesce(b.b.email, s.email) AS email, coalesce(a.live, true) AS active
            FROM named n
            LEFT JOIN best b ON b.school_id = n.school_id AND b.person = n.person
            LEFT JOIN own o ON o.school_id = n.school_id AND o.person = n.person
            LEFT JOIN staff s ON n.person = 's' || s.staff_id
            LEFT JOIN staff_at a ON a.school_id = n.school_id AND n.person = 's' || a.staff_id
        )
        SELECT *, coalesce({VALID_EMAIL.format("email")}, false) AS email_valid FROM joined
        """
    )
