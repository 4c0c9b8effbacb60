"""People of an LEA: inviting them, saying what they may do, and signing them out."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from cersgroups.actions.actor import acting
from cersgroups.actions.api_token import end_tokens_of
from cersgroups.actions.audit import note
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.core.permission import LEVELS, Actor, Level, check_can
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person, clean_email
from cersgroups.records.school import School
from cersgroups.records.session import end_sessions_of


def visible_members(actor: Actor) -> "QuerySet[Membership]":
    """The LEA's memberships with their people, by name; read it in the LEA's scope. Raises PermissionRefused."""
    check_can(actor, "manage_people")
    members = Membership.objects.filter(lea_id=actor.lea_id).select_related("person")
    return members.order_by("person__name", "person__email")


def find_member(actor: Actor, person_id: int) -> Membership:
    """The membership with its person; in the LEA's scope. Raises PermissionRefused, or NotThere for a stranger."""
    member = visible_members(actor).filter(person_id=person_id).first()
    if member is None:
        raise _stranger()
    return member


def invite(actor: Actor, email: str, name: str, level: Level, school_ids: Iterable[str] | None = None) -> Membership:
    """Let the person of this e-mail into the LEA; the account is made if there is none, without a password.

    `school_ids` limits them to these schools. Raises RequestStop if they belong to it already, or for an e-mail,
    a level or a school that is none.
    """
    with acting(actor):
        check_can(actor, "manage_people")
        _check_email(email)
        person = Person.objects.filter(email=clean_email(email)).first() or Person.objects.create_user(email, name)
        if Membership.objects.filter(lea_id=actor.lea_id, person=person).exists():
            raise RequestStop(f"{person.email} belongs to this LEA already. Change the level in the list of people.")
        membership = Membership(lea_id=actor.lea_id, person=person)
        _set_rights(membership, level, school_ids)
        end_tokens_of(membership, actor.person_id)  # of whoever belonged to the LEA before: they stay dead
        _note(actor, "invite person", membership, **_rights(membership))
        return membership


def invite_again(actor: Actor, person_id: int) -> Membership:
    """The membership of whom the invitation is to be sent to once more. In the audit log."""
    with acting(actor):
        membership = _find(actor, person_id)
        _note(actor, "invite person again", membership)
        return membership


def change_rights(actor: Actor, person_id: int, level: Level, school_ids: Iterable[str] | None) -> Membership:
    """Give the person this level, limited to these schools (None: not limited).

    Raises RequestStop if nobody would be admin any more, and for an admin who would be limited.
    """
    with acting(actor):
        membership = _find(actor, person_id)
        _check_admin_remains(membership, level)
        _set_rights(membership, level, school_ids)
        _note(actor, "change rights", membership, **_rights(membership))
        return membership


def sign_out_everywhere(actor: Actor, person_id: int) -> None:
    """End every session of the person, here and in other LEAs: they sign in again. Their API tokens go on."""
    with acting(actor):
        membership = _find(actor, person_id)
        _note(actor, "sign out everywhere", membership, sessions=end_sessions_of(person_id))


def remove(actor: Actor, person_id: int) -> None:
    """Take the person out of the LEA; the account and what they made stay, their API tokens there are revoked.

    RequestStop for the last admin.
    """
    with acting(actor):
        membership = _find(actor, person_id)
        _check_admin_remains(membership, None)
        revoked = end_tokens_of(membership, actor.person_id)
        _note(actor, "remove person", membership, **({"revoked_API_tokens": revoked} if revoked else {}))
        membership.delete()


def _find(actor: Actor, person_id: int) -> Membership:
    """The membership, while nobody else changes who is admin."""
    check_can(actor, "manage_people")
    members = {m.person_id: m for m in Membership.objects.filter(lea_id=actor.lea_id).select_for_update()}
    if person_id not in members:
        raise _stranger()
    return members[person_id]


def _stranger() -> NotThere:
    return NotThere("This person does not belong to the LEA, or no longer does. Go back to the list of people.")


def _check_admin_remains(membership: Membership, level: Level | None) -> None:
    others = Membership.objects.filter(lea_id=membership.lea_id, level="admin", person__is_active=True)
    if membership.level == "admin" and level != "admin" and not others.exclude(pk=membership.pk).exists():
        raise RequestStop("This is the LEA's only admin. Make somebody else an admin first.")


def _set_rights(membership: Membership, level: str, school_ids: Iterable[str] | None) -> None:
    if level not in LEVELS:
        raise RequestStop(f"{level!r} is no level. Choose one of {', '.join(LEVELS)}.")
    schools = None if school_ids is None else sorted(set(school_ids))
    if level == "admin" and schools is not None:
        raise RequestStop("An admin cannot be limited to schools. Choose another level, or no schools.")
    known = set(School.objects.filter(lea_id=membership.lea_id).values_list("school_id", flat=True))
    unknown = [
        school for school in schools or () if school not in known and school not in (membership.school_ids or ())
    ]
    if unknown:
        raise RequestStop(f"The roster has no school {', '.join(unknown)}. Choose from its schools.")
    membership.level = level
    membership.school_ids = schools
    membership.save()


def _check_email(email: str) -> None:
    try:
        validate_email(clean_email(email))
    except ValidationError:
        raise RequestStop(f"{email!r} is no e-mail address. Check it.") from None


def _rights(membership: Membership) -> dict[str, str | list[str] | None]:
    return {"level": membership.level, "schools": membership.school_ids}


def _note(actor: Actor, action: str, membership: Membership, **detail: Any) -> None:
    """With the e-mail: once the person is removed, nothing else of the LEA's says who it was."""
    note(actor, action, f"person {membership.person_id}", email=membership.person.email, **detail)
