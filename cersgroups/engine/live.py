"""What is live on a day, for one batch of schools: enrollments, sections, their staff and teacher.

Source: DEVELOPING.md, "Building", step 1. A roster row's own dates are tested where rosters are read.
"""

from datetime import date

from cersgroups.engine.database import Connection
from cersgroups.engine.snapshot import Snapshot


def during(as_of: date, alias: str, first: str = "start_date", last: str = "end_date") -> str:
    """SQL: the row's own dates (blank = open) contain the day."""
    day = f"DATE '{as_of.isoformat()}'"
    return (
        f"({alias}.{first} IS NULL OR {alias}.{first} <= {day}) AND ({alias}.{last} IS NULL OR {alias}.{last} >= {day})"
    )


def load_scope(connection: Connection, snapshot: Snapshot, first: int, last: int) -> None:
    """Make `scope`: the schools of the batch, numbers `first` to `last`, chosen or not; and their people."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE scope AS SELECT school_row, school_id, school_number, cds_code "
        f"FROM {snapshot.parquet('schools')} WHERE school_row BETWEEN {first} AND {last};"
        f"CREATE OR REPLACE TEMP TABLE scope_people AS SELECT p.*, s.cds_code FROM {snapshot.parquet('people')} p "
        f"JOIN scope s USING (school_row) WHERE p.school_row BETWEEN {first} AND {last}"
    )


def load_enrollments(connection: Connection, snapshot: Snapshot, first: int, last: int, as_of: date) -> None:
    """Make `live_enrollment` of the batch: a view, because each type reads other columns of it, once."""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW live_enrollment AS SELECT * FROM {snapshot.parquet('enrollments')} e "
        f"WHERE e.school_row BETWEEN {first} AND {last} AND e.active AND {during(as_of, 'e')}"
    )


NO_SCHOOL = (1, 0)
"""A range of school_row that holds none: for what no profile needs."""


def load_sections(connection: Connection, snapshot: Snapshot, first: int, last: int, as_of: date) -> None:
    """Make `live_section`, `live_staff` and `section_teacher` of the batch."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE any_section AS
        SELECT t.section_row, t.school_row, t.school_id, t.section_number, t.period, t.primary_class, t.course_id,
               c.title, c.department, c.subject_area,
               CASE WHEN NOT t.active THEN 'inactive' WHEN c.course_id IS NULL THEN 'no course'
                    WHEN NOT coalesce(list_has_any(t.term_code, l.codes), false) THEN 'no live term' END AS why
        FROM {snapshot.parquet("sections")} t
        LEFT JOIN {snapshot.parquet("courses")} c USING (course_id)
        LEFT JOIN live_term l ON l.school_id = t.school_id
        WHERE t.school_row BETWEEN {first} AND {last};
        CREATE OR REPLACE TEMP VIEW live_section AS SELECT * EXCLUDE (why) FROM any_section WHERE why IS NULL;
        CREATE OR REPLACE TEMP TABLE section_range AS
            SELECT coalesce(min(section_row), 0) AS first, coalesce(max(section_row), -1) AS last FROM any_section
        """
    )
    low, high = section_range(connection)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE any_staff AS
        SELECT t.section_row, s.school_row, s.school_id, s.section_number, t.person, t.role, p.id, t.person_live
        FROM {snapshot.parquet("section_staff")} t JOIN live_section s USING (section_row)
        JOIN scope_people p ON p.school_row = s.school_row AND p.person = t.person
        WHERE t.section_row BETWEEN {low} AND {high} AND t.active AND {during(as_of, "t")};
        CREATE OR REPLACE TEMP VIEW live_staff AS SELECT * EXCLUDE (person_live) FROM any_staff WHERE person_live;
        CREATE OR REPLACE TEMP TABLE section_teacher AS
        SELECT section_row, arg_min(person, {{'a': role <> 'primary', 'id': id, 'p': person}}) AS person,
               count(DISTINCT person) FILTER (WHERE role = 'primary') AS primaries
        FROM live_staff WHERE role <> 'aide' GROUP BY section_row
        """
    )


def section_range(connection: Connection) -> tuple[int, int]:
    """The first and the last section_row of the batch."""
    row = connection.execute("SELECT first, last FROM section_range").fetchone()
    return (row[0], row[1]) if row else (0, -1)
