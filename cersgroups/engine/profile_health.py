"""What is wrong with saved profiles, seen from the roster: choices that are gone, and profiles that overlap (B5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cersgroups.core.profile import Profile
from cersgroups.engine.batch import batches_of
from cersgroups.engine.choice import chosen_lists, known_values
from cersgroups.engine.database import Connection, connect, reading
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


def missing_choices(snapshot: Snapshot, profiles: Sequence[Profile]) -> list[dict[str, tuple[str, ...]]]:
    """For each profile by list, in the profile's order: the chosen values that the roster does not have."""
    lists = [_lists(profile) for profile in profiles]
    with reading() as connection:
        gone = {
            name: _gone(connection, _known(snapshot, name), {value for own in lists for value in own.get(name, ())})
            for name in {name for own in lists for name in own}
        }
    found = [{name: tuple(v for v in values if v in gone[name]) for name, values in own.items()} for own in lists]
    return [{name: values for name, values in own.items() if values} for own in found]


def _lists(profile: Profile) -> dict[str, tuple[str, ...]]:
    students = {"students": profile.list.students} if profile.list.students else {}
    return {**chosen_lists(profile), **students}


def _known(snapshot: Snapshot, name: str) -> str:
    """SQL: what the list may hold."""
    if name != "students":
        return known_values(snapshot, name)
    students = snapshot.parquet("students")
    return f"SELECT ssid FROM {students} WHERE ssid IS NOT NULL UNION ALL SELECT student_id FROM {students}"


def _gone(connection: Connection, known: str, values: set[str]) -> set[str]:
    rows = connection.execute(f"SELECT v FROM (SELECT unnest(?) AS v) WHERE v NOT IN ({known})", [list(values)])
    return {value for (value,) in rows.fetchall()}


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
    """Add to `shared` how many students any two profiles have in common, by what their groups stand for.

    Students whom the same profiles give to the same teacher are counted together before pairs are made of the profiles.
    """
    low, high = section_range(connection)
    connection.execute(
        f"""
        INSERT INTO shared
        WITH meant AS (
            SELECT sg, profile, school_row || '/' || CASE WHEN person <> '' THEN person ELSE kind || ':' || raw END
                AS meaning FROM source
        ), section AS (
            SELECT m.meaning, s.section_row, s.school_row, list(DISTINCT m.profile) AS profiles
            FROM meant m JOIN source_section s USING (sg) GROUP BY ALL
        ), given AS (
            SELECT s.meaning, r.student_row, s.profiles FROM section s
            JOIN {snapshot.parquet("rosters")} r ON r.section_row = s.section_row
            JOIN live_enrollment e ON e.student_row = r.student_row AND e.school_row = s.school_row
            WHERE r.section_row BETWEEN {low} AND {high} AND {during(as_of, "r")}
            UNION ALL
            SELECT m.meaning, s.student_row, list(DISTINCT m.profile) FROM meant m JOIN source_student s USING (sg)
            GROUP BY ALL
        ), common AS (
            SELECT meaning, profiles, count(*) AS students
            FROM (SELECT meaning, list_sort(list_distinct(flatten(list(profiles)))) AS profiles FROM given
                  GROUP BY meaning, student_row)
            WHERE len(profiles) > 1 GROUP BY ALL
        ), pair AS (
            SELECT meaning, students, profiles, unnest(profiles) AS first FROM common
        )
        SELECT first, second, meaning, CAST(sum(students) AS BIGINT) FROM (
            SELECT first, unnest(profiles) AS second, meaning, students FROM pair
        ) WHERE first < second GROUP BY ALL
        """
    )
