"""The job that fetches a roster from a live source. May run twice, or again from the start after a crash: then
everything is fetched anew, into a new folder.

A roster that is fetched whole becomes current by itself, unless the safety stop holds it (core/safety.py).
"""

from functools import partial
from pathlib import Path

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from cersgroups.actions.conversion import ReadRoster, Sides, fetch_roster, open_sides, store_roster
from cersgroups.actions.enqueue import SYNC_ROSTER, enqueue_run
from cersgroups.actions.side_file import write_side_files
from cersgroups.actions.snapshot import note_converted, open_stored, put_in_force
from cersgroups.actions.source import all_settings, kind_of
from cersgroups.core.error import DataStop, Stop
from cersgroups.core.safety import RosterFacts, roster_stops
from cersgroups.core.state import is_waiting
from cersgroups.engine import snapshot as engine
from cersgroups.engine.snapshot import Progress as Tell
from cersgroups.engine.term import has_live_term
from cersgroups.jobs.failure import sentence
from cersgroups.jobs.progress import Progress
from cersgroups.jobs.retry import GIVEN_UP, RETRY, attempt, is_hopeless
from cersgroups.jobs.snapshot import check_lea, fail, fill
from cersgroups.jobs.sync_mail import plan_mail
from cersgroups.jobs.workspace import workspace
from cersgroups.records.lea import Lea, locked_lea
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import publish

_ENDED = "Somebody else has ended this sync meanwhile."


@app.task(name=SYNC_ROSTER, retry=RETRY, pass_context=True)
def sync(context: JobContext, lea_id: int, snapshot_id: int) -> None:
    """Fetch the roster of this snapshot's record, unless it is done."""
    with lea_scope(lea_id):
        record = _become(snapshot_id, "fetching")
        if record is None:
            return
        give_up = partial(_fail, record)
        if is_hopeless(context):
            give_up(GIVEN_UP)
            return
        with attempt(context, give_up), workspace(record.folder) as aside:
            try:
                snapshot = _sync(record, aside, _progress(context, record))
            except Stop as stop:
                give_up(sentence(stop, aside))
            else:
                _finish(record, snapshot)


def _become(snapshot_id: int, state: str) -> Snapshot | None:
    """The record in its next state; None if nothing is to be done about it any more."""
    with transaction.atomic():
        record = Snapshot.objects.select_for_update().filter(pk=snapshot_id).first()
        if record is None or not is_waiting("snapshot", record.state):
            return None
        record.become(state)
        record.save(update_fields=["state"])
        return record


def _progress(context: JobContext, record: Snapshot) -> Tell:
    """Told how far it is, it ends a sync whose worker is to end: the next worker fetches anew. And one that a person
    has cancelled: nothing more is asked of the source."""
    progress = Progress(record)

    def tell(what: str, share: float) -> None:
        if context.should_abort():
            raise JobAborted
        progress(what, share)
        if progress.ended:
            raise DataStop(_ENDED)

    return tell


def _sync(record: Snapshot, aside: Path, progress: Tell) -> engine.Snapshot:
    side = _sides(record, aside)
    fetched = _fetch(record, aside, progress, side.supplied)
    if _become(record.pk, "converting") is None:
        raise DataStop(_ENDED)
    snapshot = store_roster(fetched, aside / "snapshot", progress, side)
    check_lea(record, snapshot)
    return snapshot


def _sides(record: Snapshot, aside: Path) -> Sides:
    return open_sides(write_side_files(record.source, aside) if record.source else [], aside)


def _fetch(record: Snapshot, aside: Path, progress: Tell, supplied: frozenset[str]) -> ReadRoster:
    source = record.source
    kind = kind_of(source) if source else None
    if source is None or kind is None:
        raise DataStop("The source was removed before its roster was fetched. Connect it again.")
    return fetch_roster(
        kind, all_settings(source), Lea.objects.get(pk=record.lea_id).today(), aside, progress, supplied
    )


def _finish(record: Snapshot, snapshot: engine.Snapshot) -> None:
    """Put the files in their place, and the roster in force unless it is held; unless another run was quicker."""
    with transaction.atomic():
        lea = locked_lea(record.lea_id)
        record = Snapshot.objects.select_for_update().get(pk=record.pk)
        if record.state != "converting":
            return
        current = lea.current_snapshot
        fill(record, snapshot)
        publish(snapshot.path, record.folder)
        record.compared_with = current
        record.stops = roster_stops(_facts_of_current(lea, current), _facts(lea, record), lea.roster_percent)
        record.become("held" if record.stops else "ready")
        record.save()
        note_converted(record)
        if record.state == "ready":
            put_in_force(record)
        _go_on(record)


def _facts(lea: Lea, record: Snapshot) -> RosterFacts:
    schools = frozenset(row["school_id"] for row in record.schools)
    in_term = has_live_term(open_stored(record.folder), lea.today())
    return RosterFacts(record.counts, schools, record.school_year or 0, in_term)


def _facts_of_current(lea: Lea, current: Snapshot | None) -> RosterFacts | None:
    """None if there is none, or none that can be opened: then a new one is better than that."""
    try:
        return _facts(lea, current) if current else None
    except Stop:
        return None


def _fail(record: Snapshot, why: str) -> None:
    with transaction.atomic():
        failed = fail(record, why)
        if failed:
            _go_on(failed)


def _go_on(record: Snapshot) -> None:
    """What waits for the end of this sync: the run that asked for it, and people who must know."""
    for run in ScheduledRun.objects.filter(sync=record, state="syncing"):
        enqueue_run(record.lea_id, run.pk)
    plan_mail(record)
