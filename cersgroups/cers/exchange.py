"""One request and its reply over HTTP: limits of time and size, what went wrong, and trying again where that is safe.

Nothing raised by the HTTP library leaves this file: its exceptions carry requests, and those carry secrets.
"""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import httpx

from cersgroups.cers.endpoint import is_of_this_machine
from cersgroups.cers.patience import Patience
from cersgroups.core.retry_after import retry_after

MAX_REPLY = 1 << 20
"""Bytes of a reply that are read; the receiver's longest message has 65,535."""

_CHUNK = 1 << 18
_LONGEST_RETRY_AFTER = 30 * 86_400.0
_TOO_MANY, _CLOSED, _SERVER_ERROR = 429, 503, 500


@dataclass(frozen=True)
class Request:
    """`form` is posted URL-encoded; `file` as multipart form data, or if `raw` as the body itself."""

    method: Literal["GET", "POST"]
    url: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    form: dict[str, str] | None = field(default=None, repr=False)
    file: Path | None = None
    filename: str = ""
    raw: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it does no harm twice: all but a file, which may be at work in the receiver already."""
        return self.file is None


@dataclass(frozen=True)
class Reply:
    """`body` is the JSON object of the reply, None if it is none; `whole`: whether it was read to its end."""

    status: int
    body: dict[str, Any] | None = field(repr=False)
    whole: bool = True
    wait_seconds: float | None = None


@dataclass(frozen=True)
class Break:
    """There is no reply. `code` is one of ENDINGS; `sent`: whether the receiver may have got the whole request."""

    code: str
    sent: bool


def exchange(request: Request, patience: Patience) -> Reply | Break:
    """Send `request` until there is a reply that counts, as far as that is safe and patience lasts."""
    for pause in patience.pauses():
        result = _once(request, patience)
        wait = _wait(result, request.repeatable, pause, patience)
        if wait is None:
            return result
        time.sleep(wait)
    return _once(request, patience)


def _wait(result: Reply | Break, repeatable: bool, pause: float, patience: Patience) -> float | None:
    """Seconds until the next attempt; None if there shall be none.

    A file goes out again only if no byte of it left, or if the receiver says when to come back.
    """
    if isinstance(result, Break):
        safe = repeatable or result.code in ("name_not_found", "refused", "no_connection")
        return pause if safe and result.code != "tls" else None
    if result.status in (_TOO_MANY, _CLOSED) and result.wait_seconds is not None:
        return max(pause, result.wait_seconds) if result.wait_seconds <= patience.longest_wait else None
    again = result.status == _TOO_MANY or result.status >= _SERVER_ERROR
    return pause if again and repeatable else None


def _once(request: Request, patience: Patience) -> Reply | Break:
    silence = patience.file_answer if request.file else patience.answer
    with ExitStack() as stack:
        file = None
        try:
            file = stack.enter_context(request.file.open("rb")) if request.file else None
            client = stack.enter_context(_client(request, patience, silence))
            response = stack.enter_context(
                client.stream(request.method, request.url, headers=_headers(request), **_content(request, file))
            )
            return _reply(response, time.monotonic() + silence)
        except httpx.HTTPError as e:
            return _break(e, whole=file is None or _is_read(file))
        except OSError:
            # Without a file it is the list of trusted authorities that cannot be read.
            return Break("file_unreadable" if request.file else "tls", sent=False)


def _client(request: Request, patience: Patience, silence: float) -> httpx.Client:
    """A connection is used once: on an old one it could not be told whether the file went out."""
    trust_env = not is_of_this_machine(request.url)
    return httpx.Client(
        verify=_authorities(trust_env),
        timeout=httpx.Timeout(silence, connect=patience.connect, write=patience.write),
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=trust_env,
    )


@cache
def _authorities(trust_env: bool) -> ssl.SSLContext:
    """Who may vouch for a server: certifi's list, or where the environment says so the LEA's own (SSL_CERT_FILE)."""
    return httpx.create_ssl_context(trust_env=trust_env)


def _headers(request: Request) -> dict[str, str]:
    headers = {"Accept": "application/json, */*;q=0.5", "Accept-Encoding": "identity"} | request.headers
    if request.file is None or not request.raw:
        return headers
    return headers | {"Content-Type": "application/csv", "Content-Length": str(request.file.stat().st_size)}


def _content(request: Request, file: Any) -> dict[str, Any]:
    if file is None:
        return {"data": request.form} if request.form else {}
    if request.raw:
        return {"content": _pieces(file), "params": {"filename": request.filename}}
    return {"files": {"file": (request.filename, file, "text/csv")}}


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _is_read(file: Any) -> bool:
    position, end = file.tell(), file.seek(0, 2)
    return bool(position == end)


def _reply(response: httpx.Response, until: float) -> Reply:
    content, whole = bytearray(), True
    try:
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MAX_REPLY or time.monotonic() > until:
                whole = False
                break
    except httpx.HTTPError:
        whole = False
    body = _json(bytes(content)) if whole else None
    return Reply(response.status_code, body, whole, _wait_asked_for(response))


def _json(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _wait_asked_for(response: httpx.Response) -> float | None:
    seconds = retry_after(response.headers.get("Retry-After"))
    return None if seconds is None else min(seconds, _LONGEST_RETRY_AFTER)


def _break(error: httpx.HTTPError, *, whole: bool) -> Break:
    if isinstance(error, httpx.ConnectTimeout):
        return Break("no_connection", sent=False)
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        return Break(_why_no_connection(error), sent=False)
    if not whole:
        return Break("sending_cut", sent=False)
    late = isinstance(error, httpx.TimeoutException)
    return Break("answer_late" if late else "answer_lost", sent=True)


def _why_no_connection(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        if isinstance(cause, socket.gaierror):
            return "name_not_found"
        cause = cause.__cause__ or cause.__context__
    return "refused"
