"""Two snapshots side by side: what a person looks at before making one current."""

from dataclasses import dataclass

from cersgroups.actions.snapshot import find_snapshot, snapshot_before
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor
from cersgroups.core.roster import TABLES
from cersgroups.records.lea import Lea
from cersgroups.records.snapshot import Snapshot


@dataclass(frozen=True)
class TableChange:
    """Rows of one table before and after; `percent` is None where there were none before."""

    table: str
    before: int
    after: int

    @property
    def percent(self) -> float | None:
        return 100 * (self.after - self.before) / self.before if self.before else None


@dataclass(frozen=True)
class Comparison:
    """`before` None: there is no current roster to compare with. Schools as the roster has them."""

    before: Snapshot | None
    after: Snapshot
    tables: tuple[TableChange, ...]
    schools_gained: tuple[str, ...]
    schools_lost: tuple[str, ...]


def compare(actor: Actor, snapshot_id: int, before_id: int | None = None) -> Comparison:
    """The snapshot against another one, by their records; in the LEA's scope.

    `before_id` None: against the current one, and the current one against the one before it, if there is any.

    Raises RequestStop unless both are ready.
    """
    after = _ready(actor, snapshot_id)
    before = _ready(actor, before_id) if before_id is not None else _usual_before(actor, after)
    old_counts = before.counts if before else {}
    old_schools, new_schools = _schools(before), _schools(after)
    return Comparison(
        before,
        after,
        tuple(TableChange(table, old_counts.get(table, 0), after.counts.get(table, 0)) for table in TABLES),
        schools_gained=tuple(name for key, name in new_schools.items() if key not in old_schools),
        schools_lost=tuple(name for key, name in old_schools.items() if key not in new_schools),
    )


def _usual_before(actor: Actor, after: Snapshot) -> Snapshot | None:
    current = Lea.objects.select_related("current_snapshot").get(pk=actor.lea_id).current_snapshot
    return snapshot_before(actor) if current == after else current


def _ready(actor: Actor, snapshot_id: int) -> Snapshot:
    snapshot = find_snapshot(actor, snapshot_id)
    if not snapshot.converted:
        raise RequestStop("This roster is not ready, so there is nothing to compare yet.")
    return snapshot


def _schools(snapshot: Snapshot | None) -> dict[str, str]:
    """Names by school_id."""
    return {row["school_id"]: row["name"] for row in snapshot.schools} if snapshot else {}
