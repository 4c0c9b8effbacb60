"""Mails about an upload that waits for the receiver: its page says so at once, people who look away are told too.

Enqueued with the first fault, for an hour later; nothing is sent if CERS has taken the file by then. Whoever was
told is told once more when it has ended, by this or by the mail of its run.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from cersgroups.actions.enqueue import TELL_OF_WAITING, enqueue_telling_of_waiting
from cersgroups.jobs.mail import is_done_with
from cersgroups.jobs.retry import Patience, TryLater
from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledProcess
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload, UploadPart

TELL_AFTER = timedelta(hours=1)

_MAIL_PAUSE = 15 * 60


def plan_to_tell(part: UploadPart) -> None:
    """Once for each part: at its first fault."""
    if part.tries == 1:
        enqueue_telling_of_waiting(part.lea_id, part.upload_id, not_before=timezone.now() + TELL_AFTER)


def plan_to_tell_of_end(upload: Upload) -> None:
    """In the transaction in which the upload ends."""
    if upload.told and _run_of(upload) is None:
        enqueue_telling_of_waiting(upload.lea_id, upload.pk, not_before=timezone.now())


@app.task(name=TELL_OF_WAITING, retry=Patience())
def tell_of_waiting(lea_id: int, upload_id: int) -> None:
    """Write to those whose upload still waits, or has ended since they were told that it does.

    Raises TryLater, once everybody was tried, if the mail server did not take all of them.
    """
    with lea_scope(lea_id):
        upload = Upload.objects.select_related("extract__run", "created_by").filter(pk=upload_id).first()
        emails = _still_to_tell(upload) if upload else []
        later = [email for email in emails if upload and not _tell(upload, email)]
        if later:
            raise TryLater(_MAIL_PAUSE)


def _still_to_tell(upload: Upload) -> list[str]:
    if upload.state == "sending" and upload.why:
        return [email for email in _emails(upload) if email not in upload.told]
    return [] if upload.waiting or _run_of(upload) is not None else upload.told


def _tell(upload: Upload, email: str) -> bool:
    """Whether it is done with: sent, or refused for good. Only one such job at a time does it (`lock`)."""
    lea = Lea.objects.get(pk=upload.lea_id)
    what = "waits" if upload.waiting else "ended"
    good = upload.state in ("done", "accepted")
    context = {"lea": lea, "upload": upload, "good": good, "url": f"{settings.URL}/uploads/{upload.pk}/"}
    subject = "an upload waits for CERS" if upload.waiting else _ENDED[good]
    message_id = f"<upload-{upload.pk}-{what}.lea-{upload.lea_id}@{urlsplit(settings.URL).hostname}>"
    if not is_done_with(email, f"{lea.name}: {subject}", _TEMPLATES[what], context, message_id):
        return False
    told = [*upload.told, email] if upload.waiting else [other for other in upload.told if other != email]
    upload.told = told
    Upload.objects.filter(pk=upload.pk).update(told=told)
    return True


_TEMPLATES = {"waits": "upload_waiting", "ended": "upload_ended"}
_ENDED = {True: "the upload that waited has reached CERS", False: "the upload that waited for CERS has failed"}


def _run_of(upload: Upload) -> int | None:
    return upload.extract.run_id if upload.extract is not None else None


def _emails(upload: Upload) -> list[str]:
    """Those of the scheduled process for its runs, else whoever asked for the upload."""
    if _run_of(upload) is not None:
        process = ScheduledProcess.objects.filter(lea_id=upload.lea_id).first()
        return process.emails if process else []
    return [upload.created_by.email] if upload.created_by else []
