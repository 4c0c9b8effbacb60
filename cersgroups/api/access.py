"""Who calls, by which token, and whether they may: judged before anything of the request's body is read.

    @router.get("/profiles", response=ProfilePage)
    @needs("see_profile")
    def list_profiles(request: ApiRequest, paging: Query[Paging]) -> ...:

Within an operation, its answer included, the database shows the rows of the token's LEA only (records/scope.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja.operation import Operation

from cersgroups.actions.api_token import actor_of_token
from cersgroups.api.idempotency_key import answer_once
from cersgroups.api.problem import invalid, problem, stopped
from cersgroups.core.error import Stop
from cersgroups.core.permission import Actor, DeedName, check_can
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope

ROOM_FOR_FORM = 1 << 20
"""Bytes of a sent roster that are not its files: names, fields, boundaries."""

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Caller:
    """The person whose token it is, as they act by it, and the LEA of the token."""

    actor: Actor
    lea: Lea


class ApiRequest(HttpRequest):
    """A request within an operation."""

    caller: Caller
    asked_by: dict[str, int]
    """The numbers of the person and the LEA, once they are known: for the log (config/log.py)."""


def needs(deed: DeedName | None, *, takes_rosters: bool = False) -> Callable[[V], V]:
    """Say which deed an operation is; None: whoever has a token may. `takes_rosters`: up to ROSTER_MAX_BYTES."""

    def mark(view: V) -> V:
        view.deed, view.takes_rosters = deed, takes_rosters  # type: ignore[attr-defined]
        return view

    return mark


def by_token(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wraps every operation of the API."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    view: Any = operation.view_func
    known = _query_parameters(operation)

    @wraps(run)
    def wrapped(request: ApiRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            actor = _actor(request, view.deed)
        except Stop as stop:
            return stopped(request, stop)
        limit = _limit(takes_rosters=view.takes_rosters)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limit:
            return problem(413, f"This was larger than the {limit >> 20:,} MB that this takes. Nothing was changed.")
        if unknown := [name for name in request.GET if name not in known]:
            return invalid([{"loc": ("query", name), "msg": _no_parameter(known)} for name in unknown])
        with lea_scope(actor.lea_id):
            request.caller = Caller(actor, Lea.objects.get(pk=actor.lea_id))
            with timezone.override(request.caller.lea.zone):
                return answer_once(request, actor, lambda: run(request, *args, **kwargs))

    return wrapped


def _query_parameters(operation: Operation) -> tuple[str, ...]:
    """What may stand behind the ? of its address; a name that is spelled otherwise would be ignored in silence."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return tuple(name for model in models for name in model.__ninja_flatten_map__)


def _no_parameter(known: tuple[str, ...]) -> str:
    return "There is no such parameter here. " + (f"Known: {', '.join(known)}." if known else "Send none.")


def _actor(request: ApiRequest, deed: DeedName | None) -> Actor:
    """Whose token it is. Raises TokenRefused, TooOften, or PermissionRefused if they may not do the deed by it."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    ip = get_adapter(request).get_client_ip(request)
    actor = actor_of_token(token.strip() if scheme.lower() == "bearer" else "", ip)
    request.asked_by = {"person": actor.person_id, "lea": actor.lea_id}
    if deed:
        check_can(actor, deed)
    return actor


def _limit(*, takes_rosters: bool) -> int:
    body: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return settings.ROSTER_MAX_BYTES + ROOM_FOR_FORM if takes_rosters else body
