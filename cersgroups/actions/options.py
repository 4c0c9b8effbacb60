"""What a profile can choose with the current roster: types, patterns, filters, and the lists behind the filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from cersgroups.actions.snapshot import current_folder, open_stored
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.profile import Filters, Type
from cersgroups.engine import options as engine
from cersgroups.engine.support import Support, read_support
from cersgroups.records.school import School


@dataclass(frozen=True, eq=False)
class Offer:
    """The entries of a list, made once for a snapshot and its choices: others may keep what they make of it."""

    options: tuple[engine.Option, ...]
    values: frozenset[str]


def support(actor: Actor) -> Support:
    """What the current roster supports, and what it lacks for the rest. Raises RequestStop if there is no roster."""
    check_can(actor, "see_roster")
    return _support(current_folder(actor))


def offer(
    actor: Actor,
    name: str,
    *,
    schools: Sequence[str] = (),
    type: str = "classes",  # noqa: A002 - the word of a profile
    filters: Mapping[str, Sequence[str]] | None = None,
    all_teachers: bool = False,
) -> Offer:
    """The entries of a filter's list (or `additional`), for these schools and after the filters chosen so far.

    Without schools: all that the actor may work at. In the LEA's scope. Raises PermissionRefused for other schools.
    """
    check_can(actor, "see_roster", school_ids=schools)
    if name == "additional":
        return _listed(current_folder(actor), name, engine.Narrowing())
    if not schools and actor.school_ids is not None:
        schools = tuple(sorted(actor.school_ids))
        if not schools:
            return Offer((), frozenset())
    return _listed(current_folder(actor), name, _narrowing(name, schools, type, filters or {}, all_teachers))


def schools_without_primary_classes(actor: Actor, schools: Sequence[str]) -> list[str]:
    """Names of those of these schools that do not track primary classes. In the LEA's scope."""
    lacking = School.objects.filter(lea_id=actor.lea_id, school_id__in=schools, tracks_primary_classes=False)
    return list(lacking.values_list("name", flat=True))


def _narrowing(
    name: str, schools: Sequence[str], type_: str, filters: Mapping[str, Sequence[str]], all_teachers: bool
) -> engine.Narrowing:
    """Only what the list follows, so that no other choice has it read anew."""
    if name != "teachers":
        type_, all_teachers = "classes", False
    followed = () if all_teachers else engine.FOLLOWED.get(name, ())
    chosen = Filters(**{key: tuple(filters.get(key, ())) for key in followed})
    return engine.Narrowing(tuple(schools), cast(Type, type_), chosen, all_teachers)


@lru_cache(maxsize=64)
def _listed(folder: Path, name: str, narrowing: engine.Narrowing) -> Offer:
    """A snapshot never changes, so neither do its lists."""
    options = tuple(engine.list_options(open_stored(folder), name, narrowing))
    return Offer(options, frozenset(value for value, _label, _note in options))


@lru_cache(maxsize=32)
def _support(folder: Path) -> Support:
    return read_support(open_stored(folder))
