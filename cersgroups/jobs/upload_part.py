"""Sending one part of an upload: the attempt is in the record before the request leaves, the ledger follows the answer.

A part that is `sending` when a job begins is one whose answer was lost: it is sent again with the same bytes, which is
harmless (design.md, "Jobs").
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from cersgroups.actions.credential import open_credential
from cersgroups.cers.answer import Answer
from cersgroups.core.error import DataStop
from cersgroups.jobs.ledger import write_ledger
from cersgroups.jobs.retry import TryLater
from cersgroups.records.upload import Upload, UploadPart

PATIENCE = timedelta(hours=48)
"""So long an upload waits for a receiver that cannot be reached."""

LONGEST_PAUSE = 15 * 60


class Refused(Exception):  # noqa: N818 - the receiver's answer
    """The receiver refuses the part; `str()` is the sentence for people."""


def send(record: Upload, part: UploadPart) -> None:
    """Send the part and write down what the receiver says; when it accepts, the ledger counts it.

    Raises Refused, TryLater if the receiver cannot be reached or its answer is lost, DataStop if that is of no use.
    """
    if part.credential is None:
        raise DataStop("The credential that this upload was to be sent with is gone. Upload the extract again.")
    receiver = open_credential(part.credential)
    _begin(part)
    answer = receiver.send(part.path, part.file)
    if answer.code == "ACCEPTED" and answer.import_id:
        answer = receiver.status(answer.import_id, settings.UPLOAD_STATUS_SECONDS)
    if answer.outcome in ("lost", "not_sent"):
        _write_fault(record, part, answer)
    else:
        _write_answer(part, answer)
        if answer.outcome == "refused":
            raise Refused(answer.sentence)


def record_by_hand(record: Upload, part: UploadPart) -> None:
    """The part that a person has uploaded: the ledger counts it."""
    part.sent_at = part.answered_at = record.agreed_at
    part.state = "done"
    write_ledger(part)


def _begin(part: UploadPart) -> None:
    part.state, part.tries = "sending", part.tries + 1
    part.sent_at = part.sent_at or timezone.now()
    part.save()


def _write_answer(part: UploadPart, answer: Answer) -> None:
    part.state, part.answered_at = _STATES[answer.outcome], timezone.now()
    part.import_id, part.status, part.message = answer.import_id or "", answer.status or "", answer.message or ""
    if part.state == "refused":
        part.save()
    else:
        write_ledger(part)


def _write_fault(record: Upload, part: UploadPart, answer: Answer) -> None:
    """Nothing is known, or nothing was sent. Raises TryLater or DataStop."""
    began = part.sent_at or timezone.now()
    if not answer.again or timezone.now() - began > PATIENCE:
        raise DataStop(answer.sentence)
    pause = round(max(answer.wait_seconds or 0, min(LONGEST_PAUSE, settings.UPLOAD_PAUSE_SECONDS * 2**part.tries)))
    again = timezone.now() + timedelta(seconds=pause)
    why = f"{answer.sentence} The next try is at {again.astimezone(record.lea.zone):%H:%M}."
    Upload.objects.filter(pk=record.pk).update(why=why)
    raise TryLater(pause)


_STATES = {"processed": "done", "accepted": "accepted", "refused": "refused"}
