"""The header Idempotency-Key on a POST: the same key and the same request, the same answer, done once."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cersgroups.actions.idempotency_key import Answer, KeyReused, do_once
from cersgroups.api.problem import problem
from cersgroups.core.permission import Actor

HEADER = "Idempotency-Key"
LONGEST = 255
PATTERN = "[!-~]+"
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")
_CHUNK = 1 << 20


def answer_once(request: HttpRequest, actor: Actor, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer of `run`, or the kept one. A request that is refused or fails leaves the key free."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return run()
    if len(key) > LONGEST or not re.fullmatch(PATTERN, key):
        sentence = f"Idempotency-Key must be 1 to {LONGEST} printable ASCII characters without blanks, such as a UUID."
        return problem(400, sentence)
    first: list[HttpResponseBase] = []
    try:
        answer, again = do_once(actor, key, _fingerprint(request), lambda: _answer(first, run()))
    except KeyReused as stop:
        return problem(422, str(stop))
    if not again:
        return first[0]
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _answer(first: list[HttpResponseBase], response: HttpResponseBase) -> Answer:
    first.append(response)
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = response.content.decode() if isinstance(response, HttpResponse) else ""
    return Answer(response.status_code, headers, body, done=response.status_code < 400)


def _fingerprint(request: HttpRequest) -> str:
    """Of what is asked, however it was cut up for sending: a form is sent with other boundaries each time."""
    digest = hashlib.sha256()

    def add(*texts: str | None) -> None:
        for text in texts:
            digest.update(f"{len(text or '')}:{text}".encode("utf-8", "surrogatepass"))

    add(request.method, request.get_full_path())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        add(name, *map(str, values))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            add(name, file.name)
            digest.update(_digest_of(file))
    return digest.hexdigest()


def _digest_of(file: Any) -> bytes:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.digest()
