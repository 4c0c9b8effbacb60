"""Where people are signed in: a session of Django's, and the line about it that django-allauth keeps for the person."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def end_session(key: str) -> bool:
    """Whether there was one to be ended."""
    UserSession.objects.filter(session_key=key).delete()
    ended, _ = Session.objects.filter(session_key=key).delete()
    return ended > 0


def end_sessions_of(person_id: int) -> int:
    """How many there were: every one that the person began by signing in."""
    lines = UserSession.objects.filter(user_id=person_id)
    ended, _ = Session.objects.filter(session_key__in=list(lines.values_list("session_key", flat=True))).delete()
    lines.delete()
    return ended
