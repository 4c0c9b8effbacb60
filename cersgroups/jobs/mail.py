"""Mails of jobs: text and HTML, by Django's backend. The server's answer decides whether it is tried again."""

import textwrap
from collections.abc import Mapping
from functools import partial
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

WIDTH = 76
"""Of the lines of text."""

_GONE = 500
"""SMTP's answers from 500 on are final (RFC 5321, 4.2.1)."""


class Unreachable(Exception):  # noqa: N818 - the mail server's answer
    """The mail server refuses this address for good; `str()` is its answer."""


class MailLater(Exception):  # noqa: N818 - the mail server's answer, or none
    """The mail cannot be sent now; `str()` says why."""


def send_mail(to: str, subject: str, template: str, context: Mapping[str, Any], message_id: str) -> None:
    """Send `mail/<template>.txt` and `.html` to one address.

    The same `message_id` for the same mail: a mail program shows it once, if it is sent again after a crash between the
    sending and the record of it. Raises Unreachable or MailLater.
    """
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=wrapped(render_to_string(f"mail/{template}.txt", dict(context))),
        to=[to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"mail/{template}.html", dict(context)), "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        _raise(code, answer)
    except SMTPResponseException as response:
        # a server that refuses the sender or the sign-in is wrongly set up, which can be put right
        raise MailLater(f"The mail server answered: {response.smtp_code} {_text(response.smtp_error)}") from None
    except (OSError, SMTPException) as fault:
        raise MailLater(f"The mail server cannot be reached: {fault}") from None


def is_done_with(to: str, subject: str, template: str, context: Mapping[str, Any], message_id: str) -> bool:
    """Whether the mail need not be tried again: it is sent, or refused for good. Arguments as of `send_mail`."""
    try:
        send_mail(to, subject, template, context, message_id)
    except Unreachable:
        return True  # the others are told
    except MailLater:
        return False
    return True


def wrapped(text: str) -> str:
    """The text in lines of at most WIDTH; what goes on with a list (`- `) or is indented stays so."""
    return "\n".join(line for long in text.strip().split("\n") for line in _lines(long)) + "\n"


def _lines(line: str) -> list[str]:
    indent = "  " if line.startswith(("- ", "  ")) else ""
    wrap = partial(textwrap.wrap, width=WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return wrap(line) if len(line) > WIDTH else [line]


def _raise(code: int, answer: bytes | str) -> None:
    text = f"{code} {_text(answer)}"
    if code >= _GONE:
        raise Unreachable(text) from None
    raise MailLater(f"The mail server answered: {text}") from None


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]
