"""Stops and refusals as pages: what happened, and what to do, in a sentence."""

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.response import TemplateResponse

from cersgroups.core.error import EditConflict, NotThere, PermissionRefused, Stop
from cersgroups.records.bucket import BucketAway


class OtherLea(EditConflict):
    """A form was sent for another LEA than the one that the person works at by now; nothing was written."""


class NoLea(PermissionRefused):
    """Whoever has signed in belongs to no LEA: there is no page for them but the one that says so."""


class StopMiddleware:
    """Makes a page with a sentence of what a view let through: a Stop, a bucket that is away, a method not taken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            takes_forms = "POST" in response.headers["Allow"]
            shown = render(request, "405.html", {"takes_forms": takes_forms}, status=405)
            shown.headers["Allow"] = response.headers["Allow"]
            return shown
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Too many tries to sign in are told in the form, among its mistakes: by the status they are what they are."""
        shown = [value for value in (response.context_data or {}).values() if isinstance(value, BaseForm)]
        if any(
            error.code in _TOO_MANY for form in shown for errors in form.errors.as_data().values() for error in errors
        ):
            response.status_code = 429
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BucketAway):
            return render(request, "503.html", {"sentence": str(exception)}, status=503)
        return stopped(request, exception) if isinstance(exception, Stop) else None


_TOO_MANY = ("too_many_login_attempts", "rate_limited")
"""What django-allauth calls it."""


def stopped(request: HttpRequest, stop: Stop) -> HttpResponse:
    status = _status(stop)
    return render(request, f"{status}.html", {"sentence": str(stop), "no_lea": isinstance(stop, NoLea)}, status=status)


def _status(stop: Stop) -> int:
    if isinstance(stop, PermissionRefused):
        return 403
    if isinstance(stop, NotThere):
        return 404
    return 409 if isinstance(stop, EditConflict) else 400


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret does not fit: signed in anew in another window, or a form of another site."""
    sentence = (
        "Nothing was changed. This happens if you signed in or out in another window after the page was opened. "
        "Go back, reload the page and try again."
    )
    return render(request, "403.html", {"heading": "This page is out of date", "sentence": sentence}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: they may be what failed."""
    return render(request, "500.html", status=500)
