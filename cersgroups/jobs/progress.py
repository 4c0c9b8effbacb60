"""How far a job is, in its record: people see it move, and the database is not busy with it."""

import time
from typing import TypeVar

from cersgroups.core.state import waiting_states
from cersgroups.records.extract import Extract
from cersgroups.records.snapshot import Snapshot

SECONDS = 1.0
"""Written at most this often."""

LONGEST = 255
"""Characters of what is said."""

Record = TypeVar("Record", Extract, Snapshot)


class Progress:
    """Called with what is being done and how much of the whole is done (0 to 1); in the scope of the record's LEA.

    `ended`: somebody has ended the record meanwhile, so that the work is in vain.
    """

    def __init__(self, record: Extract | Snapshot) -> None:
        self._record = record
        self._written = float("-inf")
        self.ended = False

    def __call__(self, what: str, share: float) -> None:
        now = time.monotonic()
        if now - self._written < SECONDS:
            return
        self._written = now
        values = {"progress": max(0.0, min(1.0, share)), "message": what[:LONGEST]}
        states = waiting_states("extract" if isinstance(self._record, Extract) else "snapshot")
        found = type(self._record)._default_manager.filter(pk=self._record.pk, state__in=states)
        self.ended = not found.update(**values)
