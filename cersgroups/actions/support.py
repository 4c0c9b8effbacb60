"""What a roster supports: which types, name patterns and filters work with it, and what others lack."""

from functools import lru_cache
from pathlib import Path

from cersgroups.actions.retention import tell_removed
from cersgroups.actions.snapshot import current_record, find_snapshot, open_stored
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor
from cersgroups.engine.support import Support, read_support


def current_support(actor: Actor) -> Support:
    """Of the current roster; in the LEA's scope. Raises RequestStop if there is none yet."""
    return snapshot_support(actor, current_record(actor).pk)


def snapshot_support(actor: Actor, snapshot_id: int) -> Support:
    """Of one roster; in the LEA's scope. Raises RequestStop unless it is ready and its files are there."""
    record = find_snapshot(actor, snapshot_id)
    if not record.stored:
        raise RequestStop(tell_removed(record) or "This roster is not ready, so nobody can say yet what it supports.")
    return _support(record.folder)


@lru_cache(maxsize=64)
def _support(folder: Path) -> Support:
    """A snapshot never changes, so it is asked once per process."""
    return read_support(open_stored(folder))
