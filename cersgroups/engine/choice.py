"""What profiles choose, compared with a snapshot: values that are gone, and the schools that give groups."""

from collections.abc import Sequence
from datetime import date

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.profile import Profile
from cersgroups.core.roster import grade_of
from cersgroups.engine.database import Connection
from cersgroups.engine.snapshot import Snapshot

_KNOWN: dict[str, tuple[str, str]] = {
    "schools": ("schools", "school_id"),
    "departments": ("courses", "department"),
    "subject_areas": ("courses", "subject_area"),
    "courses": ("courses", "course_id"),
    "teachers": ("staff", "staff_id"),
    "counselors": ("staff", "staff_id"),
    "grades": ("enrollments", "grade"),
    "student_groups": ("student_groups", "group_code"),
    "additional": ("staff", "staff_id"),
}
"""Where a list's values stand in the roster."""

_PEOPLE = ("teachers", "counselors")
"""Lists whose values may also be `school_id/teacher_number`."""


def load_choices(connection: Connection, snapshot: Snapshot, profiles: Sequence[Profile], as_of: date) -> None:
    """Make `profile`, `choice` (what exists of every list) and `chosen_school`, with findings.

    Raises RequestStop for a profile of another school year, DataStop if no value of a list exists.
    """
    connection.execute(
        "CREATE TABLE profile (profile INTEGER, subject VARCHAR, school_year INTEGER, readable BOOLEAN);"
        "CREATE TABLE choice (profile INTEGER, list VARCHAR, value VARCHAR);"
        "CREATE TABLE list_student (profile INTEGER, student_row INTEGER)"
    )
    for number, profile in enumerate(profiles):
        if profile.school_year != snapshot.school_year:
            raise RequestStop(
                f"{profile.name}: school_year is {profile.school_year}, but the roster is of "
                f"{snapshot.school_year}. Roll the profile forward, or give the roster of its year."
            )
        connection.execute(
            "INSERT INTO profile VALUES (?, ?, ?, ?)",
            [number, profile.subject, profile.school_year, profile.name_style == "readable"],
        )
        for name, values in chosen_lists(profile).items():
            _load_list(connection, snapshot, number, profile, name, values)
        _load_students(connection, snapshot, number, profile)
    _create_chosen_schools(connection, snapshot, as_of)


def chosen_lists(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Every list of the profile in which something is chosen, by name; without the students of a student list."""
    lists = {"schools": profile.schools, **profile.filters.chosen(), "additional": profile.users.additional}
    if "grades" in lists:
        lists["grades"] = tuple(grade_of(grade) or grade for grade in lists["grades"])
    return {name: values for name, values in lists.items() if values}


def known_values(snapshot: Snapshot, name: str) -> str:
    """SQL: the values that a list may hold, as the roster has them; never NULL."""
    table, column = _KNOWN[name]
    known = f"SELECT DISTINCT {column} AS value FROM {snapshot.parquet(table)} WHERE {column} IS NOT NULL"
    if name in _PEOPLE:
        known += f" UNION SELECT school_id || '/' || teacher_number FROM {snapshot.parquet('teachers')}"
    return known


def _load_list(
    connection: Connection,
    snapshot: Snapshot,
    number: int,
    profile: Profile,
    name: str,
    values: tuple[str, ...],
) -> None:
    connection.execute(
        f"INSERT INTO choice SELECT ?, ?, v FROM (SELECT unnest(?) AS v) WHERE v IN ({known_values(snapshot, name)})",
        [number, name, list(values)],
    )
    found = {
        v
        for (v,) in connection.execute(
            "SELECT value FROM choice WHERE profile = ? AND list = ?", [number, name]
        ).fetchall()
    }
    _tell_missing(connection, snapshot, profile, name, [v for v in values if v not in found], found=bool(found))


_SAID = {"additional": "additional users"}


def _tell_missing(
    connection: Connection, snapshot: Snapshot, profile: Profile, name: str, missing: Sequence[str], *, found: bool
) -> None:
    """A finding for each value that is gone. Raises DataStop if all of the list are (not `found`)."""
    if missing and not found:
        raise DataStop(
            f"{profile.name}: none of the chosen {_SAID.get(name) or name.replace('_', ' ')} is in the roster"
            f"{_which(name, missing)}. {_why_empty(snapshot, name)}"
            f"A list never turns into “no restriction”: edit the profile."
        )
    if missing:
        connection.execute(
            "INSERT INTO finding_row SELECT 'choice_not_in_roster', NULL, 'profiles', ?, unnest(?), ?",
            [profile.name, list(missing), name],
        )


def _which(name: str, missing: Sequence[str]) -> str:
    """The first of them; students are only counted, as the sentence is kept."""
    if name == "students":
        return f": {len(missing):,} {'is' if len(missing) == 1 else 'are'} chosen, and Check Profiles shows which"
    return f" ({', '.join(missing[:5])}{', ...' if len(missing) > 5 else ''})"


def _why_empty(snapshot: Snapshot, name: str) -> str:
    """If the tables in which the values of a list stand have no row: a sentence about that, and a blank."""
    table = _KNOWN[name][0] if name in _KNOWN else name
    filled = snapshot.counts[table] or (name in _PEOPLE and snapshot.counts["teachers"])
    return "" if filled else f"{snapshot.why_empty(table)} "


def _load_students(connection: Connection, snapshot: Snapshot, number: int, profile: Profile) -> None:
    """The students of a list: an SSID if one has it, else a student_id."""
    values = list(profile.list.students)
    if not values:
        return
    students = snapshot.parquet("students")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE wanted AS
        SELECT v.value, s.student_row AS by_ssid, i.student_row AS by_id
        FROM (SELECT unnest(?) AS value) v
        LEFT JOIN {students} s ON s.ssid = v.value AND s.ssid_number IS NOT NULL
        LEFT JOIN {students} i ON i.student_id = v.value
        """,
        [values],
    )
    connection.execute(
        "INSERT INTO list_student SELECT DISTINCT ?, coalesce(by_ssid, by_id) FROM wanted "
        "WHERE coalesce(by_ssid, by_id) IS NOT NULL",
        [number],
    )
    connection.execute(
        "INSERT INTO finding_row SELECT 'list_value_fits_two', NULL, 'profiles', ?, value, NULL "
        "FROM wanted WHERE by_ssid <> by_id",
        [profile.name],
    )
    lost = {
        v for (v,) in connection.execute("SELECT value FROM wanted WHERE by_ssid IS NULL AND by_id IS NULL").fetchall()
    }
    missing = [v for v in values if v in lost]
    _tell_missing(connection, snapshot, profile, "students", missing, found=len(lost) < len(values))


def _create_chosen_schools(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """`chosen_school`: by profile, the schools that are live and have a CDS code, with their live terms."""
    connection.execute(
        f"""
        CREATE TABLE live_term AS
        SELECT school_id, list(term_code) AS codes FROM {snapshot.parquet("terms")}
        WHERE start_date <= ? AND ? <= end_date GROUP BY school_id
        """,
        [as_of, as_of],
    )
    connection.execute(
        f"""
        CREATE TABLE wanted_school AS
        SELECT c.profile, s.*, t.codes, coalesce(regexp_full_match(s.cds_code, '[0-9]{{14}}'), false) AS has_cds
        FROM choice c JOIN {snapshot.parquet("schools")} s ON c.list = 'schools' AND s.school_id = c.value
        LEFT JOIN live_term t USING (school_id);
        INSERT INTO finding_row SELECT DISTINCT 'school_without_live_term', school_id, 'schools', school_id, name,
            NULL FROM wanted_school WHERE codes IS NULL;
        INSERT INTO finding_row SELECT DISTINCT 'school_without_cds_code', school_id, 'schools', school_id,
            cds_code, name FROM wanted_school WHERE NOT has_cds;
        CREATE TABLE chosen_school AS SELECT * EXCLUDE (has_cds) FROM wanted_school
        WHERE has_cds AND codes IS NOT NULL
        """
    )
