"""A preview: what a profile would give, without a file, for somebody who is still choosing (features D12)."""

from dataclasses import dataclass
from datetime import date

from cersgroups.core.finding import Finding
from cersgroups.core.profile import Profile
from cersgroups.engine.batch import batches_of, build_batches
from cersgroups.engine.database import Connection, connect
from cersgroups.engine.extract import count_people, gather_findings, prepare, why_nothing
from cersgroups.engine.finding import tell_findings
from cersgroups.engine.snapshot import Snapshot
from cersgroups.engine.student_group import GROUP_NAME

FIRST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class PreviewedGroup:
    """One group: its name as CERS will show it, how many students, and its users in order."""

    name: str
    students: int
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts, the first groups by name, and what is left out; `why` says why there is no group."""

    groups: int
    students: int
    users: int
    first: tuple[PreviewedGroup, ...]
    findings: tuple[Finding, ...]
    why: str


def preview(snapshot: Snapshot, profile: Profile, as_of: date) -> Preview:
    """Build in memory and keep the first groups. Raises what `build` raises."""
    with connect() as connection:
        prepare(connection, snapshot, [profile], as_of)
        groups = 0
        first: list[PreviewedGroup] = []
        for number in build_batches(
            connection, snapshot, [profile], as_of, batches_of(connection, snapshot, workers=1)
        ):
            first += _first_groups(connection, number, FIRST_GROUPS - len(first))
            groups += (connection.execute(f"SELECT count(*) FROM batch_{number}").fetchone() or (0,))[0]
            connection.execute(f"DROP TABLE batch_{number}")
        counts = gather_findings(connection, snapshot, as_of)
        students, users = count_people(connection)
    return Preview(
        groups=groups,
        students=students,
        users=users,
        first=tuple(first),
        findings=tell_findings(counts),
        why="" if groups else why_nothing(snapshot, counts, [profile], as_of),
    )


def _first_groups(connection: Connection, batch: int, most: int) -> list[PreviewedGroup]:
    rows = connection.execute(f"SELECT {GROUP_NAME}, students, users FROM batch_{batch} LIMIT {most}").fetchall()
    return [PreviewedGroup(name, size, tuple(users)) for name, size, users in rows]
