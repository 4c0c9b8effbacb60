"""Sending one part of an upload: the attempt is in the record before the request leaves, the ledger follows the answer.

A part that is `sending` when a job begins is one whose answer was lost: it is sent again with the same bytes, which is
harmless (design.md, "Jobs").
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cersgroups.actions.credential import open_credential
from cersgroups.cers.answer import Answer
from cersgroups.cers.client import Client
from cersgroups.core.error import DataStop, Stop
from cersgroups.jobs.ledger import write_ledger
from cersgroups.jobs.retry import TryLater
from cersgroups.jobs.upload_waiting import plan_to_tell
from cersgroups.records.upload import LONGEST_IMPORT_ID, LONGEST_STATUS, Upload, UploadPart

PATIENCE = timedelta(hours=48)
"""So long an upload waits for a receiver that cannot be reached."""

LONGEST_PAUSE = 15 * 60
LONGEST_WAIT = 6 * 3600
"""Seconds: the receiver is not left in peace for longer, whatever it asks for."""


MAY_BE_THERE = "One file had no answer yet, so CERS may have it: look on CERS’s own page."


class Refused(Exception):  # noqa: N818 - the receiver's answer
    """The receiver refuses the part; `str()` is the sentence for people."""


def send(record: Upload, part: UploadPart) -> None:
    """Send the part and write down what the receiver says; when it accepts, the ledger counts it.

    Raises Refused, TryLater if the receiver cannot be reached or its answer is lost, DataStop if that is of no use.
    """
    receiver = _receiver(part)
    _begin(part)
    answer = receiver.send(part.path, part.file)
    if answer.code == "ACCEPTED" and answer.import_id:
        answer = receiver.status(answer.import_id, settings.UPLOAD_STATUS_SECONDS)
    if answer.outcome in ("lost", "not_sent"):
        _write_fault(record, part, answer)
    else:
        _write_answer(record, part, answer)
        if answer.outcome == "refused":
            raise Refused(answer.sentence)


def record_by_hand(record: Upload, part: UploadPart) -> None:
    """The part that a person has uploaded: the ledger counts it."""
    part.sent_at = part.answered_at = record.agreed_at
    part.state = "done"
    write_ledger(part)


def _receiver(part: UploadPart) -> Client:
    """Raises DataStop if it cannot be reached with what is known now, and says if it may have the file already."""
    try:
        if part.credential is None:
            raise DataStop("The credential that this upload was to be sent with is gone. Upload the extract again.")
        return open_credential(part.credential)
    except Stop as stop:
        raise DataStop(f"{stop} {MAY_BE_THERE}" if part.state == "sending" else str(stop)) from None


def _begin(part: UploadPart) -> None:
    part.state, part.tries = "sending", part.tries + 1
    part.sent_at = part.sent_at or timezone.now()
    part.save()


def _write_answer(record: Upload, part: UploadPart, answer: Answer) -> None:
    part.state, part.answered_at = _STATES[answer.outcome], timezone.now()
    # what CERS says may be longer than anybody expects: the file is there, so the answer must be written
    part.import_id = (answer.import_id or "")[:LONGEST_IMPORT_ID]
    part.status, part.message = (answer.status or "")[:LONGEST_STATUS], answer.message or ""
    if part.state == "refused":
        with transaction.atomic():
            part.save()
            _tell(record, answer.sentence)
    else:
        write_ledger(part)


def _write_fault(record: Upload, part: UploadPart, answer: Answer) -> None:
    """Nothing is known, or nothing was sent. Raises TryLater or DataStop."""
    began = part.sent_at or timezone.now()
    if not answer.again or timezone.now() - began > PATIENCE:
        raise DataStop(answer.sentence)
    pause = min(LONGEST_PAUSE, settings.UPLOAD_PAUSE_SECONDS * 2 ** min(part.tries, 20))
    pause = round(min(LONGEST_WAIT, max(answer.wait_seconds or 0, pause)))
    again = timezone.now() + timedelta(seconds=pause)
    why = f"{answer.sentence} The next try is at {again.astimezone(record.lea.zone):%H:%M}."
    with transaction.atomic():
        _tell(record, why)
        plan_to_tell(part)
    raise TryLater(pause)


def _tell(record: Upload, why: str) -> None:
    Upload.objects.filter(pk=record.pk).update(why=why)


_STATES = {"processed": "done", "accepted": "accepted", "refused": "refused"}
