"""The nightly clean-up of what an LEA does not keep any longer. May run twice, or again from the start."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from cersgroups.actions.enqueue import CLEAN_UP, enqueue_clean_up
from cersgroups.actions.retention import clean_up, needs_clean_up
from cersgroups.jobs.retry import RETRY
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope

NIGHT = time(3)
"""By the LEA's clock."""


def look_at_retention(lea_id: int, now: datetime) -> datetime | None:
    """What is due each night (jobs/due.py): enqueue the clean-up; the next night; None if nothing can become old."""
    lea = Lea.objects.get(pk=lea_id)
    if not needs_clean_up(lea):
        return None
    enqueue_clean_up(lea_id)
    local = now.astimezone(lea.zone)
    return datetime.combine(local.date() + timedelta(days=1), NIGHT, local.tzinfo)


@app.task(name=CLEAN_UP, retry=RETRY)
def clean(lea_id: int) -> None:
    """Clean up, by what the LEA's settings say now."""
    with lea_scope(lea_id):
        clean_up(lea_id, timezone.now())
