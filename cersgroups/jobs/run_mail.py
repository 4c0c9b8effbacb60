"""Telling people about a run: one mail to each address, remembered with the record locked, so that none gets two.

If the mail server does not take it, the run stays as it is and that alone is tried again for a day.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cersgroups.actions.enqueue import enqueue_run
from cersgroups.jobs.mail import MailLater, Unreachable, send_mail
from cersgroups.jobs.run_report import report
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun

PATIENCE = timedelta(days=1)
SHORTEST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)


def still_to_tell(run_id: int) -> list[str]:
    """The addresses of the settings as they are now that have not been told; none if there is nothing to tell."""
    run = ScheduledRun.objects.filter(pk=run_id, state="telling").first()
    process = ScheduledProcess.objects.filter(lea_id=run.lea_id).first() if run else None
    if run is None or process is None:
        return []
    return [email for email in process.emails if email not in run.told]


def tell(run_id: int) -> None:
    """Send the mails that are not sent; what cannot be sent now is planned for later, or given up after a day."""
    fault = ""
    for email in still_to_tell(run_id):
        try:
            _tell_one(run_id, email)
        except MailLater as later:
            fault = str(later)
    if fault:
        _plan(run_id, fault)


@transaction.atomic
def _tell_one(run_id: int, email: str) -> None:
    """The lock is held while the mail is sent (settings.EMAIL_TIMEOUT): whoever comes second finds it told."""
    run = ScheduledRun.objects.select_for_update().get(pk=run_id)
    if run.state != "telling" or email in run.told:
        return
    told = report(run)
    try:
        send_mail(email, told.subject, "scheduled_run", {"report": told}, _message_id(run))
    except Unreachable as answer:
        run.unreachable = [*run.unreachable, email]
        run.mail_fault = f"{email}: {answer}"
    run.told = [*run.told, email]
    run.save(update_fields=["told", "unreachable", "mail_fault"])


@transaction.atomic
def _plan(run_id: int, fault: str) -> None:
    run = ScheduledRun.objects.select_for_update().get(pk=run_id)
    if run.state != "telling":
        return
    now = timezone.now()
    waited = now - (run.telling_since or now)
    run.mail_fault = fault
    if waited >= PATIENCE:
        run.told = [*run.told, *still_to_tell(run_id)]
    else:
        enqueue_run(run.lea_id, run.pk, not_before=now + min(max(SHORTEST_PAUSE, waited), LONGEST_PAUSE))
    run.save(update_fields=["told", "mail_fault"])


def _message_id(run: ScheduledRun) -> str:
    return f"<run-{run.pk}.lea-{run.lea_id}@{urlsplit(settings.URL).hostname}>"
