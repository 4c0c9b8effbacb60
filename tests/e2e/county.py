"""Five LEAs that a county office looks after, each in another state: python -m tests.e2e.county

Connie is admin of the first four and views the fifth.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cersgroups.cli.application import application
from tests.e2e.stage import PASSWORD, Person

CONNIE = Person("Connie County", "connie@county.example")
WELL, REFUSED, HELD, NEW, VIEWED = (
    "Acorn Valley Unified",
    "Bear Creek Elementary",
    "Cedar Flat Joint Union",
    "Dry Lake Charter",
    "Eagle Rock High",
)


def main() -> None:
    with application():
        _fill()


def _fill() -> None:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.first_admin import create_first_admin, make_link
    from cersgroups.actions.person import invite
    from cersgroups.records import models

    for number, name in enumerate((WELL, REFUSED, HELD, NEW, VIEWED)):
        email = f"admin{number}@county.example"
        person, lea = create_first_admin(make_link(), email=email, name="Local Admin", password=PASSWORD, lea_name=name)
        invite(actor_for(person, lea.pk), CONNIE.email, CONNIE.name, "viewer" if name == VIEWED else "admin")
        if name != NEW:
            _fill_lea(lea, {REFUSED: "refused", HELD: "held"}.get(name, "done"))
    connie = models.Person.objects.get(email=CONNIE.email)
    connie.set_password(PASSWORD)
    connie.save()


def _fill_lea(lea: Any, upload_state: str) -> None:
    from cersgroups.records import models
    from cersgroups.records.scope import lea_scope

    now = timezone.now()
    with lea_scope(lea.pk):
        days = 12 if upload_state == "held" else 1
        lea.current_snapshot = models.Snapshot.objects.create(
            lea=lea, state="ready", taken_at=now - timedelta(days=days)
        )
        lea.save()
        models.ScheduledProcess.objects.create(
            lea=lea, days=[4], time="22:30", emails=["local@county.example"], enabled=upload_state != "held", since=now
        )
        models.ScheduledRun.objects.create(
            lea=lea, occurrence="then", due_at=now - timedelta(days=1), state="done", outcome="done"
        )
        models.Upload.objects.create(lea=lea, state=upload_state)


if __name__ == "__main__":
    main()
