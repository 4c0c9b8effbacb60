"""An extract: the file built from one snapshot and one or more profiles, with its findings.

`build` is one pass in batches of schools, so that memory stays bounded: each batch goes through the steps of
DEVELOPING.md, "Building", and its finished groups are written as soon as they fill a file.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cersgroups.core.finding import Finding
from cersgroups.core.profile import Profile, Type
from cersgroups.engine.batch import batches_of, build_batches
from cersgroups.engine.choice import load_choices
from cersgroups.engine.database import Connection, connect
from cersgroups.engine.finding import count_findings, create_findings, tell_findings, write_findings
from cersgroups.engine.group import load_chosen_records, load_live_groups, tell_unusable_groups
from cersgroups.engine.live import during
from cersgroups.engine.member import load_roles, tell_lost_students
from cersgroups.engine.name import create_group_tokens
from cersgroups.engine.snapshot import Progress, Snapshot
from cersgroups.engine.snapshot_finding import load_snapshot_findings
from cersgroups.engine.student_group import create_written_groups, write_groups
from cersgroups.engine.writer import Writer

_READ, _BUILT = 0.1, 0.8
"""How much of the whole is done, about, when the roster is read and when all groups are built."""


@dataclass(frozen=True)
class Extract:
    """What a build made: `files` in `folder`, in order; none if there is no group (`why` says why not)."""

    files: tuple[Path, ...]
    findings_file: Path
    records: int
    groups: int
    students: int
    users: int
    findings: tuple[Finding, ...] = field(repr=False)
    why: str = ""


def build(
    snapshot: Snapshot,
    profiles: Sequence[Profile],
    as_of: date,
    folder: Path,
    progress: Progress | None = None,
    finished: Callable[[Path], None] = lambda _file: None,
) -> Extract:
    """Build one extract into the empty `folder`: extract-1.csv, ..., groups.parquet and findings.csv.

    `finished` is called with each of the files extract-1.csv, ... as soon as it is whole.
    Several profiles are consolidated. Raises RequestStop (another school year) and DataStop (no value of a
    list exists, names that stay equal, users over 10,000 bytes).
    """
    tell = progress or (lambda _what, _share: None)
    with connect(folder) as connection:
        tell("reading the roster", 0)
        prepare(connection, snapshot, profiles, as_of)
        batches = batches_of(connection, snapshot)
        with closing(Writer(connection, folder, finished)) as writer:
            tell("building groups", _READ)
            for number in build_batches(connection, snapshot, profiles, as_of, batches):
                writer.write_batch(number)
                tell("building groups", _READ + (_BUILT - _READ) * (number + 1) / len(batches))
            writer.end_file()
        tell("gathering findings", _BUILT)
        counts = gather_findings(connection, snapshot, as_of)
        load_snapshot_findings(connection, snapshot)
        findings_file = folder / "findings.csv"
        write_findings(connection, findings_file)
        if writer.files:
            write_groups(connection, folder)
        students, users = count_people(connection)
        return Extract(
            files=tuple(writer.files),
            findings_file=findings_file,
            records=writer.records,
            groups=writer.groups,
            students=students,
            users=users,
            findings=tell_findings(counts),
            why="" if writer.files else why_nothing(snapshot, counts, profiles, as_of),
        )


def prepare(connection: Connection, snapshot: Snapshot, profiles: Sequence[Profile], as_of: date) -> None:
    """Make every table that the batches share. Raises what load_choices raises."""
    create_findings(connection)
    load_choices(connection, snapshot, profiles, as_of)
    load_chosen_records(connection, snapshot)
    load_roles(connection, snapshot, profiles)
    load_live_groups(connection, snapshot, as_of)
    create_written_groups(connection)
    of_student_groups = any(profile.type == "student_group" for profile in profiles)
    groups = f"(FROM {snapshot.parquet('student_groups')} WHERE {'true' if of_student_groups else 'false'})"
    create_group_tokens(connection, groups)
    connection.execute(
        f"""
        CREATE TABLE student_group_profile (profile INTEGER);
        CREATE TABLE lost_student (student_row INTEGER, school_id VARCHAR, enrolled BOOLEAN);
        CREATE TABLE seen_user (key VARCHAR);
        CREATE TABLE seen_student (students BIGINT);
        CREATE TABLE seen_wanderer (ssid_number BIGINT);
        CREATE TABLE wanderer AS
            SELECT DISTINCT ssid_number FROM {snapshot.parquet("enrollments")} WHERE elsewhere
        """
    )
    for number, profile in enumerate(profiles):
        if profile.type == "student_group":
            connection.execute("INSERT INTO student_group_profile VALUES (?)", [number])
            tell_unusable_groups(connection, number)


def _tell_several_schools(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    connection.execute(
        f"""
        INSERT INTO finding_row
        SELECT 'student_at_several_schools', NULL, 'students', student_id, string_agg(DISTINCT school_id, ' | '
               ORDER BY school_id), NULL
        FROM {snapshot.parquet("enrollments")} e
        WHERE elsewhere AND active AND {during(as_of, "e")}
        GROUP BY student_id HAVING count(DISTINCT school_id) > 1
           AND bool_or(school_id IN (SELECT school_id FROM chosen_school))
        """
    )


def _tell_members_not_enrolled(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """Students of a list or of a chosen student group who have no live enrollment at the profile's schools."""
    if not connection.execute(
        "SELECT 1 FROM list_student UNION ALL SELECT 1 FROM student_group_profile LIMIT 1"
    ).fetchone():
        return
    connection.execute(
        f"""
        INSERT INTO finding_row
        SELECT DISTINCT 'member_not_enrolled', NULL, 'students', s.student_id, m.what, NULL
        FROM (
            SELECT profile, student_row, 'list' AS what FROM list_student
            UNION ALL
            SELECT g.profile, m.student_row, g.group_code FROM {snapshot.parquet("group_members")} m
            JOIN live_group g USING (group_code) JOIN student_group_profile USING (profile)
            WHERE NOT coalesce(g.expired, false) AND (g.by_code OR NOT g.confidential)
        ) m
        JOIN {snapshot.parquet("students")} s USING (student_row)
        WHERE NOT EXISTS (
            SELECT 1 FROM {snapshot.parquet("enrollments")} e JOIN chosen_school c USING (school_row)
            WHERE c.profile = m.profile AND e.student_row = m.student_row AND e.active AND {during(as_of, "e")}
        )
        """
    )


def gather_findings(connection: Connection, snapshot: Snapshot, as_of: date) -> dict[str, int]:
    """Complete `finding_row` when all batches are done; counts by code, those of the snapshot among them."""
    tell_lost_students(connection, snapshot)
    _tell_several_schools(connection, snapshot, as_of)
    _tell_members_not_enrolled(connection, snapshot, as_of)
    _tell_each_once(connection)
    counts = count_findings(connection)
    for code, count in snapshot.finding_counts.items():
        counts[code] = counts.get(code, 0) + count
    return counts


_OF_PEOPLE = ("person_not_active", "user_without_email")


def _tell_each_once(connection: Connection) -> None:
    """Each row once; people are counted, so each has one row, whose value names all places where it matters."""
    connection.execute(
        f"""
        CREATE TABLE told AS
        SELECT DISTINCT * FROM finding_row WHERE code NOT IN {_OF_PEOPLE}
        UNION ALL
        SELECT code, CASE WHEN count(DISTINCT school_id) = 1 THEN min(school_id) END, "table", key,
               string_agg(DISTINCT value, ' | ' ORDER BY value), NULL
        FROM finding_row WHERE code IN {_OF_PEOPLE} GROUP BY code, "table", key;
        DROP TABLE finding_row; ALTER TABLE told RENAME TO finding_row
        """
    )


def count_people(connection: Connection) -> tuple[int, int]:
    """Distinct students and users: students of one school only were counted batch by batch."""
    students, users = connection.execute(
        "SELECT (SELECT coalesce(sum(students), 0) FROM seen_student) - (SELECT count(*) FROM seen_wanderer) + "
        "(SELECT count(DISTINCT ssid_number) FROM seen_wanderer), (SELECT count(DISTINCT key) FROM seen_user)"
    ).fetchone() or (0, 0)
    return int(students), int(users)


def why_nothing(snapshot: Snapshot, counts: dict[str, int], profiles: Sequence[Profile], as_of: date) -> str:
    """A sentence that says why no group came out."""
    needed = {table for profile in profiles for table in ("terms", "students", "enrollments", *_NEEDED[profile.type])}
    reasons = [snapshot.why_empty(table) for table in sorted(needed) if not snapshot.counts[table]]
    reasons += [f.message for f in tell_findings(counts) if f.code in _REASONS]
    names = ", ".join(profile.name for profile in profiles)
    return f"{names}: no group on {as_of.isoformat()}. " + (
        " ".join(reasons) or "No student of the chosen schools matches the profile's choices."
    )


_REASONS = (
    "school_without_live_term",
    "school_without_cds_code",
    "primary_classes_not_tracked",
    "section_not_live",
    "section_without_teacher",
    "group_without_students",
    "group_expired",
    "group_confidential",
    "grade_unknown",
    "person_not_active",
)

_NEEDED: dict[Type, tuple[str, ...]] = {
    "classes": ("courses", "sections", "section_staff", "rosters"),
    "elementary_teacher": ("teachers",),
    "grade": (),
    "counselor": (),
    "student_group": ("student_groups", "group_members"),
    "student_list": (),
}
