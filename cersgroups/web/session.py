"""Sessions in the database, which end a fixed time after signing in, whatever is kept in them meanwhile."""

import time

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import transaction

SIGNED_IN_AT, USED_AT = "signed_in_at", "used_at"
"""Seconds since the epoch."""


class SessionStore(DatabaseSessionStore):
    """Django counts SESSION_COOKIE_AGE from the last change; choosing another school would begin it anew."""

    def get_session_cookie_age(self) -> int:
        age = super().get_session_cookie_age()
        signed_in = self.get(SIGNED_IN_AT)
        return age if signed_in is None else max(0, int(signed_in + age - time.time()))

    def unused_for(self) -> float | None:
        """Seconds since a person used it; None if that was never noted, or in what the clock now calls the future."""
        used = self.get(USED_AT)
        return None if used is None or used > time.time() else time.time() - used

    def note_use(self) -> None:
        """Write that a person uses it now; a session that was ended meanwhile stays ended.

        It is written at once, and nothing else with it: what this request read of the session before could undo what
        another one has written by then.
        """
        changed = self.modified
        self[USED_AT] = now = int(time.time())
        with transaction.atomic():
            kept = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
            if kept is not None:
                kept.session_data = self.encode({**kept.get_decoded(), USED_AT: now})
                kept.save(update_fields=["session_data"])
        self.modified = changed
