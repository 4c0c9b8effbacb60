"""Mails about a sync that failed or is held, to those who can do something about it.

By hand, a failure is on the screen of whoever asked; by itself, people are written to once for each reason, and again
each week while it lasts. The mail of a run tells its own addresses (run_report.py).
"""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from cersgroups.actions.enqueue import TELL_OF_SYNC, enqueue_sync_mail
from cersgroups.core.student_mask import without_students
from cersgroups.jobs.mail import is_done_with
from cersgroups.jobs.recipient import admins
from cersgroups.jobs.retry import Patience, TryLater
from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledProcess
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot

REMIND_AFTER = timedelta(days=7)
"""The same reason is told again after this."""

PATIENCE = timedelta(days=1)
_PAUSE = 15 * 60
_BY_ITSELF = ("night", "run")
_NUMBERS = re.compile(r"\d+")


def plan_mail(record: Snapshot) -> None:
    """Have people written to, if they are to be; in the transaction in which the sync ends."""
    by_itself = record.occasion in _BY_ITSELF
    if record.state == "held" or (record.state == "failed" and by_itself):
        record.quiet = by_itself and _was_told(record)
        record.save(update_fields=["quiet"])
        if not record.quiet:
            enqueue_sync_mail(record.lea_id, record.pk)


def _was_told(record: Snapshot) -> bool:
    """Whether people were told of the same less than a week ago, and no sync went well since."""
    before = Snapshot.objects.filter(source=record.source, occasion__in=_BY_ITSELF, created_at__lt=record.created_at)
    for earlier in before.order_by("-created_at").defer("schools", "counted")[:_LOOKED_BACK]:
        if earlier.state == "ready" and not earlier.stops:
            return False
        if not earlier.quiet:
            recent = earlier.finished_at is not None and timezone.now() - earlier.finished_at < REMIND_AFTER
            return recent and _reason(earlier) == _reason(record)
    return False


_LOOKED_BACK = 30


def _reason(record: Snapshot) -> str:
    """What went wrong, whatever the numbers in the sentences are this time."""
    return _NUMBERS.sub("0", " ".join([record.state, record.why, *record.stops]))


@app.task(name=TELL_OF_SYNC, retry=Patience())
def tell(lea_id: int, snapshot_id: int) -> None:
    """Write to everybody who is not told yet. Raises TryLater, for a day, while the mail server takes nothing."""
    with lea_scope(lea_id):
        record = Snapshot.objects.filter(pk=snapshot_id).first()
        if record is None or record.state not in ("held", "failed"):
            return
        later = [email for email in recipients(record) if not _tell_one(record.pk, email)]
        waited = timezone.now() - (record.finished_at or timezone.now())
        if later and waited < PATIENCE:
            raise TryLater(_PAUSE)


def recipients(record: Snapshot) -> list[str]:
    """The LEA's admins, and for a nightly sync the addresses of the scheduled process; each once, whatever the case."""
    process = ScheduledProcess.objects.filter(lea_id=record.lea_id).first()
    emails = process.emails if process else []
    people = admins(record.lea_id)
    if record.occasion == "night":
        people = [*people, *emails]
    elif record.occasion == "run":  # its own mail tells those
        told = {email.casefold() for email in emails}
        people = [email for email in people if email.casefold() not in told]
    return list({email.casefold(): email for email in reversed(people)}.values())[::-1]


@transaction.atomic
def _tell_one(snapshot_id: int, email: str) -> bool:
    """Whether it is done with: sent, or refused for good. The record is locked meanwhile, so that none gets two."""
    record = Snapshot.objects.select_for_update(of=("self",)).select_related("source", "lea").get(pk=snapshot_id)
    if email in record.told:
        return True
    if not is_done_with(email, _subject(record), "sync", _context(record), _message_id(record)):
        return False
    record.told = [*record.told, email]
    record.save(update_fields=["told"])
    return True


def _subject(record: Snapshot) -> str:
    if record.state == "held":
        return f"{record.lea.name}: please look at the new roster before it is used"
    return f"{record.lea.name}: the roster could not be fetched"


def _context(record: Snapshot) -> dict[str, Any]:
    lea = Lea.objects.select_related("current_snapshot").get(pk=record.lea_id)
    return {
        "lea": lea,
        "sync": record,
        "source": record.source or record.file_name,
        "why": without_students(record.why),
        "current": lea.current_snapshot,
        "zone": lea.zone,
        "url": f"{settings.URL}{reverse('snapshot', args=[record.pk])}",
        "remind_days": REMIND_AFTER.days,
        "by_itself": record.occasion in _BY_ITSELF,
    }


def _message_id(record: Snapshot) -> str:
    return f"<sync-{record.pk}.lea-{record.lea_id}@{urlsplit(settings.URL).hostname}>"
