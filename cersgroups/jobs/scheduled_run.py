"""The job that takes a run of the scheduled process further. May run twice, at once, or again after a crash.

Each step looks at the record, does one thing and writes the next state, with the record locked and in one transaction.
The end of the run's sync, of its extract and of its upload enqueues it again.
"""

from functools import partial

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cersgroups.actions.audit import note_system
from cersgroups.actions.enqueue import ADVANCE_RUN, enqueue_run
from cersgroups.actions.scheduled_run import build_extract_of_run
from cersgroups.actions.sync import start_sync_of_run
from cersgroups.core.error import RequestStop
from cersgroups.jobs.retry import GIVEN_UP, RETRY, attempt, is_hopeless
from cersgroups.jobs.run_mail import still_to_tell, tell
from cersgroups.jobs.run_roster import judge_sync
from cersgroups.jobs.run_upload import upload_of_run, upload_result
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun
from cersgroups.records.scope import lea_scope


@app.task(name=ADVANCE_RUN, retry=RETRY, pass_context=True)
def advance(context: JobContext, lea_id: int, run_id: int) -> None:
    """Take this run as far as it goes now."""
    with lea_scope(lea_id):
        if is_hopeless(context):
            _break_off(run_id)
            return
        with attempt(context, partial(_give_up, run_id)):
            advance_run(run_id)


def advance_run(run_id: int) -> None:
    """Step after step, until there is none or something else must end first; in the scope of the run's LEA."""
    while _step(run_id):
        pass
    tell(run_id)
    _end(run_id)


@transaction.atomic
def _step(run_id: int) -> bool:
    """One step; whether there was one. What people are told is no step: mail is sent one by one."""
    run = _locked(run_id)
    before = run.state if run else ""
    if run is None or run.state not in _STEPS:
        return False
    _STEPS[run.state](run)
    if run.state == before:
        return False
    run.save()
    return True


def _begin(run: ScheduledRun) -> None:
    if run.outcome:  # missed
        _tell(run, run.outcome, run.why)
        return
    run.sync = start_sync_of_run(run)
    if run.sync is None:
        _build(run)
    else:
        run.become("syncing")


def _after_syncing(run: ScheduledRun) -> None:
    """Go on with the new roster, else with the last good one if that is not too old (run_roster.py)."""
    if run.sync is not None and run.sync.waiting:
        return
    run.roster_note, why_not = judge_sync(run)
    if why_not:
        _tell(run, "failed", why_not)
    else:
        _build(run)


def _build(run: ScheduledRun) -> None:
    try:
        build_extract_of_run(run)
    except RequestStop as stop:
        _tell(run, "failed", str(stop))
    else:
        run.become("building")


def _after_building(run: ScheduledRun) -> None:
    extract = run.extract
    if extract.waiting:
        return
    if extract.state == "failed":
        _tell(run, "failed", extract.why)
        return
    ScheduledProcess.objects.filter(lea_id=run.lea_id).update(last_processed=extract.finished_at)
    if not run.upload_wanted:
        _tell(run, "done", "")
        return
    try:
        upload_of_run(run)
    except RequestStop as stop:
        _tell(run, "failed", str(stop))
    else:
        run.become("uploading")


def _after_uploading(run: ScheduledRun) -> None:
    result = upload_result(run)
    if result is not None:
        _tell(run, result.outcome, result.why)


_STEPS = {"queued": _begin, "syncing": _after_syncing, "building": _after_building, "uploading": _after_uploading}


def _tell(run: ScheduledRun, outcome: str, why: str) -> None:
    run.become("telling")
    run.outcome, run.why, run.telling_since = outcome, why, timezone.now()


@transaction.atomic
def _end(run_id: int) -> None:
    """The end, once there is nobody left to be told."""
    run = _locked(run_id)
    if run is not None and run.state == "telling" and not still_to_tell(run_id):
        run.become(run.outcome)
        _close(run)


@transaction.atomic
def _give_up(run_id: int, why: str) -> None:
    """People are told that the software failed; if it is the telling that failed, the history shows it."""
    run = _locked(run_id)
    if run is None or not run.waiting:
        return
    if run.state == "telling":
        run.become(run.outcome)
        run.mail_fault = why
        _close(run)
    else:
        _tell(run, "failed", why)
        run.save()
        enqueue_run(run.lea_id, run.pk)


@transaction.atomic
def _break_off(run_id: int) -> None:
    """What kills its worker time and again is not gone on with at all."""
    run = _locked(run_id)
    if run is not None and run.waiting:
        run.become("failed")
        run.outcome, run.why = "failed", run.why or GIVEN_UP
        _close(run)


def _close(run: ScheduledRun) -> None:
    run.finished_at = timezone.now()
    run.save()
    note_system(run.lea_id, f"run {run.state}", f"run {run.pk}", occurrence=run.occurrence)


def _locked(run_id: int) -> ScheduledRun | None:
    return ScheduledRun.objects.select_for_update().filter(pk=run_id).first()
