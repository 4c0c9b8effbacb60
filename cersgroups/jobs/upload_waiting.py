"""A mail about an upload that waits for the receiver: its page says so at once, and people who look away are told too.

Enqueued with the first fault, for an hour later; nothing is sent if CERS has taken the file by then.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from cersgroups.actions.enqueue import TELL_OF_WAITING, enqueue_telling_of_waiting
from cersgroups.jobs.mail import MailLater, Unreachable, send_mail
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


@app.task(name=TELL_OF_WAITING, retry=Patience())
def tell_of_waiting(lea_id: int, upload_id: int) -> None:
    """Write to those whose upload still waits. Raises TryLater if the mail server does not take it."""
    with lea_scope(lea_id):
        upload = Upload.objects.select_related("extract__run", "created_by").filter(pk=upload_id).first()
        if upload is None or upload.state != "sending" or not upload.why:
            return
        later = [email for email in _emails(upload) if not _tell(upload, email)]
        if later:
            raise TryLater(_MAIL_PAUSE)


def _tell(upload: Upload, email: str) -> bool:
    """Whether it is done with: sent, or refused for good. Only one such job at a time does it (`lock`)."""
    if email in upload.told:
        return True
    lea = Lea.objects.get(pk=upload.lea_id)
    context = {"lea": lea, "upload": upload, "url": f"{settings.URL}/uploads/{upload.pk}/"}
    message_id = f"<upload-{upload.pk}-waits.lea-{upload.lea_id}@{urlsplit(settings.URL).hostname}>"
    try:
        send_mail(email, f"{lea.name}: an upload waits for CERS", "upload_waiting", context, message_id)
    except Unreachable:
        pass  # the others are told
    except MailLater:
        return False
    upload.told = [*upload.told, email]
    Upload.objects.filter(pk=upload.pk).update(told=upload.told)
    return True


def _emails(upload: Upload) -> list[str]:
    """Those of the scheduled process for its runs, else whoever asked for the upload."""
    if upload.extract is not None and upload.extract.run_id is not None:
        process = ScheduledProcess.objects.filter(lea_id=upload.lea_id).first()
        return process.emails if process else []
    return [upload.created_by.email] if upload.created_by else []
