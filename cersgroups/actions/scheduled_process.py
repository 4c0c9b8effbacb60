"""The scheduled process: its settings, switching it on and off, and what is due of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.enqueue import enqueue_run
from cersgroups.actions.extract import UPLOADS_OFF
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.schedule import DAY_NAMES, Occurrence
from cersgroups.records.due import plan
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun

MOST_EMAILS = 20

_MISSED = "Nothing ran at the time, and it was noticed too late to make up for it."


def find_scheduled_process(actor: Actor) -> ScheduledProcess | None:
    """The LEA's, None before its settings were saved for the first time; in the LEA's scope."""
    check_can(actor, "see_schedule")
    return ScheduledProcess.objects.filter(lea_id=actor.lea_id).first()


def save_scheduled_process(
    actor: Actor, *, days: Iterable[int], at: time, emails: Sequence[str], upload: bool, enable: bool | None = None
) -> ScheduledProcess:
    """Save the settings; with `enable`, switch it on (True) or off (False) as well.

    Raises RequestStop without a day or an address, for an address that is none, and for `upload` if it cannot be.
    """
    chosen, addresses = _days(days), _addresses(emails)
    with acting(actor):
        check_can(actor, "change_schedule")
        lea = Lea.objects.get(pk=actor.lea_id)
        why_not = why_no_upload(lea)
        if upload and why_not:
            raise RequestStop(why_not)
        process = _locked(actor.lea_id)
        if process is None:
            process = ScheduledProcess(lea=lea, since=timezone.now())
        elif process.enabled:
            _start_due(process, lea, timezone.now())  # what was due a moment ago was due by the old settings
        process.days, process.time, process.emails, process.upload = chosen, at, addresses, upload
        _save(actor, process, lea, process.enabled if enable is None else enable)
        return process


def disable_scheduled_process(actor: Actor) -> ScheduledProcess | None:
    """Nothing runs by itself any more; a run that has begun goes on. None if there was nothing to switch off."""
    with acting(actor):
        check_can(actor, "change_schedule")
        process = _locked(actor.lea_id)
        if process is not None:
            _save(actor, process, Lea.objects.get(pk=actor.lea_id), enabled=False)
        return process


def included_profiles(lea: Lea) -> "tuple[QuerySet[Profile], QuerySet[Profile]]":
    """Those that say Include in Scheduled Process: of the roster's school year, and of others; in the LEA's scope."""
    marked = Profile.objects.filter(lea_id=lea.pk, include_in_scheduled_process=True).order_by("name", "id")
    return marked.filter(school_year=lea.school_year or 0), marked.exclude(school_year=lea.school_year or 0)


def why_no_upload(lea: Lea) -> str:
    """Why the scheduled process of this LEA cannot upload; blank if it can."""
    return "" if lea.uploads_enabled else UPLOADS_OFF


def start_due_run(lea_id: int, now: datetime) -> datetime | None:
    """Start what is due, record what was missed, once each; the moment when to look again, None if it is off.

    Within a transaction in the LEA's scope. May run twice.
    """
    process = _locked(lea_id)
    if process is None or not process.enabled:
        return None
    lea = Lea.objects.get(pk=lea_id)
    _start_due(process, lea, now)
    return _next(process, lea)


def _start_due(process: ScheduledProcess, lea: Lea, now: datetime) -> None:
    due = process.schedule(lea).due(process.since, now)
    for occurrence in due.missed:
        # the last one tells of those before it, unless the run that is due now does
        tells = due.run is None and occurrence is due.missed[-1]
        state = {"state": "queued" if tells else "missed", "outcome": "missed", "why": _MISSED}
        _start(process, occurrence, "miss run", **state)
    if due.run:
        _start(process, due.run, "start run")
    process.since = now  # also when the clock was put back: no occurrence is run twice
    process.save(update_fields=["since"])


def _start(process: ScheduledProcess, occurrence: Occurrence, action: str, **more: str) -> None:
    run, new = ScheduledRun.objects.get_or_create(
        lea_id=process.lea_id,
        occurrence=occurrence.identity,
        defaults={"due_at": occurrence.at, "upload_wanted": process.upload, **more},
    )
    if new:
        note_system(run.lea_id, action, f"run {run.pk}", occurrence=run.occurrence)
        if run.waiting:
            enqueue_run(run.lea_id, run.pk)


def _locked(lea_id: int) -> ScheduledProcess | None:
    return ScheduledProcess.objects.select_for_update().filter(lea_id=lea_id).first()


def _save(actor: Actor, process: ScheduledProcess, lea: Lea, enabled: bool) -> None:
    process.enabled, process.changed_by_id = enabled, actor.person_id
    process.since = timezone.now()
    process.save()
    note(
        actor,
        "save scheduled process",
        f"lea {lea.pk}",
        days=process.days,
        time=process.time.isoformat("minutes"),
        emails=process.emails,
        upload=process.upload,
        enabled=process.enabled,
    )
    plan(lea.pk, "scheduled_process", _next(process, lea) if enabled else None)


def _next(process: ScheduledProcess, lea: Lea) -> datetime | None:
    occurrence = process.schedule(lea).next(process.since)
    return occurrence.at if occurrence else None


def _days(days: Iterable[int]) -> list[int]:
    chosen = sorted(set(days))
    if not chosen:
        raise RequestStop("No day is chosen. Choose at least one day of the week.")
    if not set(chosen) <= set(range(len(DAY_NAMES))):
        raise RequestStop("There is no such day of the week. Choose days from Monday (0) to Sunday (6).")
    return chosen


def _addresses(emails: Sequence[str]) -> list[str]:
    """Each once, in the order given, whatever the case."""
    given: dict[str, str] = {}
    for email in filter(None, map(str.strip, emails)):
        given.setdefault(email.casefold(), email)
    addresses = list(given.values())
    if not addresses:
        raise RequestStop("There is no e-mail address. Enter at least one; separate several by commas.")
    if len(addresses) > MOST_EMAILS:
        raise RequestStop(f"These are {len(addresses)} e-mail addresses. Enter at most {MOST_EMAILS}.")
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            raise RequestStop(f"{address!r} is no e-mail address. Separate several addresses by commas.") from None
    return addresses
