"""The rows behind the findings of a roster. They may name students, so every read is in the audit log."""

from pathlib import Path

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.actions.retention import tell_removed
from cersgroups.actions.snapshot import find_snapshot, open_stored
from cersgroups.core.error import NotThere
from cersgroups.core.finding import KINDS
from cersgroups.core.permission import Actor, check_can
from cersgroups.engine import snapshot_finding as engine
from cersgroups.engine.snapshot import Snapshot


def read_roster_finding_rows(
    actor: Actor, snapshot_id: int, code: str, *, start: int = 0, limit: int = 100
) -> tuple[list[dict[str, str]], int]:
    """Rows behind one finding of a roster that is ready, and how many of them were kept.

    Raises NotThere for a roster that is not ready or has no files any more, and for a code that it does not have. Only
    admins: the rows are of all schools.
    """
    snapshot = _opened(actor, snapshot_id, "read finding of roster", code)
    rows = engine.read_finding_rows(snapshot, code, start=start, limit=limit)
    return rows, engine.count_finding_rows(snapshot, code)


def write_roster_findings(actor: Actor, snapshot_id: int, path: Path) -> None:
    """All rows behind all findings as CSV at `path`, to be sent to the actor."""
    engine.write_snapshot_findings(_opened(actor, snapshot_id, "download findings of roster"), path)


def _opened(actor: Actor, snapshot_id: int, action: str, code: str = "") -> Snapshot:
    with acting(actor):
        check_can(actor, "manage_roster")
        record = find_snapshot(actor, snapshot_id)
        if not record.converted or (code and (code not in KINDS or not record.finding_counts.get(code))):
            raise NotThere("This roster has no such finding. Go back to the roster.")
        if removed := tell_removed(record):
            raise NotThere(removed)
        note(actor, action, f"roster {snapshot_id}", **({"code": code} if code else {}))
        return open_stored(record.folder)
