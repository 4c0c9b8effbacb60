"""What went wrong, as RFC 9457 has it: `application/problem+json` with the sentence that a page would show."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cersgroups.core.error import (
    DataStop,
    EditConflict,
    NotThere,
    PermissionRefused,
    StateConflict,
    Stop,
    TokenRefused,
    TooOften,
)

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"

_STATUSES: tuple[tuple[type[Stop], HTTPStatus], ...] = (
    (TokenRefused, HTTPStatus.UNAUTHORIZED),
    (PermissionRefused, HTTPStatus.FORBIDDEN),
    (NotThere, HTTPStatus.NOT_FOUND),
    (EditConflict, HTTPStatus.CONFLICT),
    (StateConflict, HTTPStatus.CONFLICT),
    (DataStop, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TooOften, HTTPStatus.TOO_MANY_REQUESTS),
    (Stop, HTTPStatus.BAD_REQUEST),
)
_SENTENCES = {
    400: "The request could not be read. Compare it with the description at /api/docs.",
    404: "There is no such address. All addresses are at /api/docs.",
    405: "This address does not take this method. What it takes is in the header Allow, and at /api/docs.",
    500: "Something went wrong here, not with your request, and nothing was changed. Try again; if it stays, tell "
    "the person who runs this system.",
}
"""For what Django answers before or beside the API."""


def problem(status: int, sentence: str, **members: Any) -> HttpResponse:
    """`members` stand beside the usual ones."""
    title = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": title, "status": int(status), "detail": sentence, **members}
    response = HttpResponse(json.dumps(content, ensure_ascii=False), content_type=MEDIA_TYPE, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="cersgroups"'
    return response


def stopped(_request: HttpRequest, stop: Stop) -> HttpResponse:
    """The problem that says what the stop says."""
    response = problem(next(status for kind, status in _STATUSES if isinstance(stop, kind)), str(stop))
    if isinstance(stop, TooOften):
        response["Retry-After"] = str(stop.seconds)
    return response


def invalid(errors: list[dict[str, Any]]) -> HttpResponse:
    """For a request that does not fit its description: where, and what is wrong there."""
    told = [{"at": "/".join(map(str, error["loc"])), "detail": error["msg"]} for error in errors]
    sentence = "; ".join(f"{error['at']}: {error['detail']}" for error in told)
    detail = f"The request does not fit its description: {sentence}."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=told)


_CLEAR_TEXT = (
    "The API is reached by https only, and this came by http: nothing was read. Change the address in your program. If "
    "it sent an API token, others may have read it: revoke it and make another on the page API tokens."
)


class ProblemMiddleware:
    """Makes a problem of every failure at an address of the API that is none yet.

    Where https is demanded, what comes by http is refused: sent on to https, a program would go on showing its token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PREFIX) and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return problem(HTTPStatus.FORBIDDEN, _CLEAR_TEXT)
        response = self.get_response(request)
        status = response.status_code
        if not request.path.startswith(PREFIX) or status < 400 or response.headers["Content-Type"] == MEDIA_TYPE:
            return response
        told = problem(status, _SENTENCES.get(status) or _SENTENCES[400 if status < 500 else 500])
        if "Allow" in response.headers:
            told["Allow"] = ", ".join(sorted(response.headers["Allow"].split(", ")))
        return told
