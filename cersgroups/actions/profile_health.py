"""Profile health (features B5): which saved profiles are duplicates, overlap, are of an earlier year or choose what is
gone; and rolling one forward to the roster's year."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cersgroups.actions.profile import find_profile, save_profile, visible_profiles
from cersgroups.actions.snapshot import current_snapshot
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.profile import Profile as Meaning
from cersgroups.core.profile_text import to_mapping
from cersgroups.core.roll_forward import Missing, roll_forward
from cersgroups.engine.profile_health import find_overlaps, missing_choices
from cersgroups.engine.snapshot import Snapshot
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile


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


def check_profiles(actor: Actor) -> list[Health]:
    """Of every profile that the actor may see, by name. In the LEA's scope; takes about as long as a preview of each.

    Raises RequestStop without a roster.
    """
    check_can(actor, "see_profile")
    snapshot = current_snapshot(actor)
    found = [_check(profile, snapshot) for profile in visible_profiles(actor)]
    _note_duplicates(found)
    sound = [health for health in found if not health.other_year and not health.gone]
    today = Lea.objects.get(pk=actor.lea_id).today()
    for overlap in find_overlaps(snapshot, [health.profile.meaning() for health in sound], today):
        first, second = sound[overlap.first], sound[overlap.second]
        first.overlaps.append(OverlapWith(second.profile, overlap.students, overlap.teachers))
        second.overlaps.append(OverlapWith(first.profile, overlap.students, overlap.teachers))
    return found


def roll_profile_forward(actor: Actor, profile_id: int, version: int) -> tuple[Profile, Missing]:
    """Carry the profile over to the roster's year; also says what was dropped because the roster does not have it.

    Raises RequestStop if a whole list would be dropped, EditConflict if somebody has changed the profile since.
    """
    profile = find_profile(actor, profile_id, "change_profile")
    snapshot = current_snapshot(actor)
    meaning = profile.meaning()
    missing = missing_choices(snapshot, meaning)
    rolled = roll_forward(meaning, snapshot.school_year, missing)
    return save_profile(actor, profile_id, version, to_mapping(rolled)), missing


def _check(profile: Profile, snapshot: Snapshot) -> Health:
    meaning = profile.meaning()
    missing = missing_choices(snapshot, meaning)
    gone = tuple(name for name, values in missing.items() if len(values) == len(_list(meaning, name)))
    return Health(profile, meaning.school_year != snapshot.school_year, missing=missing, gone=gone)


def _list(meaning: Meaning, name: str) -> tuple[str, ...]:
    places = {"schools": meaning, "additional": meaning.users, "students": meaning.list}
    values: tuple[str, ...] = getattr(places.get(name, meaning.filters), name)
    return values


def _note_duplicates(found: Sequence[Health]) -> None:
    same: dict[Meaning, list[Health]] = {}
    for health in found:
        plain = replace(health.profile.meaning(), name="", include_in_scheduled_process=False)
        same.setdefault(plain, []).append(health)
    for group in same.values():
        for health in group:
            health.duplicates = [other.profile for other in group if other is not health]
