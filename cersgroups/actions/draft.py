"""Drafts: a profile between opening and saving. Each belongs to one person, and nobody else sees it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.actions.profile import create_profile, find_profile, save_profile
from cersgroups.core.error import NotThere
from cersgroups.core.permission import Actor, check_can, user_can
from cersgroups.core.profile import Profile as Meaning
from cersgroups.records.draft import Draft
from cersgroups.records.due import plan_first
from cersgroups.records.profile import Profile

_UNCHANGED_FOR, _CHANGED_FOR = timedelta(days=1), timedelta(days=30)
"""How long a draft is kept that nobody works on: its person's go when they begin another, everybody's at night."""


def visible_drafts(actor: Actor) -> "QuerySet[Draft]":
    """The actor's own drafts, that of the last change first; read it in the LEA's scope."""
    return Draft.objects.filter(lea_id=actor.lea_id, person_id=actor.person_id).select_related("profile__owner")


def find_draft(actor: Actor, draft_id: int) -> Draft:
    """The actor's own draft; in the LEA's scope.

    Raises NotThere for another's too, PermissionRefused if the actor may not change the profile (any more).
    """
    check_can(actor, "change_profile")
    draft = visible_drafts(actor).filter(pk=draft_id).first()
    if draft is None:
        raise NotThere("This draft was saved or discarded, perhaps in another window. Go back to the list of profiles.")
    if draft.profile is not None:
        check_can(actor, "change_profile", owner_id=draft.profile.owner_id, school_ids=draft.profile.school_ids)
    return draft


def last_draft(actor: Actor) -> Draft | None:
    """The draft that the actor worked on last, of those that may still become a profile; in the LEA's scope.

    Its profile may be another's meanwhile, or the actor limited to other schools.
    """
    return next((draft for draft in visible_drafts(actor) if may_go_on(actor, draft)), None)


def may_go_on(actor: Actor, draft: Draft) -> bool:
    """Whether the actor may still open it: its profile may be another's by now, its schools no longer theirs."""
    owner = draft.profile.owner_id if draft.profile else None
    schools = {*draft.content.get("schools", ()), *(draft.profile.school_ids if draft.profile else ())}
    return user_can(actor, "change_profile", owner_id=owner, school_ids=schools)


def start_draft(actor: Actor, content: Mapping[str, Any]) -> Draft:
    """A draft of a new profile."""
    with acting(actor):
        check_can(actor, "change_profile")
        return _begin(actor, content=dict(content))


def open_draft(actor: Actor, profile_id: int, content_of: Callable[[Meaning], Mapping[str, Any]]) -> Draft:
    """A draft of the profile as it is now: `content_of` makes the forms' content of the very state whose version the
    draft keeps. In the audit log, as a list may hold students.

    Raises NotThere or PermissionRefused.
    """
    with acting(actor):
        profile = find_profile(actor, profile_id, "change_profile")
        note(actor, "open profile", f"profile {profile.pk}", name=profile.name)
        content = dict(content_of(profile.meaning()))
        return _begin(actor, profile=profile, version=profile.version, content=content)


def _begin(actor: Actor, **more: Any) -> Draft:
    """Also sees that the draft goes once it is old, whatever its person does."""
    now = timezone.now()
    visible_drafts(actor).select_related(None).filter(_old(now)).delete()
    draft = Draft.objects.create(lea_id=actor.lea_id, person_id=actor.person_id, **more)
    plan_first(actor.lea_id, "retention", now + _UNCHANGED_FOR)
    return draft


def has_drafts(lea_id: int) -> bool:
    """Whether anybody of the LEA has one; in its scope."""
    return Draft.objects.filter(lea_id=lea_id).exists()


def forget_drafts(lea_id: int, now: datetime) -> int:
    """Remove everybody's old ones, in the LEA's scope: how many."""
    gone, _of_what = Draft.objects.filter(_old(now), lea_id=lea_id).delete()
    return gone


def _old(now: datetime) -> Q:
    unchanged = Q(changed=False, changed_at__lt=now - _UNCHANGED_FOR)
    return unchanged | Q(changed_at__lt=now - _CHANGED_FOR)


def keep_draft(actor: Actor, draft_id: int, changes: Mapping[str, Any]) -> Draft:
    """Put what the person has just changed into the draft. Nobody else is concerned: no audit entry."""
    with acting(actor):
        draft = _lock(actor, draft_id)
        content = {**draft.content, **changes}
        draft.changed = draft.changed or content != draft.content
        draft.content = content
        draft.save()
        return draft


def discard_draft(actor: Actor, draft_id: int) -> None:
    """Throw it away, also if the actor may not change its profile any more; the profile stays as it was saved last."""
    with acting(actor):
        visible_drafts(actor).select_related(None).filter(pk=draft_id).delete()


def save_draft(actor: Actor, draft_id: int, content: Mapping[str, Any], *, as_new: bool = False) -> Profile:
    """Save the draft as its profile (`content` as a profile's TOML file has it), or `as_new`: as another one.

    Raises what `create_profile` and `save_profile` raise; then the draft stays.
    """
    with acting(actor):
        draft = _lock(actor, draft_id)
        if as_new or draft.profile_id is None or draft.version is None:
            profile = create_profile(actor, content)
        else:
            profile = save_profile(actor, draft.profile_id, draft.version, content)
        draft.delete()
        return profile


def _lock(actor: Actor, draft_id: int) -> Draft:
    """The draft, while no other window of the person changes it."""
    Draft.objects.select_for_update().filter(pk=draft_id).first()
    return find_draft(actor, draft_id)
