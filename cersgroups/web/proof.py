"""Proving once more that it is you: before sessions are ended, and with a session of another key from then on."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.http import HttpRequest, HttpResponse


class SessionsView(ListUserSessionsView):  # type: ignore[misc] # allauth has no types
    """Where somebody is signed in. Whoever sits at a browser that was left cannot sign its owner out elsewhere."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ends the others; django-allauth asks for the proof, and then goes on with this."""
        raise_if_reauthentication_required(request, app="allauth.usersessions")
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]


def listen() -> None:
    """Called once, when Django starts."""
    authentication_step_completed.connect(_renew_session)


def _renew_session(*, request: HttpRequest, reauthenticated: bool = False, **_more: Any) -> None:
    """As signing in does: a key that somebody else came to know before is worth nothing any more."""
    if not reauthenticated:
        return
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
