"""How much one person may ask of the pages in a minute: more than anybody can, less than a program would."""

from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cersgroups.core.minute import Minute, one_more
from cersgroups.web.idle import POLL

_SHARES = {"form": 1 / 3, "page": 1, "poll": 4}
"""Of PAGES_PER_MINUTE: a list of 25 files that are being made asks 750 times a minute by itself, in each window."""


class PageLimitMiddleware:
    """Answers what is too much with 429, to whoever is signed in: others meet django-allauth's limits, a token its own.

    It counts in the memory of this process, three numbers for each person: in the database, a count would slow every
    page down.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._minutes: dict[tuple[int, str], Minute] = {}
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wait = self._count(request.user.pk, _kind(request)) if request.user.is_authenticated else 0
        return _too_much(request, wait) if wait else self.get_response(request)

    def _count(self, person_id: int, kind: str) -> int:
        """The seconds to wait, 0 for none."""
        most = settings.PAGES_PER_MINUTE and max(1, int(settings.PAGES_PER_MINUTE * _SHARES[kind]))
        with self._lock:
            before = self._minutes.get((person_id, kind), Minute())
            self._minutes[person_id, kind], wait = one_more(before, timezone.now(), most)
        return wait


def _kind(request: HttpRequest) -> str:
    if POLL in request.headers:
        return "poll"
    return "page" if request.method in ("GET", "HEAD") else "form"


def _too_much(request: HttpRequest, wait: int) -> HttpResponse:
    sentence = f"That was more in a minute than a person does. Nothing was changed. Wait {wait} seconds, then go on."
    context = {"heading": "Too much at once", "sentence": sentence}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
