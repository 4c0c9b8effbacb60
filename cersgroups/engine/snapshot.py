"""A snapshot: one roster at one instant, never changed again. A folder of Parquet files and a manifest.

Written aside, synced and renamed, so that it is there whole or not at all; a damaged one is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.finding import Finding
from cersgroups.core.roster import ROSTER_FOLDER, TABLES
from cersgroups.engine.database import Connection, connect, text
from cersgroups.engine.finding import IN_ORDER, count_findings, create_findings, keep_findings
from cersgroups.engine.key import create_table
from cersgroups.engine.person import resolve_people
from cersgroups.engine.reference import resolve_references
from cersgroups.engine.roster import RawRoster, RosterFolder
from cersgroups.engine.section_students import create_section_students
from cersgroups.engine.store import MANIFEST, read_stored, write_manifest, write_table, written_aside

SCHEMA_VERSION = 2
_DAMAGED = "{path}: the snapshot cannot be used ({why}). Make it again from the roster."
DEFAULT_TIME_ZONE = "America/Los_Angeles"

CONVERT_MEMORY = "2GB"
"""A whole state's roster is converted within this, the rest spilled to the disk."""

Progress = Callable[[str, float], None]
"""Called with what is being done and how much of the whole is done (0 to 1)."""

_STORED: dict[str, str] = {
    "lea": "SELECT * EXCLUDE (row) FROM lea",
    "schools": "SELECT * EXCLUDE (row) FROM schools ORDER BY school_row",
    "terms": "SELECT * EXCLUDE (row) FROM terms ORDER BY school_id, term_code",
    "courses": "SELECT * EXCLUDE (row) FROM courses ORDER BY course_id",
    "staff": "SELECT * EXCLUDE (row) FROM staff ORDER BY staff_id",
    "teachers": "SELECT * EXCLUDE (row) FROM teachers ORDER BY school_id, teacher_number",
    "sections": "SELECT * EXCLUDE (row) FROM sections ORDER BY section_row",
    "section_staff": "SELECT t.* EXCLUDE (row), s.section_row FROM section_staff t "
    "JOIN sections s USING (school_id, section_number) ORDER BY s.section_row, t.person",
    "students": "SELECT * EXCLUDE (row) FROM students ORDER BY student_row",
    "enrollments": "SELECT e.* EXCLUDE (row), s.student_row, s.ssid_number, c.school_row, "
    "coalesce(s.ssid_number IN (SELECT ssid_number FROM wanderers), false) AS elsewhere FROM enrollments e "
    "JOIN students s USING (student_id) JOIN schools c USING (school_id) ORDER BY c.school_row, s.student_row",
    "rosters": "SELECT r.* EXCLUDE (row), s.section_row, p.student_row FROM rosters r "
    "JOIN sections s USING (school_id, section_number) JOIN students p USING (student_id) "
    "ORDER BY s.section_row, p.student_row",
    "section_students": "SELECT * FROM section_students ORDER BY section_row, ssids, start_date, end_date",
    "loose_rosters": "SELECT * FROM loose_rosters ORDER BY ALL",
    "student_groups": "SELECT * EXCLUDE (row) FROM student_groups ORDER BY group_code",
    "group_members": "SELECT m.* EXCLUDE (row), s.student_row FROM group_members m "
    "JOIN students s USING (student_id) ORDER BY group_code, s.student_row",
    "group_enrollments": "SELECT DISTINCT c.school_row, m.group_code, s.student_row FROM group_members m "
    "JOIN enrollments e USING (student_id) JOIN students s USING (student_id) JOIN schools c USING (school_id) "
    "ORDER BY ALL",
    "group_staff": "SELECT * EXCLUDE (row) FROM group_staff ORDER BY group_code, staff_id",
    "people": "SELECT p.*, c.school_row FROM people p JOIN schools c USING (school_id) ORDER BY c.school_row, p.person",
    "findings": f"SELECT * FROM finding_row ORDER BY {IN_ORDER}",
}
"""What is written, sorted by school: the build reads it school by school. `elsewhere`: the SSID has
enrollments at several schools."""

_BY_BATCH = ("sections", "section_staff", "section_students", "loose_rosters", "enrollments", "people")
_BATCH_GROUP = 20_480
"""A build reads these tables a batch of schools at a time: small row groups, so that it reads little else."""


@dataclass(frozen=True)
class Snapshot:
    """An opened, verified snapshot."""

    path: Path
    source: str
    taken_at: datetime
    counts: dict[str, int]
    school_year: int
    lea_code: str
    name: str
    time_zone: str
    finding_counts: dict[str, int]

    def parquet(self, table: str) -> str:
        """SQL: the stored table."""
        return f"read_parquet({text(str(self.path / f'{table}.parquet'))})"

    def why_empty(self, table: str) -> str:
        """A sentence about a table without rows: which file of a roster folder it would be."""
        what = f"The roster has no {table.replace('_', ' ')}"
        if self.source != ROSTER_FOLDER:
            return f"{what}."
        return f"{what}: {table}.csv is missing from the roster folder, or none of its rows can be used."

    def today(self) -> date:
        """Today in the LEA's time zone."""
        return datetime.now(ZoneInfo(self.time_zone)).date()


def write_snapshot(
    base: RosterFolder,
    target: Path,
    *,
    source: str,
    sides: Sequence[RosterFolder] = (),
    findings: Sequence[Finding] = (),
    progress: Progress | None = None,
) -> Snapshot:
    """Check the roster in `base` (and `sides`) and store it at `target`, a path where nothing is yet.

    `findings` are those of the source; the roster's own are added. Raises DataStop for data that cannot be
    used, RequestStop if something is at `target`. Nothing is at `target` unless all went well.
    """
    if target.exists():
        raise RequestStop(f"{target}: something is there already. Name a new folder for the snapshot.")
    tell = progress or (lambda _what, _share: None)
    with written_aside(target) as aside:
        with connect(aside, CONVERT_MEMORY) as connection:
            _load(connection, base, sides, findings, tell)
            manifest = _write_tables(connection, aside, tell)
        manifest |= {
            "source": source,
            "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "schema_version": SCHEMA_VERSION,
        }
        write_manifest(aside, manifest)
    return open_snapshot(target)


def _load(
    connection: Connection,
    base: RosterFolder,
    sides: Sequence[RosterFolder],
    findings: Sequence[Finding],
    tell: Progress,
) -> None:
    create_findings(connection)
    keep_findings(connection, findings)
    roster = RawRoster(connection)
    tell("reading tables", 0.05)
    roster.load(base, sides)
    for number, table in enumerate(TABLES.values()):
        tell(f"checking {table.name}", 0.3 + 0.3 * number / len(TABLES))
        create_table(connection, table, roster.where(table))
    _check_lea(connection, base)
    tell("following references", 0.6)
    resolve_references(connection)
    resolve_people(connection)
    _number_rows(connection)


def _check_lea(connection: Connection, base: RosterFolder) -> None:
    label = base.label(TABLES["lea"])
    rows = connection.execute("SELECT school_year, time_zone FROM lea").fetchall()
    if len(rows) != 1:
        there = f"has {len(rows)} rows" if rows else "is missing, or has no row"
        raise DataStop(f"{label}: {there}. A roster is of one LEA: give this file, with exactly one row.")
    [(school_year, time_zone)] = rows
    if school_year is None:
        raise DataStop(f"{label}: school_year is blank. Write the year the school year ends in (2027).")
    try:
        ZoneInfo(time_zone or DEFAULT_TIME_ZONE)
    except (ValueError, KeyError, OSError):
        raise DataStop(
            f"{label}: time_zone is {time_zone!r}, which is none. Write {DEFAULT_TIME_ZONE}, or leave it blank."
        ) from None


def _number_rows(connection: Connection) -> None:
    """Small integers for schools, sections, students and SSIDs: the build joins and batches on them.

    Schools are in the order of their CDS codes, which is the order of the file.

    `ssid_number` is the SSID as a number, NULL unless it is 10 ASCII digits.
    """
    connection.execute(
        """
        CREATE TABLE placed AS SELECT *,
            CAST(row_number() OVER (ORDER BY cds_code, school_id) AS INTEGER) AS school_row FROM schools;
        DROP TABLE schools; ALTER TABLE placed RENAME TO schools;
        CREATE TABLE placed AS SELECT c.*, s.school_row,
            CAST(row_number() OVER (ORDER BY s.school_row, section_number) AS INTEGER) AS section_row
        FROM sections c JOIN schools s USING (school_id);
        DROP TABLE sections; ALTER TABLE placed RENAME TO sections;
        CREATE TABLE numbered AS SELECT *,
            CASE WHEN regexp_full_match(ssid, '[0-9]{10}') THEN CAST(ssid AS BIGINT) END AS ssid_number
        FROM students;
        INSERT INTO finding_row SELECT 'ssid_shared', NULL, 'students', student_id, ssid, NULL FROM numbered
            WHERE ssid_number IN (SELECT ssid_number FROM numbered GROUP BY ssid_number HAVING count(*) > 1);
        DROP TABLE students;
        CREATE TABLE students AS SELECT *,
            CAST(row_number() OVER (ORDER BY student_id) AS INTEGER) AS student_row FROM numbered;
        DROP TABLE numbered;
        CREATE TABLE wanderers AS SELECT ssid_number FROM enrollments JOIN students USING (student_id)
            WHERE ssid_number IS NOT NULL GROUP BY ssid_number HAVING min(school_id) <> max(school_id)
        """
    )


def _write_tables(connection: Connection, folder: Path, tell: Progress) -> dict[str, Any]:
    counts, digests = {}, {}
    for number, (table, query) in enumerate(_STORED.items()):
        tell(f"storing {table}", 0.65 + 0.35 * number / len(_STORED))
        if table == "section_students":
            create_section_students(connection, folder)
        size = f", ROW_GROUP_SIZE {_BATCH_GROUP}" if table in _BY_BATCH else ""
        digests[table] = write_table(connection, folder, table, query, size)
        counts[table] = _one(connection, f"SELECT count(*) FROM read_parquet({text(str(folder / f'{table}.parquet'))})")
    lea = connection.execute("SELECT lea_code, name, time_zone, school_year FROM lea").fetchone()
    lea_code, name, time_zone, school_year = lea or ("", "", "", 0)
    return {
        "lea_code": lea_code,
        "name": name or lea_code,
        "time_zone": time_zone or DEFAULT_TIME_ZONE,
        "school_year": school_year,
        "counts": counts,
        "findings": count_findings(connection),
        "sha256": digests,
    }


def _one(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def is_snapshot(path: Path) -> bool:
    """Whether the folder at `path` looks like a snapshot (it may still be damaged)."""
    return (path / MANIFEST).is_file() or path.suffix == ".part"


def open_snapshot(path: Path) -> Snapshot:
    """Open a snapshot. Raises DataStop if a file is missing, differs from its digest, or is of another version."""
    manifest = read_stored(path, _STORED, SCHEMA_VERSION, _DAMAGED)
    try:
        return _snapshot(path, manifest)
    except (ValueError, KeyError, TypeError, AttributeError, OSError):  # OSError: a time zone that is a folder of them
        raise DataStop(_DAMAGED.format(path=path, why=f"{MANIFEST} is not whole")) from None


def _snapshot(path: Path, manifest: dict[str, Any]) -> Snapshot:
    """A snapshot may come from anybody, so nothing is taken for what it should be."""
    texts = {name: manifest[name] for name in ("source", "lea_code", "name", "time_zone")}
    numbers = [manifest["school_year"], *manifest["counts"].values(), *manifest["findings"].values()]
    if not all(type(value) is str for value in texts.values()) or not all(type(value) is int for value in numbers):
        raise ValueError
    ZoneInfo(texts["time_zone"])
    return Snapshot(
        path=path,
        taken_at=datetime.fromisoformat(manifest["taken_at"]),
        counts={table: manifest["counts"][table] for table in _STORED},
        school_year=manifest["school_year"],
        finding_counts=manifest["findings"],
        **texts,
    )
