"""Uploaded files go once they are converted: at once, or, of a OneRoster export, after a week.

Until when they stay is in the record before anything is removed, so that they go although a program was killed.
"""

from datetime import datetime, timedelta

from django.db.models import Min

from cersgroups.records.due import plan
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import discard

GRACE = timedelta(hours=1)
"""So much later than pages say: somebody may just be reading them."""


def plan_removal(lea_id: int) -> None:
    """In the LEA's scope, last in a transaction: the clock looks when the first of them is to go."""
    plan(lea_id, "received", _next(lea_id))


def remove_received(record: Snapshot) -> None:
    """Raises BucketAway."""
    discard(record.received)
    Snapshot.objects.filter(pk=record.pk).update(received_until=None, counted=None)


def look_at_received(lea_id: int, now: datetime) -> datetime | None:
    """What is due (jobs/due.py): remove what was kept long enough; when the next is to go, None if there is none."""
    old = Snapshot.objects.filter(lea_id=lea_id, received_until__lte=now - GRACE)
    for record in old.select_for_update().defer("schools"):
        remove_received(record)
    return _next(lea_id)


def _next(lea_id: int) -> datetime | None:
    first: datetime | None = Snapshot.objects.filter(lea_id=lea_id).aggregate(first=Min("received_until"))["first"]
    return first + GRACE if first else None
