"""When an LEA next needs the clock: what the periodic task (jobs/due.py) looks at to know whose scope to enter.

The one table with a lea_id and without row-level security: it is read before any LEA's scope is known. It says which
LEA, one of a few names and a moment; nothing of a person.
"""

from datetime import datetime
from typing import Literal

from django.db import models
from django.utils import timezone

What = Literal["scheduled_process", "credential_expiry", "sync", "retention", "received", "answers"]
"""Each has its handler in jobs/due.py."""


class Due(models.Model):
    """`at`: not before this moment. `planned_at`: when that was written; still to come if the clock was put back.

    Written last in a transaction, so that no two wait for each other.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=32)
    at = models.DateTimeField(db_index=True)
    planned_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "due"
        constraints = (models.UniqueConstraint(fields=["lea", "what"], name="one_moment_per_purpose"),)

    def __str__(self) -> str:
        return f"{self.what} of {self.lea_id} at {self.at:%Y-%m-%d %H:%M}"


def look_again(lea_id: int) -> None:
    """What goes by the LEA's clock is due at once, if it is planned at all: its handler sees for itself."""
    Due.objects.filter(lea_id=lea_id, what__in=("scheduled_process", "sync")).update(at=timezone.now())


def plan_first(lea_id: int, what: What, at: datetime) -> None:
    """It is due at this moment, unless it is planned already."""
    Due.objects.get_or_create(lea_id=lea_id, what=what, defaults={"at": at})


def plan(lea_id: int, what: What, at: datetime | None) -> None:
    """From now on it is due at this moment; None: not at all."""
    if at is None:
        Due.objects.filter(lea_id=lea_id, what=what).delete()
    else:
        Due.objects.update_or_create(lea_id=lea_id, what=what, defaults={"at": at})
