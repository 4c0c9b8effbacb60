"""What CERS holds, as far as we know: reading the current ledger, and what in it could be retired."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cersgroups.core.permission import Actor, check_can
from cersgroups.engine import ledger as engine
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
