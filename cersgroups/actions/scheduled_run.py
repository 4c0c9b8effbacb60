"""Runs of the scheduled process: Run now, the history, and the extract of a run."""

from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.actions.enqueue import enqueue_run
from cersgroups.actions.extract import create_extract_of_run
from cersgroups.actions.scheduled_process import included_profiles
from cersgroups.core.error import NotThere, RequestStop, StateConflict
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.roster import year_name
from cersgroups.records.extract import Extract
from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun


def visible_runs(actor: Actor) -> "QuerySet[ScheduledRun]":
    """The LEA's runs, newest first, with their extracts; in the LEA's scope. Raises PermissionRefused for a viewer."""
    check_can(actor, "see_schedule")
    return (
        ScheduledRun.objects.filter(lea_id=actor.lea_id)
        .select_related("extract__snapshot__source", "started_by", "sync")
        .prefetch_related("extract__uploads")
    )


def find_run(actor: Actor, run_id: int) -> ScheduledRun:
    """One of them; in the LEA's scope. Raises NotThere, or PermissionRefused for a viewer."""
    run = visible_runs(actor).filter(pk=run_id).first()
    if run is None:
        raise NotThere(f"There is no run {run_id} of the scheduled process.")
    return run


def run_now(actor: Actor) -> ScheduledRun:
    """Start a run with the saved settings, also while the scheduled process is off.

    Raises RequestStop before the settings are saved, and while another run fetches, makes or uploads.
    """
    with acting(actor):
        check_can(actor, "change_schedule")
        process = ScheduledProcess.objects.select_for_update().filter(lea_id=actor.lea_id).first()
        if process is None:
            raise StateConflict("There are no settings yet. Save the settings first: they say whom the mail goes to.")
        if ScheduledRun.objects.filter(
            lea_id=actor.lea_id, state__in=("queued", "syncing", "building", "uploading")
        ).exists():
            raise StateConflict("A run is going on. Wait until it has ended.")
        now = timezone.now()
        run = ScheduledRun.objects.create(
            lea_id=actor.lea_id,
            occurrence=f"now {now.isoformat()}",
            due_at=now,
            started_by_id=actor.person_id,
            upload_wanted=process.upload,
        )
        enqueue_run(actor.lea_id, run.pk)
        note(actor, "run scheduled process now", f"run {run.pk}")
        return run


def build_extract_of_run(run: ScheduledRun) -> Extract:
    """Ask for the one extract of the run; in its transaction, in the LEA's scope. Fills the run's `left_out`.

    Raises RequestStop without a roster, and if no profile of the roster's school year is included.
    """
    lea = Lea.objects.select_related("current_snapshot").get(pk=run.lea_id)
    if lea.current_snapshot is None:
        raise RequestStop("There is no roster yet. An admin must upload one on the Roster page.")
    included, others = included_profiles(lea)
    run.left_out = [{"name": profile.name, "school_year": profile.school_year} for profile in others]
    profiles = list(included)
    if not profiles and run.left_out:
        raise RequestStop(
            f"No profile of the roster's school year, {year_name(lea.current_snapshot.school_year or 0)}, says Include "
            f"in Scheduled Process. Roll profiles of other years forward, or tick it in others."
        )
    if not profiles:
        raise RequestStop(
            "No profile says Include in Scheduled Process. Tick it in the profiles that the file is to be made of."
        )
    return create_extract_of_run(run, lea.current_snapshot, profiles, lea.today())
