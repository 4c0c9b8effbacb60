"""Where mail goes: CERSGROUPS_SMTP_URL (smtp://USER:PASSWORD@HOST:PORT or smtps://...), else it is not sent."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cersgroups.core import environment
from cersgroups.core.error import RequestStop
from cersgroups.records.mail import PRINTED, UNSENT


@dataclass(frozen=True)
class MailServer:
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


def mail(*, public: bool) -> tuple[str, MailServer]:
    """Django's EMAIL_BACKEND and the server. Raises RequestStop for a URL that is none of SMTP.

    Without a server mails are printed where only this machine reaches the program, to try it. Else (`public`) their
    links would lie in the journal, where others than the addressee read them.
    """
    url = environment.address("CERSGROUPS_SMTP_URL")
    if not url:
        return UNSENT if public else PRINTED, MailServer()
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("smtp", "smtps") or not _is_host(host):
        raise RequestStop("CERSGROUPS_SMTP_URL must be smtp://USER:PASSWORD@HOST:PORT or smtps://...")
    tls = parts.scheme == "smtps"
    server = MailServer(
        host=host,
        port=parts.port or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        # a password never travels in clear text
        starttls=not tls and bool(parts.username),
    )
    return "django.core.mail.backends.smtp.EmailBackend", server


def _is_host(name: str) -> bool:
    try:
        return bool(name.encode("idna"))
    except UnicodeError:
        return False
