"""The sandbox's HTTP requests: which address does what, what is answered, and what is done wrong on order."""

import json
import re
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import IO, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cersgroups.cers.sandbox_account import Account, Tokens
from cersgroups.cers.sandbox_behaviour import Conduct, What
from cersgroups.cers.sandbox_form import BadBody, TooLarge, read_body, uploaded_file
from cersgroups.cers.sandbox_page import page
from cersgroups.cers.sandbox_store import Store
from cersgroups.core.error import RequestStop

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LARGEST_FORM = 1 << 16
_IDLE_SECONDS = 60
_LINGER_SECONDS = 2

Log = Callable[[str], None]


class SandboxRequest(BaseHTTPRequestHandler):
    """One connection. The class attributes are set by the sandbox that makes its own subclass of this."""

    protocol_version = "HTTP/1.1"
    server_version = "cersgroups-sandbox"
    sys_version = ""
    timeout = _IDLE_SECONDS

    store: Store
    tokens: Tokens
    conduct: Conduct
    stopped: Event
    log: Log

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_local():
            self._fail(HTTPStatus.MISDIRECTED_REQUEST, "The sandbox answers to 127.0.0.1 and localhost only.")
        elif path == "/":
            schools = parse_qs(urlsplit(self.path).query).get("school", [""])
            self._answer(200, page(self.store.state(), schools[0]).encode(), "text/html; charset=utf-8")
        elif path == "/state.json":
            self._answer_json(200, {**self.store.state(), "behaviour": self.conduct.as_json()})
        elif path == "/control":
            self._answer_json(200, self.conduct.as_json())
        elif path == "/imports/user":
            self._guarded("check", self._tell_user)
        elif path.startswith("/imports/"):
            self._guarded("status", self._tell_import)
        else:
            self._fail(404, "There is nothing here. The page of the sandbox is at /.")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        with tempfile.TemporaryFile() as body:
            if not self._read(body):
                return
            if path.endswith("/v1/token"):
                self._token(_form(body))
            elif path == "/groups/imports":
                self._guarded("upload", lambda account: self._upload(account, body))
            elif path == "/control":
                self._control(body)
            else:
                self._fail(404, "There is nothing here to post to.")

    def _token(self, form: dict[str, str]) -> None:
        if self._misbehave("token"):
            return
        answer = self.tokens.grant(form, self.conduct.behaviour.token_seconds)
        self._answer_json(400 if "error" in answer else 200, answer)

    def _tell_user(self, account: Account) -> None:
        authorities = [{"authority": each} for each in account.authorities]
        told = {"password": "N/A", "username": account.username, "authorities": authorities, "enabled": True}
        self._answer_json(200, told)

    def _tell_import(self, account: Account) -> None:
        number = urlsplit(self.path).path.removeprefix("/imports/")
        record = self.store.record(int(number)) if re.fullmatch("[0-9]{1,18}", number) else None
        if not self.conduct.behaviour.polling or (record and record.creator != account.username):
            self._fail(403, "This account may not see imports.")
        elif record is None:
            self._fail(404, "There is no such import.")
        else:
            self._answer_json(200, record.as_json(self._url))

    def _upload(self, account: Account, body: IO[bytes]) -> None:
        if not account.may_send:
            self._fail(403, "GROUP_WRITE is missing.")
            return
        misdeed = self.conduct.misdeed("upload")
        if misdeed == "fail":
            self._fail_as_told()
        elif misdeed == "drop":
            self._hang_up()
        else:
            self._receive(account, body, answered=misdeed != "lose")

    def _receive(self, account: Account, body: IO[bytes], *, answered: bool) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        content_type = self.headers.get("Content-Type", "")
        try:
            if content_type.startswith("multipart/"):
                content, filename = uploaded_file(body, content_type)
            else:
                body.seek(0)
                content, filename = body.read(), query.get("filename", "")
        except BadBody as e:
            self._fail(400, str(e))
            return
        late = self.conduct.behaviour.late_seconds
        record = self.store.receive(content, account, filename, query.get("batch"), late)
        if not answered:
            self._hang_up()
        elif record.status in ("ERROR", "HTTP_ERROR"):
            self._fail(500, record.message or "The message of the import does not fit.")
        else:
            self._answer_json(202, record.as_json(self._url))

    def _control(self, body: IO[bytes]) -> None:
        if not self._is_local():
            self._fail(HTTPStatus.MISDIRECTED_REQUEST, "The sandbox answers to 127.0.0.1 and localhost only.")
            return
        try:
            body.seek(0)
            settings = json.loads(body.read(_LARGEST_FORM) or b"{}")
            if not isinstance(settings, dict):
                raise RequestStop('Post a JSON object, such as {"lose_next": 1}.')
            expire = settings.pop("expire_tokens", False)
            self.conduct.change(settings)
        except ValueError:
            self._fail(400, 'Post a JSON object, such as {"lose_next": 1}.')
        except RequestStop as stop:
            self._fail(400, str(stop))
        else:
            if expire:
                self.tokens.expire()
            self._answer_json(200, self.conduct.as_json())

    def _guarded(self, what: What, answer: Callable[[Account], None]) -> None:
        """Answer whoever holds a token, unless told to misbehave; an upload misbehaves after its rights are clear."""
        if what != "upload" and self._misbehave(what):
            return
        self.stopped.wait(self.conduct.behaviour.slow_seconds if what == "upload" else 0)
        account = self.tokens.account_of(self.headers.get("Authorization", ""))
        if account is None:
            self._fail(401, "The token is missing, wrong or expired.")
        else:
            answer(account)

    def _misbehave(self, what: What) -> bool:
        self.stopped.wait(self.conduct.behaviour.slow_seconds)
        if self.conduct.misdeed(what) is None:
            return False
        self._fail_as_told()
        return True

    def _fail_as_told(self) -> None:
        behaviour = self.conduct.behaviour
        wait = behaviour.retry_after if behaviour.fail_status in (429, 503) else None
        self._fail(behaviour.fail_status, "The sandbox was told to fail.", wait)

    def _read(self, body: IO[bytes]) -> bool:
        """Take the whole body in, whatever the answer will be: clients read an answer only when they are done."""
        try:
            read_body(self.rfile, body, self.headers)
        except TooLarge:
            self.close_connection = True
            self._fail(413, "The sandbox takes 500 MB, as the receiver does.")
            self._drain()
            return False
        except BadBody as e:
            self.close_connection = True
            self._fail(400, str(e))
            return False
        except (ConnectionError, TimeoutError):
            self.close_connection = True
            return False
        return True

    def _drain(self) -> None:
        """Throw away what still comes, so that the answer is not lost with a connection that is reset."""
        self.wfile.flush()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER_SECONDS)
            while self.connection.recv(1 << 16):
                pass

    def _hang_up(self) -> None:
        self.close_connection = True
        self.log(f"{self.command} {urlsplit(self.path).path}: connection dropped")
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    @property
    def _url(self) -> str:
        host, port = self.connection.getsockname()[:2]
        return f"http://{host}:{port}"

    def _is_local(self) -> bool:
        """A page elsewhere that gives its own name to this address does not see what is held here."""
        host = self.headers.get("Host", "").lower()
        return host.rpartition(":")[0] in _LOOPBACK or host in _LOOPBACK

    def _fail(self, status: int, sentence: str, wait_seconds: int | None = None) -> None:
        told = {"status": status, "error": HTTPStatus(status).phrase, "message": sentence}
        wait = {} if wait_seconds is None else {"Retry-After": str(wait_seconds)}
        self._answer_json(status, told, wait)

    def _answer_json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._answer(status, json.dumps(body).encode(), "application/json", headers or {})

    def _answer(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.log(f"{self.command} {urlsplit(self.path).path}: {status}")
        policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        told = {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": policy}
        with suppress(ConnectionError):
            self.send_response(status)
            for name, value in {**told, "Cache-Control": "no-store", **(headers or {})}.items():
                self.send_header(name, value)
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """The library's log has whole request lines; ours (`log`) has paths only."""


def _form(body: IO[bytes]) -> dict[str, str]:
    body.seek(0)
    return dict(parse_qsl(body.read(_LARGEST_FORM).decode("utf-8", "replace"), keep_blank_values=True))
