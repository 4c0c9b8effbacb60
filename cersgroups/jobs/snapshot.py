"""The job that converts an uploaded roster to a snapshot. May run twice, or again from the start after a crash."""

import logging
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cersgroups.actions.conversion import convert_roster
from cersgroups.actions.enqueue import CONVERT_ROSTER
from cersgroups.actions.mapping import counted
from cersgroups.actions.roster_file import stored_roster
from cersgroups.actions.snapshot import note_converted, note_counted, put_in_force
from cersgroups.core.error import DataStop, Stop
from cersgroups.core.profile import LONGEST_TEXT
from cersgroups.core.state import is_waiting
from cersgroups.engine import snapshot as engine
from cersgroups.engine.school import read_schools
from cersgroups.jobs.failure import sentence
from cersgroups.jobs.progress import Progress
from cersgroups.jobs.received import plan_removal, remove_received
from cersgroups.jobs.retry import GIVEN_UP, RETRY, attempt, is_hopeless
from cersgroups.jobs.workspace import workspace
from cersgroups.records.lea import Lea, locked_lea
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import KEPT_FOR, Snapshot
from cersgroups.records.stored_folder import fetched, publish
from cersgroups.sources import mapping

log = logging.getLogger(__name__)


@app.task(name=CONVERT_ROSTER, retry=RETRY, pass_context=True)
def convert(context: JobContext, lea_id: int, snapshot_id: int) -> None:
    """Convert the upload of this snapshot's record, unless it is done."""
    with lea_scope(lea_id):
        record = _take(snapshot_id)
        if record is None:
            return
        if is_hopeless(context):
            fail(record, GIVEN_UP)
            return
        with attempt(context, partial(fail, record)), workspace(record.folder) as aside:
            try:
                snapshot = _convert(record, aside)
            except Stop as stop:
                why = sentence(stop, record.received / "roster", record.received / "side", aside)
                fail(record, why)
                _count(record)
            else:
                _finish(record, snapshot)
                record.kind = snapshot.source
                if record.is_oneroster:
                    _count(record)


def _take(snapshot_id: int) -> Snapshot | None:
    with transaction.atomic():
        record = Snapshot.objects.select_for_update().filter(pk=snapshot_id).first()
        if record is None or not is_waiting("snapshot", record.state):
            return None
        record.become("converting")
        record.save(update_fields=["state"])
        return record


def _convert(record: Snapshot, aside: Path) -> engine.Snapshot:
    received = fetched(record.received)
    side = received / "side"
    snapshot = convert_roster(
        stored_roster(received / "roster"),
        aside / "snapshot",
        aside,
        sides=[stored_roster(side)] if side.is_dir() else [],
        mapping=mapping.from_toml(record.mapping),
        progress=Progress(record),
    )
    check_lea(record, snapshot)
    return snapshot


def _count(record: Snapshot) -> None:
    """Note what is in the export, once for each upload, and here: no page may take as long as that.

    The end is in the record already, and nothing of it is lost if this cannot be done: then a page counts.
    """
    if record.counted:
        return
    try:
        note_counted(record, counted(stored_roster(fetched(record.received) / "roster"), record.received))
    except Exception:
        log.exception("What is in the upload of %s could not be counted", record)


def check_lea(record: Snapshot, snapshot: engine.Snapshot) -> None:
    """Raises DataStop if it is the roster of another LEA, or the LEA or a school has a text that no record can hold."""
    _check_lengths(snapshot)
    lea = Lea.objects.get(pk=record.lea_id)
    if lea.lea_code and lea.lea_code != snapshot.lea_code:
        raise DataStop(
            f"This roster is of the LEA {snapshot.lea_code} ({snapshot.name}), but {lea.name} has the code "
            f"{lea.lea_code}. {'Correct the source' if record.fetched else f'Upload the roster of {lea.name}'}."
        )


def _check_lengths(snapshot: engine.Snapshot) -> None:
    texts = [("lea", "lea_code", snapshot.lea_code), ("lea", "name", snapshot.name)]
    for school in read_schools(snapshot):
        texts += [
            ("schools", "school_id", school.school_id),
            ("schools", "school_number", school.number),
            ("schools", "name", school.name),
            ("schools", "cds_code", school.cds_code),
        ]
    for table, column, value in texts:
        if len(value) > LONGEST_TEXT:
            raise DataStop(
                f"{table}: the {column} {value[:40]}… has {len(value):,} characters. {LONGEST_TEXT} is the most that "
                f"can be kept. Shorten it in the student information system."
            )


def _finish(record: Snapshot, snapshot: engine.Snapshot) -> None:
    """Put the files in their place and say so in the record, unless another run was quicker."""
    with transaction.atomic():
        lea = locked_lea(record.lea_id)
        record = Snapshot.objects.select_for_update().get(pk=record.pk)
        if record.state != "converting":
            return
        fill(record, snapshot)
        if not record.is_oneroster:
            record.counted = None
        publish(snapshot.path, record.folder)
        record.become("ready")
        record.received_until = timezone.now() + (KEPT_FOR if record.is_oneroster else timedelta(0))
        record.save()
        note_converted(record)
        if lea.current_snapshot_id is None:
            put_in_force(record)
        plan_removal(lea.pk)
    if not record.keeps_upload(timezone.now()):
        remove_received(record)


def fill(record: Snapshot, snapshot: engine.Snapshot) -> None:
    """What the record says of its snapshot, which lies aside as yet."""
    record.progress, record.message, record.finished_at = 1, "", timezone.now()
    record.kind, record.lea_code, record.lea_name = snapshot.source, snapshot.lea_code, snapshot.name
    record.time_zone, record.school_year = snapshot.time_zone, snapshot.school_year
    record.taken_at, record.counts = snapshot.taken_at, snapshot.counts
    record.finding_counts = snapshot.finding_counts
    record.schools = [asdict(school) for school in read_schools(snapshot)]


@transaction.atomic
def fail(record: Snapshot, why: str) -> Snapshot | None:
    """The record, which says why from now on; None if another run has ended it."""
    record = Snapshot.objects.select_for_update().get(pk=record.pk)
    if not record.waiting:
        return None
    record.become("failed")
    record.why, record.message, record.finished_at = why, "", timezone.now()
    record.save(update_fields=["state", "why", "message", "finished_at"])
    note_converted(record)
    return record
