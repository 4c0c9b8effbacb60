"""The LEA itself: its settings, and how a new one is made."""

from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.retention import begin_retention
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.core.permission import Actor, Level, check_can
from cersgroups.core.profile import NAME_STYLES
from cersgroups.core.storable import storable
from cersgroups.records.due import look_again, plan_first
from cersgroups.records.lea import Lea, locked_lea
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from cersgroups.records.whole import whole


def change_settings(
    actor: Actor,
    *,
    name: str | None = None,
    name_style: str | None = None,
    time_zone: str | None = None,
    uploads_enabled: bool | None = None,
    safety_percent: int | None = None,
    roster_percent: int | None = None,
    roster_days: int | None = None,
) -> Lea:
    """Change what is given.

    Raises RequestStop for a blank name, an unknown style or time zone, no percentage, or no number of days.
    """
    with acting(actor):
        check_can(actor, "change_settings")
        lea = locked_lea(actor.lea_id)
        texts = {"name": name, "name_style": name_style, "time_zone": time_zone}
        changes = {key: value.strip() for key, value in texts.items() if value is not None}
        _check(changes)
        numbers = {"safety_percent": safety_percent, "roster_percent": roster_percent, "roster_days": roster_days}
        _check_numbers(numbers)
        others = {"uploads_enabled": uploads_enabled, **numbers}
        given = {**changes, **{key: value for key, value in others.items() if value is not None}}
        for key, value in given.items():
            setattr(lea, key, value)
        lea.save()
        note(actor, "change settings", f"lea {lea.pk}", **given)
        look_again(lea.pk)  # the clock may be another one now
        return lea


def add_lea(name: str, admin: Person, ip: str = "") -> Lea:
    """A new LEA with its first admin; it keeps data as long as the installation's settings say.

    Only first_admin.py calls it, inside its transaction, with a valid link.
    """
    lea, kept = _create_lea(name)
    with lea_scope(lea.pk):
        level: Level = "admin"
        Membership.objects.create(lea=lea, person=admin, level=level)
        actor = Actor(admin.pk, lea.pk, level, str(admin), admin.email, ip=ip)
        note(actor, "create lea", f"lea {lea.pk}", name=lea.name, **kept)
    return lea


def add_lea_by_command(name: str) -> Lea:
    """The same without an admin, for a command on the machine itself. Raises RequestStop.

    Nothing keeps two LEAs from having one name, but a script that is run again means the one that it made.
    """
    _check({"name": name.strip()})
    with whole() as alias:
        there = Lea.objects.using(alias).filter(name=name.strip()).first()
    if there is not None:
        raise RequestStop(f"{there.name} is there already: LEA {there.pk}. Give another one another name.")
    with transaction.atomic():
        lea, kept = _create_lea(name)
        with lea_scope(lea.pk):
            note_system(lea.pk, "create lea", f"lea {lea.pk}", door="command", name=lea.name, **kept)
    return lea


def _create_lea(name: str) -> tuple[Lea, dict[str, int]]:
    """In a transaction. The LEA, and for its log how many days it keeps what. Raises RequestStop for a blank name."""
    _check({"name": name.strip()})
    with connection.cursor() as cursor:
        # the id first: only in its own scope can the LEA be written
        cursor.execute("SELECT nextval(pg_get_serial_sequence('lea', 'id'))")
        [lea_id] = cursor.fetchone()
    with lea_scope(lea_id):
        lea, now = Lea(id=lea_id, name=name.strip()), timezone.now()
        kept = begin_retention(lea)
        lea.save(force_insert=True)
        if kept:
            plan_first(lea_id, "retention", now)
    return lea, {f"keep_{what}_days": days for what, days in kept.items()}


def lea_of_command(number: int) -> Lea:
    """For a command; in the LEA's scope. Raises NotThere."""
    lea: Lea | None = Lea.objects.filter(pk=number).first()
    if lea is None:
        raise no_lea(number)
    return lea


def no_lea(number: int) -> NotThere:
    return NotThere(f"There is no LEA {number}. `cersgroups leas` lists them.")


def make_admin(lea: Lea, person: Person, ip: str = "") -> Lea:
    """The person is an admin of the LEA from now on, whatever they were there. Only first_admin.py calls it too."""
    with lea_scope(lea.pk):
        level: Level = "admin"
        rights = {"level": level, "school_ids": None}
        Membership.objects.update_or_create(lea=lea, person=person, defaults=rights)
        note(Actor(person.pk, lea.pk, level, str(person), person.email, ip=ip), "become admin by link", f"lea {lea.pk}")
        return lea


_LONGEST_NAME = 255
_LARGEST = {"safety_percent": 100, "roster_percent": 100, "roster_days": 366}


def _check_numbers(numbers: dict[str, int | None]) -> None:
    for name, number in numbers.items():
        if number is not None and not 0 <= number <= _LARGEST[name]:
            what = "number of days" if name == "roster_days" else "percentage"
            raise RequestStop(f"{number} is no {what}. Write a number from 0 to {_LARGEST[name]}.")


def _check(changes: dict[str, str]) -> None:
    name = changes.get("name", "x")
    if not name:
        raise RequestStop("The name is blank. Give the name of the district, county office or charter.")
    if len(name) > _LONGEST_NAME or name != storable(name):
        raise RequestStop(f"The name cannot be stored. Give one of at most {_LONGEST_NAME} ordinary characters.")
    if changes.get("name_style", NAME_STYLES[0]) not in NAME_STYLES:
        raise RequestStop(f"{changes['name_style']!r} is no name style. Choose one of {', '.join(NAME_STYLES)}.")
    try:
        ZoneInfo(changes.get("time_zone", "UTC"))
    except (ValueError, KeyError, OSError):
        raise RequestStop(f"{changes['time_zone']!r} is no time zone. Write it as America/Los_Angeles.") from None
