"""How much a request may bring: judged before anything of it is read or written to the disk."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cersgroups.actions.actor import memberships_of
from cersgroups.core.permission import DEEDS

ROOM_FOR_FORM = 1 << 20
"""Bytes of an upload that are not the files: names, fields, boundaries."""

ViewType = TypeVar("ViewType", bound=Callable[..., Any])


def takes_rosters(view: ViewType) -> ViewType:
    """Let the view take uploads of up to ROSTER_MAX_BYTES, from people who may bring in a roster somewhere."""
    view.takes_rosters = True  # type: ignore[attr-defined]
    return view


class UploadLimitMiddleware:
    """Refuses a request that is larger than its page takes (413), before the check against CSRF reads the form.

    Stands before Django's CsrfViewMiddleware. A request without a length has no body (WSGI).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "judges_size", False):
            return None  # the API: it must know first whose the token is
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = _limit(request, view)
        if length.isdecimal() and int(length) <= limit:
            return None
        sentence = f"This was larger than the {limit >> 20:,} MB that this page takes from you. Nothing was changed."
        return render(request, "400.html", {"sentence": sentence}, status=413)


def _limit(request: HttpRequest, view: Callable[..., Any]) -> int:
    form: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not getattr(view, "takes_rosters", False) or not request.user.is_authenticated:
        return form
    levels = DEEDS["manage_roster"].levels
    allowed = any(membership.level in levels for membership in memberships_of(request.user))
    return settings.ROSTER_MAX_BYTES + ROOM_FOR_FORM if allowed else form
