"""What becomes of mails where there is no mail server."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)

PRINTED = "django.core.mail.backends.console.EmailBackend"
UNSENT = "cersgroups.records.mail.UnsentMail"


class UnsentMail(BaseEmailBackend):
    """Says in the log that there was a mail, and nothing of it: a link in it lets whoever reads it set a password."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for _ in email_messages:
            log.warning("a mail was not sent: there is no mail server (CERSGROUPS_SMTP_URL)")
        return len(email_messages)


def installation_has_mail() -> bool:
    """Whether mail leaves this machine at all."""
    return settings.EMAIL_BACKEND not in (PRINTED, UNSENT)
