"""API tokens: people make some for themselves, programs act by them; admins see and revoke all of their LEA."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting, actor_for
from cersgroups.actions.audit import note
from cersgroups.core.api_token import SCOPE_NAMES, deeds_of
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop, TokenRefused, TooOften
from cersgroups.core.minute import Minute, one_more
from cersgroups.core.permission import Actor, TokenUse, check_can
from cersgroups.records.api_token import ApiToken, digest_of
from cersgroups.records.membership import Membership
from cersgroups.records.scope import lea_scope

LONGEST_DAYS = 366
_LONGEST_NAME = 100
_MOST = 50
_FORM = re.compile(r"cersgroups_(\d{1,18})_[A-Za-z0-9_-]{43}", re.ASCII)
"""Names the LEA, in whose scope alone the token is looked for, and begins so that scanners for secrets know it."""

_REFUSED = (
    "This API token is not known, has expired or was revoked. Send a valid one as `Authorization: Bearer TOKEN`; "
    "create one on the API tokens page."
)


def visible_tokens(actor: Actor) -> "QuerySet[ApiToken]":
    """The actor's own, for an admin all of the LEA, newest first; read it in the LEA's scope."""
    check_can(actor, "manage_token")
    tokens = ApiToken.objects.filter(lea_id=actor.lea_id).select_related("person", "revoked_by")
    return tokens if actor.level == "admin" else tokens.filter(person_id=actor.person_id)


def create_token(actor: Actor, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """A new token of the actor that ends after `days`, and its text, which is nowhere else from now on.

    Raises RequestStop for a name, a scope or a number of days that cannot be.
    """
    with acting(actor):
        check_can(actor, "manage_token", owner_id=actor.person_id)
        name = name.strip()
        _check(actor, name, scopes, days)
        text = f"cersgroups_{actor.lea_id}_{secrets.token_urlsafe(32)}"
        token = ApiToken.objects.create(
            lea_id=actor.lea_id,
            person_id=actor.person_id,
            name=name,
            scopes=[scope for scope in SCOPE_NAMES if scope in scopes],
            digest=digest_of(text),
            expires_at=timezone.now() + timedelta(days=days),
        )
        note(actor, "make API token", _thing(token), name=name, scopes=token.scopes, days=days)
        return token, text


def revoke_token(actor: Actor, token_id: int) -> ApiToken:
    """It lets nobody in from now on. Raises NotThere, or RequestStop if it was revoked before."""
    with acting(actor):
        token = visible_tokens(actor).select_for_update(of=("self",)).filter(pk=token_id).first()
        if token is None:
            raise NotThere("There is no such API token, or it was deleted. Go back to the list of API tokens.")
        check_can(actor, "manage_token", owner_id=token.person_id)
        if token.revoked_at is not None:
            raise RequestStop("This API token was revoked before.")
        token.revoked_at, token.revoked_by_id = timezone.now(), actor.person_id
        token.save(update_fields=["revoked_at", "revoked_by_id"])
        note(actor, "revoke API token", _thing(token), name=token.name, of=token.person.email)
        return token


def end_tokens_of(member: Membership, by_id: int) -> int:
    """Revoke all of the person's in the LEA, in its scope: how many. `by_id`: the person who takes them away."""
    living = ApiToken.objects.filter(lea_id=member.lea_id, person_id=member.person_id, revoked_at=None)
    return living.update(revoked_at=timezone.now(), revoked_by_id=by_id)


def actor_of_token(text: str, ip: str = "") -> Actor:
    """Its person as they may act by it now; counts the use.

    Raises TokenRefused, also if the person does not belong to the LEA any more, and TooOften.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise TokenRefused(_REFUSED)
    now = timezone.now()
    with lea_scope(int(form[1])), transaction.atomic():
        # no_key: a request that is being answered holds the row for its Idempotency-Key
        found = ApiToken.objects.select_for_update(of=("self",), no_key=True).select_related("person")
        token = found.filter(digest=digest_of(text)).first()
        if token is None or not token.lives(now):
            raise TokenRefused(_REFUSED)
        wait = _count(token, now, ip)
    if wait:
        raise TooOften(f"This API token was used too often. Wait {wait} seconds, then go on.", wait)
    try:
        actor = actor_for(token.person, token.lea_id, ip)
    except PermissionRefused:
        raise TokenRefused(_REFUSED) from None
    return replace(actor, token=TokenUse(token.pk, token.name, deeds_of(token.scopes)))


def token_in_use(actor: Actor) -> ApiToken:
    """The token that the actor acts by; in the LEA's scope. Raises TokenRefused for who does not act by one."""
    if actor.token is None:
        raise TokenRefused(_REFUSED)
    return ApiToken.objects.get(pk=actor.token.token_id, lea_id=actor.lea_id)


def _count(token: ApiToken, now: datetime, ip: str) -> int:
    """Write the use down; the seconds to wait if there were too many in this minute, else 0."""
    minute, wait = one_more(Minute(token.counted_from, token.uses), now, settings.API_USES_PER_MINUTE)
    if wait:
        return wait
    token.counted_from, token.uses = minute.began, minute.uses
    token.last_used_at, token.last_used_ip = now, ip or None
    token.save(update_fields=["counted_from", "uses", "last_used_at", "last_used_ip"])
    return 0


def _check(actor: Actor, name: str, scopes: Sequence[str], days: int) -> None:
    # two forms sent at once, one after the other
    Membership.objects.select_for_update().get(lea_id=actor.lea_id, person_id=actor.person_id)
    living = ApiToken.objects.filter(lea_id=actor.lea_id, person_id=actor.person_id, revoked_at=None)
    if not name or len(name) > _LONGEST_NAME:
        raise RequestStop(f"Give the API token a name of at most {_LONGEST_NAME} characters: what will use it.")
    if living.filter(name=name).exists():
        raise RequestStop(f"You have an API token named “{name}” already. Choose another name, or revoke that one.")
    if living.count() >= _MOST:
        raise RequestStop(f"You have {_MOST} API tokens. Revoke some that nothing uses.")
    unknown = sorted(set(scopes) - set(SCOPE_NAMES))
    if unknown or not scopes:
        raise RequestStop(f"Choose what the API token may do: one or more of {', '.join(SCOPE_NAMES)}.")
    if not 1 <= days <= LONGEST_DAYS:
        raise RequestStop(f"An API token lasts from 1 to {LONGEST_DAYS} days.")


def _thing(token: ApiToken) -> str:
    return f"API token {token.pk}"
