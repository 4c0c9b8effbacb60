"""The schools of a snapshot, for keeping them beside its record."""

from dataclasses import dataclass

from cersgroups.engine.database import connect
from cersgroups.engine.snapshot import Snapshot


@dataclass(frozen=True)
class SchoolRow:
    """A school as the roster has it; blank where it says nothing."""

    school_id: str
    number: str
    name: str
    cds_code: str
    active: bool
    schedule: str
    tracks_primary_classes: bool


def read_schools(snapshot: Snapshot) -> list[SchoolRow]:
    """All schools, active or not, by name."""
    with connect() as connection:
        rows = connection.execute(
            "SELECT school_id, school_number, name, coalesce(cds_code, ''), coalesce(active, true), "
            "coalesce(schedule, ''), coalesce(tracks_primary_classes, false) "
            f"FROM {snapshot.parquet('schools')} ORDER BY lower(name), school_id"
        ).fetchall()
    return [SchoolRow(*row) for row in rows]
