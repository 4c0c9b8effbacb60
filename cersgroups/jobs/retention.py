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


def look_at_retention(lea_id: int, now: datetime) -> datetime:
    """What is due each night (jobs/due.py): enqueue the clean-up, if anything can become old; the next night.

    Also if nothing can: a draft that is begun at this moment has seen that it is planned, and plans nothing.
    """
    lea = Lea.objects.get(pk=lea_id)
    if needs_clean_up(lea):
        enqueue_clean_up(lea_id)
    local = now.astimezone(lea.zone)
    return datetime.combine(local.date() + timedelta(days=1), NIGHT, local.tzinfo)


@app.task(name=CLEAN_UP, retry=RETRY)
def clean(lea_id: int) -> None:
    """Clean up, by what the LEA's settings say now."""
    with lea_scope(lea_id):
        clean_up(lea_id, timezone.now())
