"""Students of sections as a build wants them: one sorted text of SSIDs for all who have the same dates.

Most students of a section come and go on the same days, so that a build on any day takes a few ready texts
instead of joining every roster row with its enrollment. Whoever does not fit stays a row (`loose_rosters`).
"""

from pathlib import Path

from cersgroups.engine.database import Connection, text

_RANGE_ROWS = 2_000_000
"""Roster rows that are gathered at a time: a whole state's would not fit in memory."""


def create_section_students(connection: Connection, folder: Path) -> None:
    """Make `section_students` and `loose_rosters` from the stored sections, enrollments and rosters in `folder`.

    `section_students`: by section and dates (of the roster rows: start_date, end_date; of the enrollments:
    enrolled_from, enrolled_to) the SSIDs in order, each once, one a line; how many `students`; `repeats` if an SSID
    stands twice in the section, on other dates. `loose_rosters`: rows of students without SSID, or without exactly
    one active enrollment at the school.
    """
    connection.execute(
        "CREATE TABLE section_students (section_row INTEGER, start_date DATE, end_date DATE, enrolled_from DATE, "
        "enrolled_to DATE, repeats BOOLEAN, students INTEGER, ssids VARCHAR);"
        "CREATE TABLE loose_rosters (section_row INTEGER, student_row INTEGER, start_date DATE, end_date DATE)"
    )
    for schools, sections in _ranges(connection, folder):
        _gather(connection, folder, schools, sections)


def _stored(folder: Path, table: str) -> str:
    return f"read_parquet({text(str(folder / f'{table}.parquet'))})"


def _ranges(connection: Connection, folder: Path) -> list[tuple[str, str]]:
    """Conditions for the schools and for the sections of one range after the other, of whole schools."""
    weights = connection.execute(
        f"SELECT school_row, min(section_row), max(section_row), sum(weight) FROM {_stored(folder, 'sections')} "
        f"JOIN (SELECT section_row, count(*) AS weight FROM {_stored(folder, 'rosters')} GROUP BY 1) "
        f"USING (section_row) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    ranges: list[list[int]] = []
    filled = _RANGE_ROWS
    for school, first, last, weight in weights:
        if filled + weight > _RANGE_ROWS:
            ranges.append([school, school, first, last])
            filled = 0
        ranges[-1][1], ranges[-1][3] = school, last
        filled += weight
    return [(f"BETWEEN {a} AND {b}", f"BETWEEN {first} AND {last}") for a, b, first, last in ranges]


def _gather(connection: Connection, folder: Path, schools: str, sections: str) -> None:
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE only_enrollment AS
        SELECT school_row, student_row, lpad(CAST(any_value(ssid_number) AS VARCHAR), 10, '0') AS ssid,
               any_value(start_date) AS enrolled_from, any_value(end_date) AS enrolled_to
        FROM {_stored(folder, "enrollments")} WHERE school_row {schools} AND active
        GROUP BY ALL HAVING count(*) = 1 AND any_value(ssid_number) IS NOT NULL;
        CREATE OR REPLACE TEMP TABLE placed_roster AS
        SELECT r.section_row, r.student_row, r.start_date, r.end_date, e.ssid, e.enrolled_from, e.enrolled_to
        FROM {_stored(folder, "rosters")} r JOIN {_stored(folder, "sections")} s USING (section_row)
        LEFT JOIN only_enrollment e ON e.student_row = r.student_row AND e.school_row = s.school_row
        WHERE r.section_row {sections} AND s.section_row {sections};
        INSERT INTO loose_rosters
            SELECT section_row, student_row, start_date, end_date FROM placed_roster WHERE ssid IS NULL;
        CREATE OR REPLACE TEMP TABLE repeating_section AS SELECT DISTINCT section_row FROM placed_roster
            WHERE ssid IS NOT NULL GROUP BY section_row, ssid HAVING count(*) > 1;
        INSERT INTO section_students
        SELECT section_row, start_date, end_date, enrolled_from, enrolled_to, repeats, len(ssids),
               array_to_string(list_sort(CASE WHEN repeats THEN list_distinct(ssids) ELSE ssids END), chr(10))
        FROM (SELECT section_row, start_date, end_date, enrolled_from, enrolled_to, list(ssid) AS ssids,
                     section_row IN (FROM repeating_section) AS repeats
              FROM placed_roster WHERE ssid IS NOT NULL GROUP BY ALL)
        """
    )
