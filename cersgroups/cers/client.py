"""The client of the receiver's API: test a credential, send a file, ask what became of it.

Nothing here raises for what the network or the receiver does: every ending is an answer with its sentence.
"""

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from cersgroups.cers.answer import Answer, answer_from_record
from cersgroups.cers.credential import Credential
from cersgroups.cers.endpoint import Endpoints, host_of
from cersgroups.cers.exchange import Break, Reply, Request, exchange
from cersgroups.cers.patience import Patience
from cersgroups.cers.token import Token, fetch_token
from cersgroups.core.error import RequestStop

RIGHT = "GROUP_WRITE"

_REDIRECT, _UNAUTHORIZED = range(300, 400), 401
_HTTP_CODES = {
    _UNAUTHORIZED: "http_401",
    403: "http_403",
    404: "http_404",
    405: "http_404",
    413: "http_413",
    429: "http_429",
    503: "http_503",
}
_NOT_VISIBLE = (401, 403, 404)
_POLL_SECONDS, _LONGEST_POLL_SECONDS = 1.0, 30.0


@dataclass(frozen=True)
class Check:
    """What the Test button shows. `answer` is None if the credential may send; else it says why not."""

    answer: Answer | None
    username: str = ""
    authorities: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.answer is None

    @property
    def sentence(self) -> str:
        if self.answer is not None:
            return self.answer.sentence
        return f"The credential works: CERS knows it as {self.username}, who may send student groups."


class Client:
    """Speaks with one receiver as one credential. Keeps its token; threads need a client each."""

    def __init__(self, endpoints: Endpoints, credential: Credential, patience: Patience | None = None) -> None:
        self.endpoints = endpoints
        self.credential = credential
        self.patience = patience or Patience()
        self.where = host_of(endpoints.import_url)
        self._token: Token | None = None

    def check(self) -> Check:
        """Whether the credential is accepted and may send student groups."""
        reply = self._exchange(Request("GET", self.endpoints.of_import_service("/imports/user")))
        if isinstance(reply, Answer):
            return Check(reply)
        if isinstance(reply, Break):
            return Check(Answer("unavailable" if reply.sent else reply.code, self.where))
        if reply.status != 200:
            return Check(self._of_http(reply, server_error="unavailable"))
        if reply.body is None or not isinstance(reply.body.get("username"), str):
            return Check(Answer("not_the_receiver", self.where, http_status=reply.status))
        authorities = _authorities(reply.body)
        holds = any(each == RIGHT or each.endswith(f"_{RIGHT}") for each in authorities)
        return Check(None if holds else Answer("no_right", self.where), reply.body["username"], authorities)

    def send(self, file: Path, filename: str = "", form: Literal["multipart", "raw"] = "multipart") -> Answer:
        """Send the student groups file, streamed from disk. Raises RequestStop if it cannot be read.

        Outcome `lost` means: it may be there or not, send the same bytes again.
        """
        digest = md5(file)
        url = self.endpoints.of_import_service("/groups/imports")
        reply = self._exchange(Request("POST", url, file=file, filename=filename or file.name, raw=form == "raw"))
        if isinstance(reply, Answer):
            return replace(reply, digest=digest)
        if isinstance(reply, Break):
            return Answer(reply.code, self.where, digest=digest)
        if reply.status not in range(200, 300):
            return replace(self._of_http(reply, server_error="http_5xx"), digest=digest)
        answer = answer_from_record(reply, self.where)
        if answer is None:
            code = "answer_unreadable" if reply.whole else "answer_cut"
            return Answer(code, self.where, digest=digest, http_status=reply.status)
        if answer.digest and answer.digest.upper() != digest and answer.outcome != "refused":
            return replace(answer, code="digest_differs")
        return replace(answer, digest=digest)

    def status(self, import_id: str, wait_seconds: float = 0) -> Answer:
        """What became of an accepted file; asked again until it is known or `wait_seconds` are over.

        Its outcome is never `lost` or `not_sent`: the file was accepted, whatever happens to the question.
        """
        until, pause = time.monotonic() + wait_seconds, _POLL_SECONDS
        while True:
            answer = self._status(import_id)
            left = until - time.monotonic()
            if answer.code not in ("ACCEPTED", "status_unknown") or left <= 0:
                return answer
            time.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_POLL_SECONDS)

    def _status(self, import_id: str) -> Answer:
        reply = self._exchange(
            Request("GET", self.endpoints.of_import_service(f"/imports/{quote(import_id, safe='')}"))
        )
        unknown = Answer("status_unknown", self.where, import_id)
        if isinstance(reply, (Answer, Break)):
            return unknown
        if reply.status in _NOT_VISIBLE:
            return replace(unknown, code="not_visible", http_status=reply.status)
        record = answer_from_record(reply, self.where) if reply.status == 200 else None
        if record is None or record.import_id != import_id:
            return replace(unknown, http_status=reply.status, wait_seconds=reply.wait_seconds)
        return record

    def _exchange(self, request: Request) -> Reply | Break | Answer:
        """`request` with a token; with a new one if the old is no longer accepted."""
        kept = self._token is not None and self._token.is_valid
        reply = self._authorized(request)
        if kept and isinstance(reply, Reply) and reply.status == _UNAUTHORIZED:
            self._token = None
            reply = self._authorized(request)
        if isinstance(reply, Reply) and reply.status == _UNAUTHORIZED:
            self._token = None
        return reply

    def _authorized(self, request: Request) -> Reply | Break | Answer:
        if self._token is None or not self._token.is_valid:
            fetched = fetch_token(self.endpoints, self.credential, self.patience)
            if isinstance(fetched, Answer):
                return fetched
            self._token = fetched
        return exchange(replace(request, headers=self._token.headers), self.patience)

    def _of_http(self, reply: Reply, server_error: str) -> Answer:
        code = _HTTP_CODES.get(reply.status)
        if code is None:
            code = server_error if reply.status >= 500 else "http_400"
        if reply.status in _REDIRECT:
            code = "http_3xx"
        return Answer(code, self.where, http_status=reply.status, wait_seconds=reply.wait_seconds)


def md5(file: Path) -> str:
    """The receiver's digest of the file. Raises RequestStop, naming it, if it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest().upper()
    except OSError as e:
        raise RequestStop(f"{file.name}: cannot be read ({e.strerror}). Build the file anew.") from None


def _authorities(body: dict[str, Any]) -> tuple[str, ...]:
    """`[{"authority": "..."}]`, or plain texts."""
    listed = body.get("authorities")
    found = [each.get("authority") if isinstance(each, dict) else each for each in listed or []]
    return tuple(each for each in found if isinstance(each, str))
