"""The end after inactivity: whoever does nothing here for IDLE_MINUTES is signed out, and told why."""

from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from cersgroups.actions.sign_in import note_idle_end
from cersgroups.records.person import Person
from cersgroups.records.session import end_session
from cersgroups.web.session import SessionStore

POLL = "Poll"
"""The header of what a page asks by itself (assets/scripts/poll.js): it shows nobody at work."""

AGAIN = "again"
"""Its value where the server bade the page ask again."""

_NOTED_EVERY = 60
"""Seconds: a session is written once a minute at most, however often it is used."""


class IdleMiddleware:
    """Ends a session that nobody used for too long; the request is then answered as anybody's who is not signed in.

    Stands after django-allauth's, which finds the client's address, and after that of the messages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.IDLE_MINUTES and request.user.is_authenticated:
            session = cast(SessionStore, request.session)
            unused = session.unused_for()
            if unused is not None and unused >= 60 * settings.IDLE_MINUTES:
                _end(request, request.user)
            elif unused is None or (unused >= _NOTED_EVERY and POLL not in request.headers):
                session.note_use()
        return self.get_response(request)


def _end(request: HttpRequest, person: Person) -> None:
    if end_session(request.session.session_key or ""):  # of several requests at once, one notes it
        note_idle_end(person, get_adapter(request).get_client_ip(request))
    logout(request)
    minutes = "a minute" if settings.IDLE_MINUTES == 1 else f"{settings.IDLE_MINUTES} minutes"
    messages.info(
        request, f"You were signed out because nothing was done here for {minutes}. Sign in to go on where you were."
    )
