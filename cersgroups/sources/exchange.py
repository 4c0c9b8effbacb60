"""Asking a SIS over HTTP: only GET of JSON (and POST for a token), tried again where that helps, whole answers only.

Nothing raised by the HTTP library leaves this file: its exceptions carry requests, and those carry secrets.
An answer is first written to a file, so that half of one is never used and a large one is never in memory.
"""

import codecs
import json
import random
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar
from types import TracebackType
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

import httpx
import ijson

from cersgroups.core.error import DataStop
from cersgroups.core.retry_after import retry_after
from cersgroups.core.storable import storable
from cersgroups.sources.address import checked_address, is_of_this_machine, parts_of, same_server

_LONGEST_MESSAGE = 300
_BEGINNING, _BLANKS = 1024, b" \t\r\n"
_LARGEST_WITHOUT_ROWS = 1 << 24
"""Bytes: an answer without rows that is larger is no list for sure."""

_MESSAGE_KEYS = ("Message", "message", "error_description", "imsx_description", "detail", "error")
_MESSAGE_LISTS = ("statusInfoSet", "errors")
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)

Params = Mapping[str, str | int]


@dataclass(frozen=True)
class Patience:
    """All in seconds but `attempts`: how often a request is tried, with pauses that double from `pause`
    to `longest_pause`.

    `silence` is the longest time without a byte, `whole` that for a whole answer. A Retry-After beyond `longest_wait`
    is told, not waited for.
    """

    connect: float = 10
    silence: float = 120
    whole: float = 1800
    attempts: int = 5
    pause: float = 1
    longest_pause: float = 30
    longest_wait: float = 300


class Refused(DataStop):
    """The server's final answer is no success: `status` of HTTP is in `http_status`."""

    def __init__(self, sentence: str, http_status: int) -> None:
        super().__init__(sentence)
        self.http_status = http_status


@dataclass
class Answer:
    """A whole answer of the server: its headers, and its body in a file that is gone with the answer."""

    request: str
    headers: httpx.Headers
    body: IO[bytes] = field(repr=False)
    size: int

    def json(self) -> Any:
        """The body. Raises DataStop if it is no JSON."""
        self.body.seek(0)
        try:
            return json.load(self.body)
        except (ValueError, RecursionError):
            fault = self._no_json()
        raise fault  # not chained to one that carries the body

    def rows(self, under: str = "") -> Iterator[dict[str, Any]]:
        """The objects of the body's list, or of the list that it has `under` a name (compared exactly).

        Raises DataStop if there is no such list; a body of any size is read as it is asked for, in little memory.
        """
        self.body.seek(0)
        beginning = self.body.read(_BEGINNING)
        mark = len(codecs.BOM_UTF8) if beginning.startswith(codecs.BOM_UTF8) else 0
        is_list = beginning[mark:].lstrip(_BLANKS).startswith(b"[")
        if is_list == bool(under):
            self._check_list(under)
            return
        self.body.seek(mark)
        empty = True
        try:
            for row in ijson.items(self.body, f"{under}.item" if under else "item", use_float=True):
                empty = False
                yield self._row(row)
        except (ijson.JSONError, UnicodeDecodeError, OverflowError):
            fault: DataStop | None = self._no_json()
        else:
            fault = None
        if fault is not None:
            raise fault
        if empty:
            self._check_list(under)

    def close(self) -> None:
        self.body.close()

    def _check_list(self, under: str) -> None:
        """Nothing was found: raises DataStop unless there is an empty list."""
        content = self.json() if self.size <= _LARGEST_WITHOUT_ROWS else None
        if under:
            content = content.get(under) if isinstance(content, dict) else None
        if content != []:
            what = f'has no list "{under}"' if under else "is no list"
            raise DataStop(f"{self.request}: the answer {what}. Check the address, and ask whoever runs it.")

    def _row(self, row: Any) -> dict[str, Any]:
        if not isinstance(row, dict):
            raise DataStop(f"{self.request}: the answer's list holds something else than rows. Check the address.")
        return row

    def _no_json(self) -> DataStop:
        return DataStop(f"{self.request}: the answer is no JSON, or ends in the middle. Check the address.")


class Server:
    """One SIS by its base address, for use in a `with`; may be used by several threads.

    `secrets` never appear in a sentence, whatever the server says; the list may grow (tokens). `cookies` are shared
    with another server, such as the one that gives tokens. Raises RequestStop for an address that is no https
    (http is allowed on this machine only).
    """

    def __init__(
        self,
        name: str,
        base: str,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
        secrets: Sequence[str] = (),
        patience: Patience | None = None,
        cookies: CookieJar | None = None,
    ) -> None:
        self.name = name
        self.base = checked_address(base).rstrip("/")
        self._secrets = secrets
        self._patience = patience or Patience()
        self._ended = threading.Event()
        self._client = httpx.Client(
            headers={"Accept": "application/json", **(headers or {})},
            auth=auth,
            cookies=cookies,
            verify=_authorities(not is_of_this_machine(self.base)),
            timeout=httpx.Timeout(self._patience.silence, connect=self._patience.connect),
            trust_env=not is_of_this_machine(self.base),
        )

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        """Requests of other threads are not tried again from now on."""
        self._ended.set()
        self._client.close()

    def get(self, path: str, params: Params | None = None) -> Answer:
        """The whole answer to GET of a path below the base, or of an address of the same server (a `Link`).

        Raises Refused for a status that is no success, DataStop if there is no whole answer; both name the request.
        """
        return self._ask(_Ask("GET", self._url(path), self._words(path, params), dict(params or {}) or None))

    def post(self, form: Mapping[str, str], auth: httpx.Auth) -> Answer:
        """The whole answer to POST of a form to the base itself, to get a token. Raises as `get`; may be sent again."""
        request = f"{self.name}: POST {urlsplit(self.base).path or '/'}"
        return self._ask(_Ask("POST", self.base, request, data=form, auth=auth))

    def _ask(self, ask: "_Ask") -> Answer:
        for pause in self._pauses():
            try:
                return self._once(ask)
            except _Transient as fault:
                wait = pause if fault.wait is None else max(pause, fault.wait)
                if wait > self._patience.longest_wait or self._ended.wait(wait):
                    raise fault.stop from None
        try:
            return self._once(ask)
        except _Transient as fault:
            raise fault.stop from None

    def without_secrets(self, text: str) -> str:
        """The text, cut to what a person would read, without our secrets."""
        for secret in filter(None, self._secrets):
            text = text.replace(secret, "***")
        return storable(" ".join(text.split()))[:_LONGEST_MESSAGE]

    def _once(self, ask: "_Ask") -> Answer:
        body = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        try:
            got = self._receive(ask, body)
        except BaseException:
            body.close()
            raise
        if isinstance(got, str):
            body.close()
            raise _Transient(DataStop(f"{ask.words}: {got}"))
        answer = Answer(ask.words, got.headers, body, body.tell())
        if got.is_success:
            return answer
        refused = Refused(self._refusal(answer, got), got.status_code)
        answer.close()
        if got.status_code in _TRANSIENT:
            raise _Transient(refused, retry_after(got.headers.get("Retry-After")))
        raise refused

    def _receive(self, ask: "_Ask", body: IO[bytes]) -> httpx.Response | str:
        """The response, whose content is in `body`; or why there is none.

        Nothing is raised here, so that no exception of ours is chained to one that carries the request.
        """
        until = time.monotonic() + self._patience.whole
        try:
            with self._client.stream(ask.method, ask.url, params=ask.params, data=ask.data, auth=ask.auth) as response:
                for piece in response.iter_bytes():
                    body.write(piece)
                    if time.monotonic() > until:
                        return f"the answer was not whole after {self._patience.whole:g} seconds. Try again later."
                return response
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as e:
            return f"{_why(e)} Check the address and the network."

    def _refusal(self, answer: Answer, got: httpx.Response) -> str:
        if got.is_redirect:
            to = parts_of(got.headers.get("Location", ""))
            where = (f"{to.scheme}://{to.netloc}{to.path}" if to.netloc else to.path) if to else "what is no address"
            place = self.without_secrets(where)
            return (
                f"{answer.request}: the server answers {got.status_code} and sends us to {place}. "
                "Enter the address that answers itself."
            )
        answer.body.seek(0)
        said = self.without_secrets(_message(answer.body.read(1 << 16)))
        quoted = f' and says "{said}"' if said else ""
        return f"{answer.request}: the server answers {got.status_code}{quoted}."

    def _url(self, path: str) -> str:
        if "://" not in path:
            return f"{self.base}/{path.lstrip('/')}"
        if not same_server(path, self.base):
            parts = parts_of(path)
            other = parts.hostname if parts else "which is no address"
            raise DataStop(f"{self.name}: the server sends us to another, {other}. Nothing is sent there.")
        return path

    def _words(self, path: str, params: Params | None) -> str:
        shown = urlsplit(path).path if "://" in path else f"/{path.lstrip('/')}"
        query = urlencode(dict(params)) if params else urlsplit(path).query if "://" in path else ""
        return self.without_secrets(f"{self.name}: GET {shown}{'?' if query else ''}{query}")

    def _pauses(self) -> Iterator[float]:
        for number in range(self._patience.attempts - 1):
            whole = min(self._patience.pause * 2**number, self._patience.longest_pause)
            yield whole * random.uniform(0.5, 1)  # noqa: S311 - spreads clients, hides nothing


@dataclass(frozen=True)
class _Ask:
    """One request; `words` are what sentences call it."""

    method: str
    url: str
    words: str
    params: Params | None = None
    data: Mapping[str, str] | None = field(default=None, repr=False)
    auth: Any = field(default=httpx.USE_CLIENT_DEFAULT, repr=False)


class _Transient(Exception):  # noqa: N818 - it may pass
    def __init__(self, stop: DataStop, wait: float | None = None) -> None:
        super().__init__(str(stop))
        self.stop, self.wait = stop, wait


@cache
def _authorities(trust_env: bool) -> ssl.SSLContext:
    """Who may vouch for a server: certifi's list, or where the environment says so the LEA's own (SSL_CERT_FILE)."""
    return httpx.create_ssl_context(trust_env=trust_env)


def _message(body: bytes) -> str:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    for inner in (said[key] for key in _MESSAGE_LISTS if isinstance(said.get(key), list)):
        said = {**(inner[0] if inner and isinstance(inner[0], dict) else {}), **said}
    found = next((said[key] for key in _MESSAGE_KEYS if said.get(key)), "")
    return found if isinstance(found, str) else ""


def _why(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection in time."
    if isinstance(error, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "nobody we trust vouches for the server's TLS certificate."
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return "no connection."
    if isinstance(error, httpx.TimeoutException):
        return "the server stopped answering."
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return "the server broke off in the middle of its answer."
    return "the request could not be sent."
