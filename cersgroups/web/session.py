"""Sessions in the database, which end a fixed time after signing in, whatever is kept in them meanwhile."""

import time

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

SIGNED_IN_AT = "signed_in_at"
"""Seconds since the epoch."""


class SessionStore(DatabaseSessionStore):
    """Django counts SESSION_COOKIE_AGE from the last change; choosing another school would begin it anew."""

    def get_session_cookie_age(self) -> int:
        age = super().get_session_cookie_age()
        signed_in = self.get(SIGNED_IN_AT)
        return age if signed_in is None else max(0, int(signed_in + age - time.time()))
