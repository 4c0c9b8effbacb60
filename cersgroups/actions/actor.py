"""The acting person: found at sign-in, checked again in the transaction of every action."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import transaction
from django.utils import timezone

from cersgroups.core.error import PermissionRefused
from cersgroups.core.permission import Actor, Level
from cersgroups.records.api_token import ApiToken
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope, person_scope


def memberships_of(person: Person) -> list[Membership]:
    """The person's memberships with their LEAs, by the LEAs' names; none of a person who is not active."""
    if not person.is_active:
        return []
    with person_scope(person.pk):
        return list(Membership.objects.filter(person=person).select_related("lea").order_by("lea__name", "lea_id"))


def actor_for(person: Person, lea_id: int, ip: str = "") -> Actor:
    """The person as they act in the LEA. Raises PermissionRefused if they do not belong to it, or are not active.

    Only this membership is read, as some people belong to a thousand LEAs.
    """
    with person_scope(person.pk):
        membership = Membership.objects.filter(person=person, lea_id=lea_id).first() if person.is_active else None
    if membership is None:
        raise PermissionRefused("You do not belong to this LEA. Ask one of its admins to invite you.")
    return _actor(person, membership, ip)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """One transaction in the scope of the actor's LEA.

    Raises PermissionRefused if the person's level or schools are no longer what the actor was made with, or if the API
    token that they act by was revoked.
    """
    with lea_scope(actor.lea_id), transaction.atomic():
        membership = (
            Membership.objects.filter(person_id=actor.person_id, person__is_active=True)
            .select_related("person")
            .first()
        )
        if membership is None or _rights(_actor(membership.person, membership)) != _rights(actor):
            raise PermissionRefused("What you may do has just been changed. Load the page again.")
        if actor.token is not None and not _lives(actor.token.token_id):
            raise PermissionRefused(f"The API token “{actor.token.name}” has just been revoked.")
        yield


def _lives(token_id: int) -> bool:
    token = ApiToken.objects.filter(pk=token_id).first()
    return token is not None and token.lives(timezone.now())


def _actor(person: Person, membership: Membership, ip: str = "") -> Actor:
    schools = membership.school_ids
    return Actor(
        person_id=person.pk,
        lea_id=membership.lea_id,
        level=cast(Level, membership.level),
        name=str(person),
        email=person.email,
        school_ids=None if schools is None else frozenset(schools),
        ip=ip,
    )


def _rights(actor: Actor) -> tuple[Level, frozenset[str] | None]:
    return actor.level, actor.school_ids
