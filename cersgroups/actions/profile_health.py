"""Profile health (features B5): which saved profiles are duplicates, overlap, are of an earlier year or choose what is
gone; and rolling one forward to the roster's year."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cersgroups.actions.actor import acting
from cersgroups.actions.answer import Answers, Pending
from cersgroups.actions.audit import note
from cersgroups.actions.profile import find_profile, save_profile, visible_profiles
from cersgroups.actions.snapshot import current_record, current_snapshot, open_stored
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.profile import Profile as Meaning
from cersgroups.core.profile_text import to_mapping
from cersgroups.core.roll_forward import Missing, roll_forward
from cersgroups.engine.profile_health import find_overlaps, missing_choices
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile

KEPT = 20
PATIENCE = 0.05
"""Seconds that `ask_health` waits: longer than a few profiles of a small LEA need."""


@dataclass(frozen=True)
class OverlapWith:
    """Another profile that gives the same students to the same teachers."""

    other: Profile
    students: int
    teachers: int


@dataclass
class Health:
    """What is wrong with one profile. `gone`: lists of which nothing is left in the roster, a part of `missing`."""

    profile: Profile
    other_year: bool = False
    duplicates: list[Profile] = field(default_factory=list)
    missing: Missing = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    overlaps: list[OverlapWith] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        return not (self.other_year or self.duplicates or self.missing or self.overlaps)


def ask_health(actor: Actor) -> list[Health] | None:
    """Of every profile that the actor may see, by name; None while they are being compared: ask again.

    In the LEA's scope. Raises RequestStop without a roster.
    """
    check_can(actor, "see_profile")
    profiles = list(visible_profiles(actor))
    meanings = tuple(_plain(profile) for profile in profiles)
    record, today = current_record(actor), Lea.objects.get(pk=actor.lea_id).today()
    compared = _answers.ask(_Question(record.folder, meanings, today), actor.person_id, PATIENCE)
    if isinstance(compared, Pending):
        return None
    found = [
        Health(profile, compared.other_year[meaning], missing=compared.missing[meaning], gone=compared.gone[meaning])
        for profile, meaning in zip(profiles, meanings, strict=True)
    ]
    same: dict[Meaning, list[Health]] = {}
    for health, meaning in zip(found, meanings, strict=True):
        same.setdefault(meaning, []).append(health)
    for equal in same.values():
        for health in equal:
            health.duplicates = [other.profile for other in equal if other is not health]
    for one, other, students, teachers in compared.overlaps:
        for left, right in ((one, other), (other, one)):
            for health in same[left]:
                health.overlaps += [OverlapWith(with_.profile, students, teachers) for with_ in same[right]]
    return found


def note_gone_students(actor: Actor, gone: Mapping[int, int]) -> None:
    """That a page shows students of these profiles' lists who are gone from the roster: how many, by profile."""
    with acting(actor):
        for profile_id, count in gone.items():
            profile = find_profile(actor, profile_id)
            note(actor, "read gone students", f"profile {profile_id}", name=profile.name, count=count)


def roll_profile_forward(actor: Actor, profile_id: int, version: int) -> tuple[Profile, Missing]:
    """Carry the profile over to the roster's year; also says what was dropped because the roster does not have it.

    Raises RequestStop if a whole list would be dropped, EditConflict if somebody has changed the profile since.
    """
    profile = find_profile(actor, profile_id, "change_profile")
    snapshot = current_snapshot(actor)
    meaning = profile.meaning()
    [missing] = missing_choices(snapshot, [meaning])
    rolled = roll_forward(meaning, snapshot.school_year, missing)
    return save_profile(actor, profile_id, version, to_mapping(replace(rolled, name_style="safe"))), missing


def _plain(profile: Profile) -> Meaning:
    """What it chooses: two of which that is equal are duplicates, and are compared with others once."""
    return replace(profile.meaning(), name="", name_style="safe", include_in_scheduled_process=False)


@dataclass(frozen=True)
class _Question:
    folder: Path
    profiles: tuple[Meaning, ...]
    as_of: date


@dataclass(frozen=True)
class _Compared:
    """By what profiles choose. `overlaps`: two of them, and the numbers of students and teachers in both."""

    other_year: dict[Meaning, bool]
    missing: dict[Meaning, Missing]
    gone: dict[Meaning, tuple[str, ...]]
    overlaps: list[tuple[Meaning, Meaning, int, int]]


def _compare(question: _Question) -> _Compared:
    snapshot = open_stored(question.folder)
    profiles = list(dict.fromkeys(question.profiles))
    missing: dict[Meaning, Missing] = dict(zip(profiles, missing_choices(snapshot, profiles), strict=True))
    gone = {
        profile: tuple(name for name, values in lost.items() if len(values) == len(_list(profile, name)))
        for profile, lost in missing.items()
    }
    other_year = {profile: profile.school_year != snapshot.school_year for profile in profiles}
    sound = [profile for profile in profiles if not other_year[profile] and not gone[profile]]
    overlaps = [
        (sound[overlap.first], sound[overlap.second], overlap.students, overlap.teachers)
        for overlap in find_overlaps(snapshot, sound, question.as_of)
    ]
    return _Compared(other_year, missing, gone, overlaps)


def _list(meaning: Meaning, name: str) -> tuple[str, ...]:
    places = {"schools": meaning, "additional": meaning.users, "students": meaning.list}
    values: tuple[str, ...] = getattr(places.get(name, meaning.filters), name)
    return values


_answers = Answers(_compare, KEPT)
