"""What CERS holds, as far as we know: reading the current ledger, and what in it could be retired."""

import csv
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from cersgroups.actions.audit import note
from cersgroups.core.permission import Actor, check_can
from cersgroups.engine import ledger as engine
from cersgroups.engine.spreadsheet import harmless
from cersgroups.records.lea import Lea
from cersgroups.records.ledger import Ledger, current_ledger
from cersgroups.records.profile import Profile
from cersgroups.records.stored_folder import fetched


@dataclass(frozen=True)
class HeldGroups:
    """Some of `count` groups. `since`: when the ledger was written; None if nothing was ever uploaded."""

    since: datetime | None
    count: int
    groups: list[engine.HeldGroup]


@dataclass(frozen=True)
class Retirable:
    """Groups with students or users: by earlier school year; in the roster's year, those of deleted profiles only."""

    years: dict[int, int]
    of_deleted_profiles: int


def find_held_groups(actor: Actor, typed: str, start: int, limit: int) -> HeldGroups:
    """Groups with `typed` in their name or CDS code, from place `start` on. In the LEA's scope."""
    check_can(actor, "retire_groups")
    record = current_ledger(actor.lea_id)
    if record is None:
        return HeldGroups(None, 0, [])
    count, groups = engine.list_groups(open_ledger(record), typed, start, limit)
    return HeldGroups(record.created_at, count, groups)


@dataclass(frozen=True)
class HeldUsers:
    """Some of `count` users; `groups` are those of the only one, if there is only one. `since`: as above."""

    since: datetime | None
    count: int
    users: list[engine.HeldUser]
    groups: list[engine.HeldGroup]


def find_held_users(actor: Actor, typed: str, start: int, limit: int) -> HeldUsers:
    """Users with `typed` in their login, from place `start` on: who sees what in CERS. In the LEA's scope."""
    check_can(actor, "retire_groups")
    record = current_ledger(actor.lea_id)
    if record is None:
        return HeldUsers(None, 0, [], [])
    held = open_ledger(record)
    count, users = engine.list_users(held, typed, start, limit)
    groups = [group for _, group in engine.list_access(held, users[0].login)] if count == 1 and users else []
    return HeldUsers(record.created_at, count, users, groups)


def write_access(actor: Actor, file: TextIO) -> None:
    """Write who sees which group in CERS as CSV for people and spreadsheets, and that it was done."""
    check_can(actor, "retire_groups")
    note(actor, "download", "who sees which group")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("user", "school", "student_group", "school_year", "subject", "students"))
    record = current_ledger(actor.lea_id)
    for login, group in engine.list_access(open_ledger(record)) if record else []:
        cells = (login, group.school, group.name, group.school_year, group.subject, group.students)
        writer.writerow([harmless(str(cell)) for cell in cells])


def retirable(actor: Actor) -> Retirable:
    """What `retire_groups` could empty. In the LEA's scope."""
    check_can(actor, "retire_groups")
    record = current_ledger(actor.lea_id)
    if record is None:
        return Retirable({}, 0)
    now = Lea.objects.get(pk=actor.lea_id).school_year or 0
    existing = list(Profile.objects.values_list("pk", flat=True))
    years, of_deleted = engine.count_retirable(open_ledger(record), existing)
    return Retirable({year: count for year, count in years.items() if year < now}, of_deleted.get(now, 0))


def open_ledger(record: Ledger) -> engine.Ledger:
    """The files of a ledger. Raises DataStop if they are damaged."""
    return _open(fetched(record.folder))


@lru_cache(maxsize=16)
def _open(folder: Path) -> engine.Ledger:
    """A ledger never changes, so each process checks its digests once."""
    return engine.open_ledger(folder)
