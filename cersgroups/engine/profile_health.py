"""What is wrong with saved profiles, seen from the roster: choices that are gone, and profiles that overlap (B5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cersgroups.core.profile import Profile
from cersgroups.engine.batch import batches_of
from cersgroups.engine.choice import chosen_lists, known_values
from cersgroups.engine.database import Connection, connect
from cersgroups.engine.extract import prepare
from cersgroups.engine.group import load_groups
from cersgroups.engine.live import during, load_enrollments, load_scope, load_sections, section_range
from cersgroups.engine.snapshot import Snapshot


@dataclass(frozen=True)
class Overlap:
    """Two profiles, by place: how many students both give to the same teacher (grade, student group, list), and to how
    many of these."""

    first: int
    second: int
    students: int
    teachers: int


def missing_choices(snapshot: Snapshot, profile: Profile) -> dict[str, tuple[str, ...]]:
    """By list, in the profile's order: the chosen values that the roster does not have."""
    with connect() as connection:
        found = {
            name: _missing(connection, known_values(snapshot, name), values)
            for name, values in chosen_lists(profile).items()
        }
        students = snapshot.parquet("students")
        known = f"SELECT ssid FROM {students} WHERE ssid IS NOT NULL UNION ALL SELECT student_id FROM {students}"
        found["students"] = _missing(connection, known, profile.list.students)
    return {name: values for name, values in found.items() if values}


def _missing(connection: Connection, known: str, values: Sequence[str]) -> tuple[str, ...]:
    if not values:
        return ()
    rows = connection.execute(f"SELECT v FROM (SELECT unnest(?) AS v) WHERE v NOT IN ({known})", [list(values)])
    gone = {value for (value,) in rows.fetchall()}
    return tuple(value for value in values if value in gone)


def find_overlaps(snapshot: Snapshot, profiles: Sequence[Profile], as_of: date) -> list[Overlap]:
    """Every two profiles that give the same students to the same teachers, whatever the groups are called.

    Raises what `build` raises for profiles of another year or with lists of which nothing exists.
    """
    if len(profiles) < 2:
        return []
    with connect() as connection:
        prepare(connection, snapshot, profiles, as_of)
        connection.execute("CREATE TABLE shared (first INTEGER, second INTEGER, meaning VARCHAR, students BIGINT)")
        for first, last in batches_of(connection, snapshot):
            load_scope(connection, snapshot, first, last)
            load_enrollments(connection, snapshot, first, last, as_of)
            load_sections(connection, snapshot, first, last, as_of)
            load_groups(connection, snapshot, list(profiles), as_of)
            _add_shared(connection, snapshot, as_of)
        rows = connection.execute(
            "SELECT first, second, CAST(sum(students) AS BIGINT), count(*) FROM shared GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
    return [Overlap(*row) for row in rows]


def _add_shared(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """Add to `shared` how many students any two profiles have in common, by what their groups stand for."""
    low, high = section_range(connection)
    connection.execute(
        f"""
        INSERT INTO shared
        WITH meant AS (
            SELECT sg, profile, school_row || '/' || CASE WHEN person <> '' THEN person ELSE kind || ':' || raw END
                AS meaning FROM source
        ), given AS (
            SELECT DISTINCT m.profile, m.meaning, r.student_row FROM meant m JOIN source_section s USING (sg)
            JOIN {snapshot.parquet("rosters")} r ON r.section_row = s.section_row
            JOIN live_enrollment e ON e.student_row = r.student_row AND e.school_row = s.school_row
            WHERE r.section_row BETWEEN {low} AND {high} AND {during(as_of, "r")}
            UNION
            SELECT DISTINCT m.profile, m.meaning, s.student_row FROM meant m JOIN source_student s USING (sg)
        )
        SELECT a.profile, b.profile, a.meaning, count(*) FROM given a
        JOIN given b USING (meaning, student_row) WHERE a.profile < b.profile GROUP BY ALL
        """
    )
