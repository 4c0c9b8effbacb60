"""Where people are signed in: a session of Django's, and the line about it that django-allauth keeps for the person."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def end_session(key: str) -> bool:
    """Whether there was one to be ended."""
    UserSession.objects.filter(session_key=key).delete()
    ended, _ = Session.objects.filter(session_key=key).delete()
    return ended > 0
