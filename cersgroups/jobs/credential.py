"""Mails to the admins before a credential for CERS ends: without one, nothing can be uploaded (features F2)."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from cersgroups.actions.credential import days_to_tell
from cersgroups.actions.enqueue import WARN_OF_EXPIRY, enqueue_expiry_warnings
from cersgroups.jobs.mail import is_done_with
from cersgroups.jobs.recipient import admins
from cersgroups.jobs.retry import Patience, TryLater
from cersgroups.records.credential import Credential
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope

MORNING = time(7)
"""By the LEA's clock: when expiries are looked at."""

_PAUSE = 15 * 60


def look_at_expiries(lea_id: int, now: datetime) -> datetime | None:
    """What is due each morning (jobs/due.py): enqueue the mails; the next morning, or None without a credential."""
    if not Credential.objects.filter(lea_id=lea_id).exists():
        return None
    enqueue_expiry_warnings(lea_id)
    local = now.astimezone(Lea.objects.get(pk=lea_id).zone)
    return datetime.combine(local.date() + timedelta(days=1), MORNING, local.tzinfo)


@app.task(name=WARN_OF_EXPIRY, retry=Patience())
def warn(lea_id: int) -> None:
    """Write to the LEA's admins about every credential of which a warning is due and not yet sent."""
    with lea_scope(lea_id):
        lea = Lea.objects.get(pk=lea_id)
        for credential in list(Credential.objects.filter(lea_id=lea_id)):
            days = (credential.expires_on - lea.today()).days
            if days_to_tell(days, credential.warned_for) is not None:
                _warn(lea, credential.pk, days)


def _warn(lea: Lea, credential_id: int, days: int) -> None:
    """Raises TryLater, once everybody was tried, if the mail server did not take all of them."""
    later = [email for email in admins(lea.pk) if not _warn_one(lea, credential_id, days, email)]
    if later:
        raise TryLater(_PAUSE)
    with transaction.atomic():
        credential = Credential.objects.select_for_update().filter(pk=credential_id).first()
        told = days_to_tell(days, credential.warned_for) if credential else None
        if credential is not None and told is not None:
            credential.warned_for, credential.told = told, []
            credential.save(update_fields=["warned_for", "told"])


@transaction.atomic
def _warn_one(lea: Lea, credential_id: int, days: int, email: str) -> bool:
    """Whether it is done with: sent, or refused for good. The record is locked meanwhile, so that none gets two."""
    credential = Credential.objects.select_for_update().filter(pk=credential_id).first()
    told = days_to_tell(days, credential.warned_for) if credential else None
    if credential is None or told is None or email in credential.told:
        return True
    context = {"lea": lea, "credential": credential, "days": days, "url": f"{settings.URL}/settings/credentials/"}
    message_id = _message_id(credential, told)
    if not is_done_with(email, _subject(credential, days), "credential_expiry", context, message_id):
        return False
    credential.told = [*credential.told, email]
    credential.save(update_fields=["told"])
    return True


def _subject(credential: Credential, days: int) -> str:
    if days < 0:
        return f"The credential {credential.name} for CERS has ended: nothing can be uploaded"
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"The credential {credential.name} for CERS ends {when}"


def _message_id(credential: Credential, told: int) -> str:
    host = urlsplit(settings.URL).hostname
    return f"<credential-{credential.pk}-{credential.expires_on.isoformat()}-{told}.lea-{credential.lea_id}@{host}>"
