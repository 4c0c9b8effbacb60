"""The mail that invites a person: where to sign in, and a link to set a password for whoever has none."""

import logging
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cersgroups.records.mail import installation_has_mail
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.web.access import PageRequest

_NO_MAIL = (
    "This installation has no mail server (CERSGROUPS_SMTP_URL), so the invitation was not sent. "
    "Ask the person who runs it."
)

log = logging.getLogger(__name__)


def send_invitation(request: PageRequest, member: Membership) -> None:
    """Send it, and tell the admin; a mail that cannot be sent takes nothing back: it can be sent again."""
    person = member.person
    context = {
        "person": person,
        "lea": request.at.lea,
        "by": request.at.person,
        "sign_in": request.build_absolute_uri(reverse("account_login")),
        "set_password": None if person.has_usable_password() else _password_link(request, person),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "providers": [app["name"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]],
    }
    mail = EmailMessage(
        subject=f"You are invited to the student groups of {_one_line(request.at.lea.name)}",
        body=render_to_string("web/person/invitation.txt", context),
        to=[person.email],
    )
    try:
        mail.send()
    except (OSError, SMTPException):
        log.exception("an invitation could not be sent")
        messages.warning(
            request,
            f"{person} belongs to {request.at.lea} now, but the mail to {person.email} could not be sent. "
            f"Check the mail settings of this installation, then use Send invitation again.",
        )
    else:
        if installation_has_mail():
            messages.success(request, f"The invitation was sent to {person.email}.")
        else:
            messages.warning(request, f"{person} belongs to {request.at.lea} now. {_NO_MAIL}")


def _password_link(request: PageRequest, person: Person) -> str:
    """A link that works once, for PASSWORD_RESET_TIMEOUT seconds."""
    parts = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=parts))


def _one_line(text: str) -> str:
    return " ".join(text.split())
