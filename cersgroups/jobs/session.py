"""Sessions that have ended go from the database, with what was written down of their browser and address."""

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from cersgroups.jobs.rescue import QUEUE


@app.periodic(cron="37 * * * *", periodic_id="sessions")
@app.task(name="forget_sessions", queue=QUEUE, queueing_lock="sessions", pass_context=False)
def forget_sessions_every_hour(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told its time
    """At 37 minutes past."""
    forget_sessions()


def forget_sessions() -> None:
    """As Django's clearsessions does, and django-allauth when a person looks at their own."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
