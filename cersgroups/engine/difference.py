"""What an upload changes in CERS: compared with the ledger, group by group, student by student, user by user (E7)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cersgroups.engine.database import Connection, connect
from cersgroups.engine.ledger import Ledger, load_held, load_sent
from cersgroups.engine.retirement import Retirement, load_retired, write_retired
from cersgroups.engine.snapshot import Snapshot
from cersgroups.engine.spreadsheet import HARMLESS, write_spreadsheet

CSV_HEADER = ("school", "group", "school_year", "change", "what", "value", "name", "action")
CONFLICTS_KEPT = 20


@dataclass(frozen=True)
class Figures:
    """Of the groups that the upload names or retires; `before` is what CERS holds in them, each person once.

    `rows`: how many rows difference.csv has.
    """

    groups_before: int = 0
    groups_new: int = 0
    groups_changed: int = 0
    groups_unchanged: int = 0
    groups_retired: int = 0
    students_before: int = 0
    students_added: int = 0
    students_removed: int = 0
    users_before: int = 0
    users_added: int = 0
    users_removed: int = 0
    rows: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Conflict:
    """A group that CERS holds from other profiles, standing for something else: the upload would overwrite it."""

    school: str
    name: str
    profiles: tuple[int, ...]
    other_subject: bool


@dataclass(frozen=True)
class Difference:
    """`retired_file` empties the groups that are gone; None if there are none. Only some `conflicts` are kept.

    `emptied_schools`: CDS codes of which groups go and none is sent, and how many go.
    """

    figures: Figures
    conflict_count: int
    conflicts: tuple[Conflict, ...]
    retired_file: Path | None
    emptied_schools: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Sent:
    """What is to be sent, perhaps nothing: an extract's files and groups.parquet, the ids of its profiles by place."""

    files: Sequence[Path] = ()
    groups: Path | None = None
    profile_ids: Sequence[int] = ()


def compare(
    ledger: Ledger | None, sent: Sent, retirement: Retirement, snapshot: Snapshot | None, folder: Path
) -> Difference:
    """Compare, and write difference.csv and, if groups go, retired.csv into the existing `folder`.

    `snapshot` gives the names of students and of users, as far as it knows them.
    """
    with connect(folder) as connection:
        load_held(connection, ledger)
        load_sent(connection, sent.files, sent.groups, sent.profile_ids)
        load_retired(connection, retirement)
        connection.execute(_CHANGES)
        rows = _write_rows(connection, snapshot, folder / "difference.csv")
        counts = connection.execute(_FIGURES).fetchone() or ()
        conflict_count, conflicts = _conflicts(connection, retirement)
        retired_file = folder / "retired.csv"
        return Difference(
            replace(Figures(*map(int, counts)), rows=rows),
            conflict_count,
            conflicts,
            retired_file if write_retired(connection, retired_file) else None,
            tuple(connection.execute(_EMPTIED_SCHOOLS).fetchall()),
        )


def _write_rows(connection: Connection, snapshot: Snapshot | None, path: Path) -> int:
    """One row for everybody who gets in or leaves, and for every other subject; says how many.

    The first upload of an LEA has millions.
    """
    _create_names(connection, snapshot)
    cells = ", ".join(HARMLESS.format(cell) for cell in ("c.school", "c.name"))
    people = ", ".join(HARMLESS.format(cell) for cell in ("m.value", "coalesce(n.name, '')"))
    write_spreadsheet(
        connection,
        CSV_HEADER,
        f"""
        SELECT {cells}, c.school_year, c.change, m.what, {people}, m.action
        FROM moved m JOIN change c USING (id) LEFT JOIN person_name n ON n.what = m.what AND n.key = lower(m.value)
        UNION ALL
        SELECT {cells}, c.school_year, c.change, 'subject', c.subject, 'was ' || c.old_subject, 'changed'
        FROM change c WHERE {_OTHER_SUBJECT}
        ORDER BY 1, 2, 5 DESC, 8 DESC, 6
        """,
        path,
    )
    [count] = connection.execute(
        f"SELECT (SELECT count(*) FROM moved) + (SELECT count(*) FROM change c WHERE {_OTHER_SUBJECT})"
    ).fetchone() or (0,)
    return int(count)


def _create_names(connection: Connection, snapshot: Snapshot | None) -> None:
    """`person_name`: by SSID, or e-mail in lower case, what the roster calls them; of several the first."""
    connection.execute("CREATE TABLE person_name (what VARCHAR, key VARCHAR, name VARCHAR)")
    if snapshot is None:
        return
    name = "min(concat_ws(', ', last_name, first_name))"
    for what, key, tables in (("student", "ssid", ["students"]), ("user", "lower(email)", ["staff", "teachers"])):
        people = " UNION ALL ".join(
            f"SELECT {key} AS key, last_name, first_name FROM {snapshot.parquet(table)}" for table in tables
        )
        connection.execute(
            f"INSERT INTO person_name SELECT '{what}', key, {name} FROM ({people}) WHERE key IS NOT NULL GROUP BY key"
        )


def _conflicts(connection: Connection, retirement: Retirement) -> tuple[int, tuple[Conflict, ...]]:
    """Groups that other profiles, which exist and are not part of this, gave with another subject or meaning."""
    existing = list(retirement.existing_profiles)
    found = """
        FROM held h JOIN sent s USING (school, key, school_year)
        WHERE h.number IN (SELECT number FROM filled)
          AND list_has_any(h.profiles, ?) AND NOT list_has_any(h.profiles, coalesce(s.profiles, []))
          AND (h.subject <> s.subject OR h.identity <> s.identity)
    """
    [count] = connection.execute(f"SELECT count(*) {found}", [existing]).fetchone() or (0,)
    rows = connection.execute(
        f"SELECT h.school, h.name, h.profiles, h.subject <> s.subject {found} ORDER BY ALL LIMIT {CONFLICTS_KEPT}",
        [existing],
    ).fetchall()
    return int(count), tuple(Conflict(school, name, tuple(ids), other) for school, name, ids, other in rows)


_OTHER_SUBJECT = "c.was_filled AND c.place IS NOT NULL AND c.subject <> c.old_subject"

_CHANGES = """
CREATE TABLE change AS
SELECT CAST(row_number() OVER (ORDER BY school, key) AS INTEGER) AS id, *
FROM (
    SELECT s.school, s.key, s.school_year, coalesce(h.name, s.name) AS name, h.number, s.place,
           h.subject AS old_subject, s.subject, f.number IS NOT NULL AS was_filled
    FROM sent s LEFT JOIN held h USING (school, key, school_year) LEFT JOIN filled f ON f.number = h.number
    UNION ALL
    SELECT h.school, h.key, h.school_year, h.name, h.number, NULL, h.subject, h.subject, true
    FROM held h JOIN retired USING (number)
);
CREATE TABLE old_member AS
    SELECT c.id, 'student' AS what, h.ssid AS value, h.ssid AS key FROM change c JOIN held_student h USING (number)
    UNION ALL SELECT c.id, 'user', h.login, lower(h.login) FROM change c JOIN held_user h USING (number);
CREATE TABLE new_member AS
    SELECT c.id, 'student' AS what, s.ssid AS value, s.ssid AS key FROM change c JOIN sent_student s USING (place)
    UNION ALL SELECT c.id, 'user', s.login, lower(s.login) FROM change c JOIN sent_user s USING (place);
CREATE TABLE moved AS
    SELECT id, what, n.value, 'added' AS action FROM new_member n ANTI JOIN old_member o USING (id, what, key)
    UNION ALL SELECT id, what, o.value, 'removed' FROM old_member o ANTI JOIN new_member n USING (id, what, key);
ALTER TABLE change ADD COLUMN change VARCHAR;
UPDATE change SET change = CASE
    WHEN place IS NULL THEN 'retired' WHEN NOT was_filled THEN 'new'
    WHEN subject <> old_subject OR id IN (SELECT id FROM moved) THEN 'changed' ELSE 'unchanged' END
"""

_EMPTIED_SCHOOLS = "SELECT school, count(*) FROM change GROUP BY 1 HAVING count(place) = 0 ORDER BY 1"

_FIGURES = """
WITH person AS (
    SELECT what, key, bool_or(old) AS old, bool_or(NOT old) AS new
    FROM (SELECT what, key, true AS old FROM old_member UNION ALL SELECT what, key, false FROM new_member) GROUP BY ALL
)
SELECT (SELECT count(*) FROM change WHERE was_filled),
       (SELECT count(*) FROM change WHERE change = 'new'), (SELECT count(*) FROM change WHERE change = 'changed'),
       (SELECT count(*) FROM change WHERE change = 'unchanged'), (SELECT count(*) FROM change WHERE change = 'retired'),
       count(*) FILTER (WHERE what = 'student' AND old), count(*) FILTER (WHERE what = 'student' AND NOT old),
       count(*) FILTER (WHERE what = 'student' AND NOT new),
       count(*) FILTER (WHERE what = 'user' AND old), count(*) FILTER (WHERE what = 'user' AND NOT old),
       count(*) FILTER (WHERE what = 'user' AND NOT new)
FROM person
"""
