"""Rosters: uploading one, converting it again, choosing which snapshot is current."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.enqueue import enqueue_conversion
from cersgroups.actions.mapping import counted, read_counted
from cersgroups.actions.retention import tell_removed
from cersgroups.actions.roster_file import UploadedFile, store_files, stored_roster
from cersgroups.core.error import NotThere, RequestStop, StateConflict
from cersgroups.core.finding import Finding
from cersgroups.core.permission import Actor, check_can
from cersgroups.engine import snapshot as engine
from cersgroups.engine.finding import tell_findings
from cersgroups.records.due import look_again
from cersgroups.records.folder import snapshot_folder
from cersgroups.records.lea import Lea, locked_lea
from cersgroups.records.school import School
from cersgroups.records.snapshot import KEPT_FOR, Snapshot
from cersgroups.records.source import Source
from cersgroups.records.stored_folder import discard, fetched, hand_over
from cersgroups.sources import mapping as source_mapping
from cersgroups.sources.oneroster_inspect import OneRosterInspection

NO_ROSTER = "There is no roster yet. An admin must upload one first."
UPLOAD = "Upload"
"""The name of the source that stands for files uploaded in the browser."""


def visible_snapshots(actor: Actor) -> "QuerySet[Snapshot]":
    """The LEA's snapshots, newest first; read it in the LEA's scope. Raises PermissionRefused for a viewer."""
    check_can(actor, "see_roster")
    return Snapshot.objects.filter(lea_id=actor.lea_id).select_related("source", "made_by").defer("schools", "counted")


def find_snapshot(actor: Actor, snapshot_id: int) -> Snapshot:
    """The snapshot's record; in the LEA's scope. Raises NotThere or PermissionRefused."""
    check_can(actor, "see_roster")
    return _find(actor, snapshot_id)


def snapshot_findings(actor: Actor, snapshot_id: int) -> tuple[Finding, ...]:
    """What was odd about the roster, by code, warnings first; counts only."""
    return tell_findings(find_snapshot(actor, snapshot_id).finding_counts)


def current_snapshot(actor: Actor) -> engine.Snapshot:
    """The LEA's current snapshot, opened, for lists and previews; in the LEA's scope.

    Raises RequestStop if there is none yet, DataStop if it is damaged.
    """
    check_can(actor, "see_roster")
    return open_stored(current_folder(actor))


def current_record(actor: Actor) -> Snapshot:
    """The record of the current snapshot. Raises RequestStop if there is none yet."""
    record = Lea.objects.select_related("current_snapshot").get(pk=actor.lea_id).current_snapshot
    if record is None:
        raise StateConflict(NO_ROSTER)
    return record


def current_folder(actor: Actor) -> Path:
    """Where the files of the current snapshot are. Raises RequestStop if there is none yet.

    A page asks for each of its lists, so this reads a number, not the record with all its schools.
    """
    number = Lea.objects.filter(pk=actor.lea_id).values_list("current_snapshot_id", flat=True).get()
    if number is None:
        raise StateConflict(NO_ROSTER)
    return snapshot_folder(actor.lea_id, number)


def open_stored(folder: Path) -> engine.Snapshot:
    """Open a snapshot of the data folder."""
    return _open(fetched(folder))


@lru_cache(maxsize=16)
def _open(folder: Path) -> engine.Snapshot:
    """It never changes, so each process checks its digests once."""
    return engine.open_snapshot(folder)


def upload_roster(
    actor: Actor,
    files: Sequence[UploadedFile],
    mapping: str | None = None,
    sides: Sequence[UploadedFile] = (),
) -> Snapshot:
    """Store an uploaded roster (one zip, or CSV files) with its side files, and have it converted.

    `mapping` is TOML text; None: that of the last upload. Raises RequestStop for a mapping or files that are wrong.
    """
    with acting(actor):
        check_can(actor, "manage_roster")
        source = _source(actor, mapping)
        snapshot = Snapshot.objects.create(
            lea_id=actor.lea_id,
            source=source,
            made_by_id=actor.person_id,
            file_name=files[0].name[-255:] if len(files) == 1 else f"{len(files)} CSV files",
            mapping=source.mapping,
        )
        note(actor, "upload roster", _thing(snapshot), file=snapshot.file_name)

        def store(received: Path) -> None:
            store_files(files, received / "roster")
            if sides:
                store_files(sides, received / "side")

        _receive(snapshot, store)
        return snapshot


def suggest_mapping(actor: Actor, snapshot_id: int) -> OneRosterInspection:
    """Where the uploaded OneRoster export may keep SSID, SEID and CDS, by counting.

    Raises RequestStop if the upload is not kept any longer, DataStop if it is no OneRoster export or cannot be read.
    The job has counted. Where it has not (it was killed each time, or was older), the export is read here, once.
    """
    with acting(actor):
        check_can(actor, "manage_roster")
        snapshot = _find(actor, snapshot_id)
        _check_kept(snapshot)
        note(actor, "inspect roster", _thing(snapshot))
    if snapshot.counted is None:
        snapshot.counted = counted(_uploaded(snapshot), snapshot.received)
        with acting(actor):
            note_counted(snapshot, snapshot.counted)
    return read_counted(snapshot.counted)


def convert_again(actor: Actor, snapshot_id: int, mapping: str) -> Snapshot:
    """Convert uploaded files with another mapping (TOML text; blank: by counting).

    The record is that of the upload if it failed, else a new one, for a roster never changes. Raises RequestStop if the
    files are not kept any longer, or the mapping is wrong.
    """
    with acting(actor):
        check_can(actor, "manage_roster")
        snapshot = _find(actor, snapshot_id, lock=True)
        _uploaded(snapshot)
        source = _source(actor, mapping)
        if snapshot.state == "ready":
            again = _with_mapping(actor, snapshot, source)
            note(actor, "convert roster again", _thing(again), of=_thing(snapshot))
            return again
        snapshot.mapping = source.mapping
        snapshot.become("queued")
        snapshot.why, snapshot.message, snapshot.progress = "", "", 0
        snapshot.save()
        enqueue_conversion(actor.lea_id, snapshot.pk)
        note(actor, "convert roster again", _thing(snapshot))
        return snapshot


def make_current(actor: Actor, snapshot_id: int) -> Snapshot:
    """From now on profiles choose from, and extracts are made of, this snapshot; also of one that was held.

    Raises RequestStop unless it is ready and its files are there.
    """
    with acting(actor):
        check_can(actor, "manage_roster")
        locked_lea(actor.lea_id)  # the clean-up (retention.py) takes away no roster that becomes current now
        snapshot = _find(actor, snapshot_id, lock=True)
        if not snapshot.converted:
            raise StateConflict("This roster is not ready. Choose one that is.")
        if removed := tell_removed(snapshot):
            raise StateConflict(f"{removed} Choose a roster that has them, or bring it in again.")
        if snapshot.state == "held":
            snapshot.become("ready")
            snapshot.save(update_fields=["state"])
        put_in_force(snapshot)
        note(actor, "make roster current", _thing(snapshot))
        return snapshot


def go_back(actor: Actor) -> Snapshot:
    """Make the snapshot current that was so before the current one. RequestStop if there is none."""
    with acting(actor):
        check_can(actor, "manage_roster")
        locked_lea(actor.lea_id)
        now = current_record(actor)
        snapshot = snapshot_before(actor)
        if snapshot is None:
            before = _current_before(now).first()
            why = tell_removed(before, "The earlier roster’s") if before else ""
            raise RequestStop(f"There is no earlier roster to go back to. {why}".strip())
        _apply(snapshot)
        note(actor, "go back to roster", _thing(snapshot), before=_thing(now))
        return snapshot


def snapshot_before(actor: Actor) -> Snapshot | None:
    """The snapshot that was current before the current one: what `go_back` goes back to; in the LEA's scope."""
    now = Lea.objects.select_related("current_snapshot").get(pk=actor.lea_id).current_snapshot
    if now is None:
        return None
    return _current_before(now).filter(files_removed_at=None).first()


def _current_before(now: Snapshot) -> "QuerySet[Snapshot]":
    """Those that were current before this one, the last first."""
    earlier = Snapshot.objects.filter(lea_id=now.lea_id, state="ready", made_current_at__lt=now.made_current_at)
    return earlier.order_by("-made_current_at")


def newest_held(actor: Actor) -> Snapshot | None:
    """The roster that waits for a person, if it was fetched after the current one; in the LEA's scope."""
    held = visible_snapshots(actor).filter(state="held", files_removed_at=None).first()
    now = Lea.objects.select_related("current_snapshot").get(pk=actor.lea_id).current_snapshot
    if held is None or (now is not None and now.created_at > held.created_at):
        return None
    return held


def remembered_mapping(actor: Actor) -> str:
    """The mapping of the last upload as TOML text, which the next one takes too; blank: places are counted."""
    check_can(actor, "see_roster")
    return Source.objects.filter(lea_id=actor.lea_id, name=UPLOAD).values_list("mapping", flat=True).first() or ""


def put_in_force(snapshot: Snapshot) -> None:
    """Make it current, now; within a transaction in the LEA's scope. Also called by the job for the first roster."""
    snapshot.made_current_at = timezone.now()
    snapshot.save(update_fields=["made_current_at"])
    _apply(snapshot)


def _apply(snapshot: Snapshot) -> None:
    lea = locked_lea(snapshot.lea_id)
    if lea.current_snapshot_id is None:
        lea.time_zone = snapshot.time_zone
    lea.current_snapshot = snapshot
    lea.lea_code, lea.school_year = snapshot.lea_code, snapshot.school_year
    lea.save()
    School.objects.filter(lea=lea).delete()
    School.objects.bulk_create(School(lea=lea, **row) for row in snapshot.schools)
    look_again(lea.pk)  # the clock may be another one now


def note_converted(snapshot: Snapshot) -> None:
    """What the job did, in the audit log."""
    note_system(snapshot.lea_id, f"roster {snapshot.state}", _thing(snapshot))


@transaction.atomic
def note_counted(snapshot: Snapshot, found: Mapping[str, Any]) -> None:
    """What is in its upload, in its record; in the LEA's scope. Not if the upload is gone by now: it goes with it."""
    now = Snapshot.objects.select_for_update().filter(pk=snapshot.pk, lea_id=snapshot.lea_id).first()
    if now is not None and (now.waiting or now.keeps_upload(timezone.now())):
        now.counted = dict(found)
        now.save(update_fields=["counted"])


def _find(actor: Actor, snapshot_id: int, *, lock: bool = False) -> Snapshot:
    snapshots = Snapshot.objects.select_for_update() if lock else Snapshot.objects.all()
    snapshot = snapshots.filter(pk=snapshot_id, lea_id=actor.lea_id).first()
    if snapshot is None:
        raise NotThere(f"There is no roster {snapshot_id}, or it was deleted. Go back to the list of rosters.")
    return snapshot


def _source(actor: Actor, mapping: str | None) -> Source:
    source, _new = Source.objects.get_or_create(lea_id=actor.lea_id, name=UPLOAD)
    if mapping is not None and mapping != source.mapping:
        source_mapping.from_toml(mapping)
        source.mapping = mapping
        source.save()
    return source


def _with_mapping(actor: Actor, snapshot: Snapshot, source: Source) -> Snapshot:
    """A new record of the same files, queued, with the source's mapping."""
    again = Snapshot.objects.create(
        lea_id=actor.lea_id,
        source=source,
        made_by_id=actor.person_id,
        file_name=snapshot.file_name,
        mapping=source.mapping,
        counted=snapshot.counted,
    )
    _receive(again, lambda received: _copy(snapshot.received, received))
    return again


def _copy(received: Path, target: Path) -> None:
    """Linked where the disk can: no matter how large the files are, and they are on it already; nobody changes them."""
    shutil.copytree(received, target, copy_function=_linked)
    os.utime(target)  # it is of now, or jobs/tidy.py could take it for what was left


def _linked(file: str, target: str) -> None:
    try:
        os.link(file, target)
    except OSError:
        shutil.copy2(file, target)


def _receive(snapshot: Snapshot, put: Callable[[Path], object]) -> None:
    """Have the files that `put` puts into the new folder converted; nothing stays there if that fails."""
    try:
        put(snapshot.received)
        hand_over(snapshot.received)
        enqueue_conversion(snapshot.lea_id, snapshot.pk)
    except BaseException:
        discard(snapshot.received)
        raise


_NOT_KEPT = (
    "The uploaded files are not kept any longer: only those that could not be used are, and a OneRoster export "
    f"for {KEPT_FOR.days} days. Upload them again."
)


def _check_kept(snapshot: Snapshot) -> None:
    """By the record alone: where there is a bucket, to look at the files is to fetch them."""
    if removed := tell_removed(snapshot):
        raise RequestStop(f"{removed} Upload them again.")
    if not snapshot.keeps_upload(timezone.now()):
        raise RequestStop(_NOT_KEPT)


def _uploaded(snapshot: Snapshot) -> Path:
    _check_kept(snapshot)
    folder = fetched(snapshot.received) / "roster"
    if not folder.is_dir():
        raise RequestStop(_NOT_KEPT)
    return stored_roster(folder)


def _thing(snapshot: Snapshot) -> str:
    return f"roster {snapshot.pk}"
