"""Profiles: making, changing, copying, handing over, sharing as TOML."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.core import profile as core_profile
from cersgroups.core.error import EditConflict, NotThere, RequestStop, StateConflict
from cersgroups.core.permission import Actor, DeedName, check_can, user_can
from cersgroups.core.profile_text import to_mapping, to_toml
from cersgroups.records.lea import Lea
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.profile import Profile


def visible_profiles(actor: Actor) -> "QuerySet[Profile]":
    """Those the actor may see: an admin all, others their own within their schools. Read it in the LEA's scope."""
    profiles = Profile.objects.filter(lea_id=actor.lea_id).select_related("owner")
    if not user_can(actor, "see_profile"):
        return profiles.none()
    if actor.level != "admin":
        profiles = profiles.filter(owner_id=actor.person_id)
        if actor.school_ids is not None:
            profiles = profiles.filter(content__schools__contained_by=sorted(actor.school_ids))
    return profiles


def find_profile(actor: Actor, profile_id: int, deed: DeedName = "see_profile") -> Profile:
    """The profile, for this deed; in the LEA's scope. Raises NotThere or PermissionRefused."""
    return _find(actor, profile_id, deed, Profile.objects.all())


def read_profile(actor: Actor, profile_id: int) -> Profile:
    """The profile, to be given out with its content: in the audit log, if it holds students.

    Raises NotThere or PermissionRefused.
    """
    with acting(actor):
        profile = find_profile(actor, profile_id)
        if profile.meaning().list.students:
            note(actor, "read profile", _thing(profile), name=profile.name)
        return profile


def note_readings(actor: Actor, profiles: Sequence[Profile]) -> None:
    """Visible profiles are given out with their content: one entry of those that hold students; in the LEA's scope."""
    with_students = [_thing(profile) for profile in profiles if profile.meaning().list.students]
    if with_students:
        note(actor, "read profile", "profiles", profiles=with_students)


def create_profile(actor: Actor, content: Mapping[str, Any]) -> Profile:
    """Save a new profile of the actor. `content` as its TOML file has it.

    Raises RequestStop if the content is wrong, PermissionRefused for schools that are not the actor's.
    """
    with acting(actor):
        profile = Profile(lea_id=actor.lea_id, owner_id=actor.person_id)
        _fill(actor, profile, content)
        profile.save()
        note(actor, "create profile", _thing(profile), name=profile.name)
        return profile


def save_profile(actor: Actor, profile_id: int, version: int, content: Mapping[str, Any]) -> Profile:
    """Save the profile that was shown in this `version`.

    Raises EditConflict if somebody has changed it since (nothing is written), else as `create_profile`.
    """
    with acting(actor):
        profile = _find_to_change(actor, profile_id)
        _check_version(actor, profile, version, _NOT_SAVED)
        _fill(actor, profile, content)
        _save_changed(profile)
        note(actor, "change profile", _thing(profile), name=profile.name, version=profile.version)
        return profile


def duplicate_profile(actor: Actor, profile_id: int, name: str = "") -> Profile:
    """A copy that belongs to the actor, named `name` or `Copy of ...`."""
    with acting(actor):
        original = find_profile(actor, profile_id)
        content = {
            **_without_style(original.meaning()),
            "name": name.strip() or f"Copy of {original.name}"[: core_profile.LONGEST_TEXT],
        }
        copy = Profile(lea_id=actor.lea_id, owner_id=actor.person_id)
        _fill(actor, copy, content)
        copy.save()
        note(actor, "duplicate profile", _thing(copy), name=copy.name, of=_thing(original))
        return copy


def hand_over_profile(actor: Actor, profile_id: int, person_id: int) -> Profile:
    """Make the person its owner. Raises RequestStop unless they may have a profile of these schools."""
    with acting(actor):
        profile = _find_to_change(actor, profile_id)
        _check_can_own(actor, profile, person_id)
        profile.owner_id = person_id
        profile.changed_by_id = actor.person_id
        _save_changed(profile)
        note(actor, "hand over profile", _thing(profile), name=profile.name, to=profile.owner.email)
        return profile


def possible_owners(actor: Actor, profile_id: int) -> list[Person]:
    """To whom the profile can be handed over, by name; in the LEA's scope."""
    profile = find_profile(actor, profile_id, "change_profile")
    members = Membership.objects.filter(lea_id=actor.lea_id, person__is_active=True).select_related("person")
    people = [m.person for m in members.exclude(person_id=profile.owner_id) if _can_own(m, profile)]
    return sorted(people, key=lambda person: str(person).lower())


def delete_profile(actor: Actor, profile_id: int, version: int | None = None) -> None:
    """Delete it; extracts made of it keep its name and content. `version`: EditConflict if it is another by now."""
    with acting(actor):
        profile = _find_to_change(actor, profile_id)
        if version is not None:
            _check_version(actor, profile, version, _NOT_DELETED)
        thing = _thing(profile)
        profile.delete()
        note(actor, "delete profile", thing, name=profile.name)


def export_profile(actor: Actor, profile_id: int) -> str:
    """The TOML text, which the command line runs unchanged. In the audit log, as a list may hold students."""
    with acting(actor):
        profile = find_profile(actor, profile_id)
        note(actor, "export profile", _thing(profile), name=profile.name)
        return to_toml(profile.lea.styled(profile.meaning()))


def import_profile(actor: Actor, text: str, source: str = "profile") -> tuple[Profile, str]:
    """A new profile of the actor from TOML text; and the style of names that the file has, if it is not the LEA's.

    The LEA's rules (records/lea.py). Raises RequestStop, naming `source`, if the text is wrong.
    """
    meaning = core_profile.from_toml(text, source)
    with acting(actor):
        profile = create_profile(actor, _without_style(meaning))
        ruling = Lea.objects.get(pk=actor.lea_id).name_style
        return profile, "" if meaning.name_style == ruling else meaning.name_style


def _find(actor: Actor, profile_id: int, deed: DeedName, profiles: "QuerySet[Profile]") -> Profile:
    profile = profiles.filter(pk=profile_id, lea_id=actor.lea_id).first()
    if profile is None:
        raise NotThere(f"There is no profile {profile_id}, or it was deleted. Go back to the list of profiles.")
    check_can(actor, deed, owner_id=profile.owner_id, school_ids=profile.school_ids)
    return profile


def _find_to_change(actor: Actor, profile_id: int) -> Profile:
    return _find(actor, profile_id, "change_profile", Profile.objects.select_for_update(of=("self",)))


_NOT_SAVED = (
    "so what you chose here was not saved. "
    "Open the profile again in another tab and make your changes there, or save yours as a new profile."
)
_NOT_DELETED = "so it was not deleted. Look at it as it is now, and delete it if you still want to."


def _check_version(actor: Actor, profile: Profile, version: int, therefore: str) -> None:
    if profile.version == version:
        return
    who = f"{profile.changed_by or 'Somebody'} has changed the profile “{profile.name}”"
    if profile.changed_by_id == actor.person_id and actor.token is None:
        who = f"You have changed the profile “{profile.name}” in another window"
    raise EditConflict(f"{who} since you opened it, {therefore}")


def _check_can_own(actor: Actor, profile: Profile, person_id: int) -> None:
    membership = Membership.objects.filter(lea_id=actor.lea_id, person_id=person_id).first()
    if membership is None or membership.level == "viewer":
        raise RequestStop("This person cannot have profiles here. Choose somebody with the level administer or admin.")
    if not _can_own(membership, profile):
        raise RequestStop("The profile has schools that this person is not allowed. Choose somebody else.")


def _can_own(membership: Membership, profile: Profile) -> bool:
    limit = membership.school_ids
    at_the_schools = limit is None or set(limit) >= set(profile.school_ids)
    return membership.level == "admin" or (membership.level == "administer" and at_the_schools)


def _fill(actor: Actor, profile: Profile, content: Mapping[str, Any]) -> None:
    """Check the content and put it into the record, with the columns that repeat it.

    Raises StateConflict if it says a style of names that is not the LEA's: it would have no effect.
    """
    meaning = core_profile.from_mapping(content)
    if len(meaning.name) > core_profile.LONGEST_TEXT:
        raise RequestStop(f"The name has {len(meaning.name)} characters. Use at most {core_profile.LONGEST_TEXT}.")
    check_can(actor, "change_profile", school_ids=meaning.schools)
    if "name_style" in content:
        _check_style(Lea.objects.get(pk=actor.lea_id), meaning)
    profile.content = _without_style(meaning)
    profile.name = meaning.name
    profile.school_year = meaning.school_year
    profile.subject = meaning.subject
    profile.type = meaning.type
    profile.include_in_scheduled_process = meaning.include_in_scheduled_process
    profile.changed_by_id = actor.person_id


def _check_style(lea: Lea, meaning: core_profile.Profile) -> None:
    if meaning.name_style != lea.name_style:
        raise StateConflict(
            f"name_style is {meaning.name_style!r}, but all groups of this LEA are named {lea.name_style!r}. Leave "
            f"name_style out; an admin changes it for the whole LEA under Settings."
        )


def _without_style(meaning: core_profile.Profile) -> dict[str, Any]:
    """As it is stored: the style of names is the LEA's."""
    return to_mapping(replace(meaning, name_style="safe"))


def _save_changed(profile: Profile) -> None:
    profile.version += 1
    profile.save()


def _thing(profile: Profile) -> str:
    return f"profile {profile.pk}"
