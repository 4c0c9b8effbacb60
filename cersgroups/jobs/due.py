"""What is due is done: a periodic task looks at the table `due` and enters the scope of each LEA in it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from cersgroups.actions.idempotency_key import forget_answers
from cersgroups.actions.scheduled_process import start_due_run
from cersgroups.actions.sync import start_due_sync
from cersgroups.jobs.credential import look_at_expiries
from cersgroups.jobs.received import look_at_received
from cersgroups.jobs.rescue import QUEUE
from cersgroups.jobs.retention import look_at_retention
from cersgroups.records.due import Due, What, plan
from cersgroups.records.scope import lea_scope

log = logging.getLogger(__name__)

Handler = Callable[[int, datetime], datetime | None]
"""Called with the LEA and the moment, in a transaction in the LEA's scope; says when to be called again, None: never.

It may be called twice at once, or again after a crash, and only enqueues: no handler keeps the others waiting.
"""

HANDLERS: dict[What, Handler] = {
    "scheduled_process": start_due_run,
    "credential_expiry": look_at_expiries,
    "sync": start_due_sync,
    "retention": look_at_retention,
    "received": look_at_received,
    "answers": forget_answers,
}

_PAUSE_AFTER_A_FAULT = timedelta(minutes=1)


@app.periodic(cron="* * * * * */10", periodic_id="due")
@app.task(name="do_what_is_due", queue=QUEUE, queueing_lock="due", pass_context=False)
def do_what_is_due(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told its time
    """Every ten seconds."""
    do_due(timezone.now())


def do_due(now: datetime) -> None:
    """Do what is due now, or was planned in what is the future now, since the clock was put back."""
    for due in Due.objects.filter(Q(at__lte=now) | Q(planned_at__gt=now)).order_by("at", "id"):
        with lea_scope(due.lea_id):
            try:
                _do(due, now)
            except Exception:
                log.exception("%s could not be done", due)
                Due.objects.filter(pk=due.pk).update(at=now + _PAUSE_AFTER_A_FAULT, planned_at=now)


@transaction.atomic
def _do(due: Due, now: datetime) -> None:
    what: What = due.what  # type: ignore[assignment] # only `plan` writes it
    plan(due.lea_id, what, HANDLERS[what](due.lea_id, now))
