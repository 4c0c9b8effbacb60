"""A sync as the history of its source shows it."""

from dataclasses import dataclass

from cersgroups.core.student_mask import without_students
from cersgroups.records.snapshot import Snapshot
from cersgroups.web.label import TABLE_LABELS

_SHOWN = ("students", "sections", "schools")

OCCASIONS = {
    "night": "By schedule",
    "run": "Before a run of the scheduled process",
    "command": "By a command on the server",
}


@dataclass(frozen=True)
class Count:
    """Rows of a table; `change` against the roster before, None if there was none."""

    label: str
    rows: int
    change: int | None


@dataclass(frozen=True)
class SyncSummary:
    """`why` it failed or is held, as sentences without students."""

    sync: Snapshot

    @property
    def asked_by(self) -> str:
        return asked_by(self.sync)

    @property
    def why(self) -> list[str]:
        return [without_students(text) for text in (*self.sync.stops, self.sync.why) if text]

    @property
    def counts(self) -> list[Count]:
        if not self.sync.converted:
            return []
        before = self.sync.compared_with.counts if self.sync.compared_with else {}
        return [_count(table, self.sync.counts[table], before.get(table)) for table in _SHOWN]


def asked_by(snapshot: Snapshot) -> str:
    """Who had it made: a person by name, or what else there is."""
    return str(snapshot.made_by) if snapshot.made_by else OCCASIONS.get(snapshot.occasion, "–")


def _count(table: str, rows: int, before: int | None) -> Count:
    return Count(TABLE_LABELS[table], rows, None if before is None else rows - before)
