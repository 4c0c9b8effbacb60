"""Syncs: what makes a snapshot from a live source, asked for by a person, the night, a run or a command."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.enqueue import enqueue_run, enqueue_sync
from cersgroups.actions.source import find_source, source_of_command
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor
from cersgroups.core.state import waiting_states
from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import UPLOAD_KIND, Source

_LOOK_AGAIN = timedelta(days=1)
"""An LEA with a live source stays in the table `due`, so that its secrets are found when keys change."""


def visible_syncs(actor: Actor, source_id: int) -> "QuerySet[Snapshot]":
    """All syncs of a source, newest first; in the LEA's scope. Raises NotThere or PermissionRefused."""
    source = find_source(actor, source_id)
    syncs = Snapshot.objects.filter(lea_id=actor.lea_id, source=source).exclude(occasion="upload")
    large = ("schools", "counted")
    return syncs.select_related("made_by", "compared_with").defer(*large, *(f"compared_with__{name}" for name in large))


def sync_now(actor: Actor, source_id: int) -> Snapshot:
    """Have the roster fetched. Raises RequestStop while one is being fetched already."""
    with acting(actor):
        source = find_source(actor, source_id)
        _check_none_waits(actor.lea_id)
        sync = _create(source, occasion="person", made_by_id=actor.person_id)
        note(actor, "sync", f"roster {sync.pk}", source=source.name)
        return sync


def cancel_sync(actor: Actor, source_id: int) -> None:
    """End the sync that waits or is being fetched: the last good roster stays, and the job asks for nothing more.

    Raises RequestStop if there is none.
    """
    with acting(actor):
        source = find_source(actor, source_id)
        waiting = visible_syncs(actor, source.pk).filter(state__in=waiting_states("snapshot"))
        sync = waiting.select_related(None).select_for_update().order_by("created_at").first()
        if sync is None:
            raise RequestStop("No roster is being fetched anymore.")
        sync.become("failed")
        sync.why, sync.message, sync.finished_at = f"{actor.name} cancelled it.", "", timezone.now()
        sync.save(update_fields=["state", "why", "message", "finished_at"])
        note(actor, "cancel sync", f"roster {sync.pk}", source=source.name)
        for run in ScheduledRun.objects.filter(sync=sync, state="syncing"):
            enqueue_run(run.lea_id, run.pk)


def sync_by_command(lea_id: int, name: str = "") -> Snapshot:
    """The same for a command on the machine itself; in a transaction in the LEA's scope.

    `name` may be left out where there is one live source. Raises RequestStop if it is not clear which is meant.
    """
    source = source_of_command(lea_id, name)
    _check_none_waits(lea_id)
    sync = _create(source, occasion="command")
    note_system(lea_id, "sync by command", f"roster {sync.pk}", door="command", source=source.name)
    return sync


def start_due_sync(lea_id: int, now: datetime) -> datetime | None:
    """Start the nightly sync that is due; the moment when to look again, None if the LEA has no live source.

    What was missed for longer than a day is not made up: the next night will do. In a transaction in the LEA's scope;
    may run twice.
    """
    if not Source.objects.filter(lea_id=lea_id).exclude(kind=UPLOAD_KIND).exists():
        return None
    source = Source.objects.select_for_update().filter(lea_id=lea_id, nightly=True).first()
    schedule = source.schedule(Lea.objects.get(pk=lea_id)) if source else None
    if source is None or schedule is None:
        return now + _LOOK_AGAIN
    due = schedule.due(source.since or now, now)
    if due.run and not _is_there("night", due.run.identity):
        sync = _create(source, occasion="night", occurrence=due.run.identity)
        note_system(lea_id, "sync", f"roster {sync.pk}", source=source.name, occurrence=due.run.identity)
    source.since = now
    source.save(update_fields=["since"])
    following = schedule.next(now)
    return following.at if following else now + _LOOK_AGAIN


def start_sync_of_run(run: ScheduledRun) -> Snapshot | None:
    """The sync that a run begins with, in the run's transaction; None if the LEA has no source that is to be asked."""
    source = Source.objects.filter(lea_id=run.lea_id, before_runs=True).first()
    if source is None:
        return None
    sync = _create(source, occasion="run", occurrence=f"run {run.pk}")
    note_system(run.lea_id, "sync", f"roster {sync.pk}", source=source.name, occurrence=sync.occurrence)
    return sync


def _create(source: Source, *, occasion: str, occurrence: str = "", made_by_id: int | None = None) -> Snapshot:
    sync = Snapshot.objects.create(
        lea_id=source.lea_id,
        source=source,
        occasion=occasion,
        occurrence=occurrence,
        made_by_id=made_by_id,
        file_name=source.name,
    )
    awaited = occasion in ("person", "command")
    enqueue_sync(source.lea_id, sync.pk, students=_students(source.lea_id), awaited=awaited)
    return sync


def _students(lea_id: int) -> int:
    """Of the last roster, 0 before the first: how large an LEA is, is not known before it was asked."""
    counts = Lea.objects.values_list("current_snapshot__counts", flat=True).get(pk=lea_id)
    return int((counts or {}).get("students", 0))


def _check_none_waits(lea_id: int) -> None:
    waiting = Snapshot.objects.filter(lea_id=lea_id, state__in=waiting_states("snapshot")).exclude(occasion="upload")
    if waiting.exists():
        raise RequestStop("A roster is being fetched already. Wait until that has ended.")


def _is_there(occasion: str, occurrence: str) -> bool:
    return Snapshot.objects.filter(occasion=occasion, occurrence=occurrence).exists()
