"""References between roster tables: rows whose key refers to nothing go, other cells become blank.

Source: DEVELOPING.md, "The roster". People are resolved here once, so that no build has to: a person is
`s<staff_id>`, or `t<school_id>/<teacher_number>` for a teacher record without staff.
"""

from cersgroups.core.roster import TABLES
from cersgroups.engine.database import Connection, name, text
from cersgroups.engine.key import key_text, school_of

_KEYS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("terms", ("school_id",), "schools"),
    ("teachers", ("school_id",), "schools"),
    ("sections", ("school_id",), "schools"),
    ("section_staff", ("school_id", "section_number"), "sections"),
    ("enrollments", ("student_id",), "students"),
    ("enrollments", ("school_id",), "schools"),
    ("rosters", ("school_id", "section_number"), "sections"),
    ("rosters", ("student_id",), "students"),
    ("group_members", ("group_code",), "student_groups"),
    ("group_members", ("student_id",), "students"),
    ("group_staff", ("group_code",), "student_groups"),
    ("group_staff", ("staff_id",), "staff"),
)
"""In this order, so that what a left-out row leaves behind goes too."""

_CELLS: tuple[tuple[str, str, str], ...] = (
    ("teachers", "staff_id", "staff"),
    ("sections", "course_id", "courses"),
    ("student_groups", "school_id", "schools"),
)


def resolve_references(connection: Connection) -> None:
    """Leave out and blank what refers to nothing, and add the resolved people; findings tell of each."""
    for table, columns, target in _KEYS:
        _leave_out(connection, table, columns, target)
    for table, column, target in _CELLS:
        _blank(connection, table, column, target)
    connection.execute(
        f"INSERT INTO finding_row SELECT 'term_without_dates', school_id, 'terms', "
        f"{key_text(TABLES['terms'])}, NULL, NULL "
        "FROM terms WHERE start_date IS NULL OR end_date IS NULL"
    )
    _blank_list(
        connection,
        "sections",
        "term_code",
        "EXISTS (SELECT 1 FROM terms r WHERE r.school_id = t.school_id AND r.term_code = item)",
    )
    _blank_list(connection, "staff", "school_ids", "EXISTS (SELECT 1 FROM schools r WHERE r.school_id = item)")


def _leave_out(connection: Connection, table: str, columns: tuple[str, ...], target: str) -> None:
    t = TABLES[table]
    same = " AND ".join(f"r.{name(c)} = t.{name(c)}" for c in columns)
    lost = f"{table} t ANTI JOIN {target} r ON {same}"
    value = "concat_ws('/', " + ", ".join(f"t.{name(c)}" for c in columns) + ")"
    connection.execute(
        f"INSERT INTO finding_row SELECT 'row_refers_to_nothing', {school_of(t, 't')}, {text(table)}, "
        f"{key_text(t, 't')}, {value}, 'not in {target}' FROM {lost}"
    )
    connection.execute(f"DELETE FROM {table} WHERE row IN (SELECT t.row FROM {lost})")


def _blank(connection: Connection, table: str, column: str, target: str) -> None:
    t, cell = TABLES[table], name(column)
    lost = f"{table} t ANTI JOIN {target} r ON r.{cell} = t.{cell} WHERE t.{cell} IS NOT NULL"
    connection.execute(
        f"INSERT INTO finding_row SELECT 'cell_refers_to_nothing', {school_of(t, 't')}, {text(table)}, "
        f"{key_text(t, 't')}, t.{cell}, '{column} is not in {target}' FROM {lost}"
    )
    connection.execute(f"UPDATE {table} SET {cell} = NULL WHERE row IN (SELECT t.row FROM {lost})")


def _blank_list(connection: Connection, table: str, column: str, known: str) -> None:
    t = TABLES[table]
    items = f"(SELECT row, {school_of(t)} AS school_id, {key_text(t)} AS key, unnest({column}) AS item FROM {table})"
    connection.execute(f"CREATE OR REPLACE TABLE lost AS SELECT * FROM {items} t WHERE NOT {known}")
    connection.execute(
        f"INSERT INTO finding_row SELECT 'cell_refers_to_nothing', school_id, {text(table)}, key, item, "
        f"'{column} is not in the roster' FROM lost"
    )
    connection.execute(
        f"UPDATE {table} SET {column} = list_filter({column}, lambda x: NOT list_contains(l.items, x)) "
        f"FROM (SELECT row AS at, list(item) AS items FROM lost GROUP BY row) l WHERE row = l.at"
    )
