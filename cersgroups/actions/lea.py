"""The LEA itself: its settings, and how a new one is made."""

from zoneinfo import ZoneInfo

from django.db import connection

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor, Level, check_can
from cersgroups.core.profile import NAME_STYLES
from cersgroups.records.due import look_again
from cersgroups.records.lea import Lea
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope


def change_settings(
    actor: Actor,
    *,
    name: str | None = None,
    name_style: str | None = None,
    time_zone: str | None = None,
    uploads_enabled: bool | None = None,
    safety_percent: int | None = None,
) -> Lea:
    """Change what is given. Raises RequestStop for a blank name, an unknown style or time zone, or no percentage."""
    with acting(actor):
        check_can(actor, "change_settings")
        lea = Lea.objects.select_for_update().get(pk=actor.lea_id)
        texts = {"name": name, "name_style": name_style, "time_zone": time_zone}
        changes = {key: value.strip() for key, value in texts.items() if value is not None}
        _check(changes)
        if safety_percent is not None and not 0 <= safety_percent <= 100:
            raise RequestStop(f"{safety_percent} is no percentage. Write a number from 0 to 100.")
        others = {"uploads_enabled": uploads_enabled, "safety_percent": safety_percent}
        given = {**changes, **{key: value for key, value in others.items() if value is not None}}
        for key, value in given.items():
            setattr(lea, key, value)
        lea.save()
        note(actor, "change settings", f"lea {lea.pk}", **given)
        look_again(lea.pk, "scheduled_process")  # the clock may be another one now
        return lea


def add_lea(name: str, admin: Person) -> Lea:
    """A new LEA with its first admin. Only first_admin.py calls it, inside its transaction, with a valid link."""
    _check({"name": name.strip()})
    with connection.cursor() as cursor:
        # the id first: only in its own scope can the LEA be written
        cursor.execute("SELECT nextval(pg_get_serial_sequence('lea', 'id'))")
        [lea_id] = cursor.fetchone()
    with lea_scope(lea_id):
        lea = Lea.objects.create(id=lea_id, name=name.strip())
        level: Level = "admin"
        Membership.objects.create(lea=lea, person=admin, level=level)
        note(Actor(admin.pk, lea_id, level, str(admin), admin.email), "create lea", f"lea {lea_id}", name=lea.name)
        return lea


def _check(changes: dict[str, str]) -> None:
    if not changes.get("name", "x"):
        raise RequestStop("The name is blank. Give the name of the district, county office or charter.")
    if changes.get("name_style", NAME_STYLES[0]) not in NAME_STYLES:
        raise RequestStop(f"{changes['name_style']!r} is no name style. Choose one of {', '.join(NAME_STYLES)}.")
    try:
        ZoneInfo(changes.get("time_zone", "UTC"))
    except (ValueError, OSError):
        raise RequestStop(f"{changes['time_zone']!r} is no time zone. Write it as America/Los_Angeles.") from None
