"""The job that takes an upload from state to state. May run twice, or again from any step after a crash.

Each step first writes to the record what it is about to do. The jobs of one LEA's uploads share a lock, so they run one
at a time and in order (actions/enqueue.py).
"""

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cersgroups.actions.audit import note_system
from cersgroups.actions.enqueue import DELIVER_UPLOAD
from cersgroups.actions.extract import check_enabled
from cersgroups.actions.upload import go_on_after, why_overtaken
from cersgroups.core.error import DataStop, StateConflict, Stop
from cersgroups.jobs.failure import sentence
from cersgroups.jobs.retry import ATTEMPTS, GIVEN_UP, Patience, TryLater, why_no_storage
from cersgroups.jobs.upload_part import MAY_BE_THERE, Refused, record_by_hand, send
from cersgroups.jobs.upload_preparation import prepare
from cersgroups.jobs.upload_waiting import plan_to_tell, plan_to_tell_of_end
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload

_log = logging.getLogger(__name__)

_STORAGE_PAUSE = 60
_TRIED_AGAIN = "The upload is tried again every minute automatically. Tell the person who runs this system."


@app.task(name=DELIVER_UPLOAD, retry=Patience())
def deliver(lea_id: int, upload_id: int) -> None:
    """Take this upload as far as it goes now: to its end, or to where a person must decide."""
    with lea_scope(lea_id):
        record = _take(upload_id)
        if record is None:
            return
        if record.failures > 2 * ATTEMPTS:
            finish(record, "failed", GIVEN_UP)
            return
        try:
            _go_on(record)
        except Refused as refused:
            finish(record, "refused", str(refused))
        except Stop as stop:
            finish(record, "failed", sentence(stop, record.folder, record.folder.parent))
        except TryLater:
            _forgive(record)
            raise
        except Exception as fault:
            _log.exception("upload %s failed", record.pk)
            _wait_for_storage(record, fault)
            if record.failures >= ATTEMPTS:
                finish(record, "failed", GIVEN_UP)
                return
            raise TryLater(5 * 4**record.failures) from None


def finish(record: Upload, state: str, why: str = "") -> None:
    """The record's end, with an audit entry."""
    with transaction.atomic():
        record = Upload.objects.select_for_update().get(pk=record.pk)
        record.become(state)
        record.why, record.finished_at = why, timezone.now()
        record.save()
        go_on_after(record)
        plan_to_tell_of_end(record)
        note_system(record.lea_id, f"upload {state}", f"upload {record.pk}")


def _take(upload_id: int) -> Upload | None:
    """The record if there is something to do, one failure counted in advance: a killed worker cannot count it."""
    with transaction.atomic():
        record = Upload.objects.select_for_update().filter(pk=upload_id).first()
        if record is None or not record.waiting:
            return None
        record.become("preparing" if record.state == "queued" else record.state)
        record.failures += 1
        record.save(update_fields=["state", "failures"])
        return record


def _go_on(record: Upload) -> None:
    """Step after step, as long as the state has one. Raises DataStop if a later upload has gone out before."""
    _keep_order(record)
    while step := _STEPS.get(record.state):
        step(record)
        record.refresh_from_db()
    _forgive(record)


def _keep_order(record: Upload) -> None:
    """The queue keeps the order; but one may have been agreed to late, or another been done by hand meanwhile."""
    if record.state != "recording" and (why := why_overtaken(record)):
        raise DataStop(f"{why} An older file never replaces a newer one. Make a new extract.")
    if not record.by_hand:
        _check_enabled(record)
    if record.state == "sending" and _earlier_by_hand(record):
        raise TryLater(1)


def _check_enabled(record: Upload) -> None:
    """Off is off, for what was asked for before too. Raises DataStop then, which says if CERS may have a file."""
    try:
        check_enabled(record.lea_id)
    except StateConflict as stop:
        maybe = record.parts.filter(state="sending").exists()
        raise DataStop(f"{stop} {MAY_BE_THERE if maybe else 'Nothing more was sent.'}") from None


def _earlier_by_hand(record: Upload) -> bool:
    """Whether CERS got an earlier one by hand that the ledger does not count yet: its job goes first."""
    return Upload.objects.filter(lea_id=record.lea_id, pk__lt=record.pk, state="recording").exists()


def _wait_for_storage(record: Upload, fault: Exception) -> None:
    """CERS may hold the file already: it is not given up, and its page says what it waits for. Raises TryLater then."""
    why = why_no_storage(fault)
    if not why:
        return
    with transaction.atomic():
        Upload.objects.filter(pk=record.pk).update(why=f"{why} {_TRIED_AGAIN}", failures=0)
        for part in record.parts.filter(state="sending"):
            plan_to_tell(part)
    raise TryLater(_STORAGE_PAUSE) from None


def _forgive(record: Upload) -> None:
    Upload.objects.filter(pk=record.pk).update(failures=0)


def _send_parts(record: Upload) -> None:
    parts = list(record.parts.select_related("credential"))
    for part in parts:
        if part.state == "refused":  # and its worker died before it could say so
            raise Refused(record.why)
        if not part.ended:
            send(record, part)
    finish(record, "done" if all(part.state == "done" for part in parts) else "accepted")


def _record_parts(record: Upload) -> None:
    for part in record.parts.all():
        if not part.ended:
            record_by_hand(record, part)
    finish(record, "done")


_STEPS: dict[str, Callable[[Upload], None]] = {
    "preparing": prepare,
    "sending": _send_parts,
    "recording": _record_parts,
}
