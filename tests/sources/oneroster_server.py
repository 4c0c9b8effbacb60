"""A stand-in for a OneRoster server, 1.1 and 1.2, made of a CSV export. For tests only.

    with OneRosterServer(write_oneroster zip) as server:
        ONEROSTER_REST.fetch(server.settings(), ...)

How it behaves, and misbehaves, is said by its attributes, which may be changed while it runs. By itself:
    python -m tests.sources.oneroster_server PATH [--ignores-limit]
where PATH is an export, or the roster folder of a demo district.
"""

import json
import mmap
import secrets
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from cersgroups.sources.demo_oneroster import pack_oneroster
from tests.sources.oneroster_json import Export
from tests.sources.oneroster_oauth import SignedRequests, basic

COLLECTIONS = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments")
CLIENT_ID = "client-1279e5c6"
CLIENT_SECRET = "s3cret/+&=%-68019dbf8d8b"  # noqa: S105 - of nothing
PATHS = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}
SCOPES = {
    "1.1": "https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly",
    "1.2": "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly",
}
DEFAULT_LIMIT = 100


class Rows:
    """The rows of a collection as JSON texts, in a file; in memory are only their places."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - ends with this object
        self._starts, self._ends = array("Q"), array("Q")
        at = 0
        for text in texts:
            self._starts.append(at)
            at += self._file.write(text)
            self._ends.append(at)
        self._file.flush()
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if at else b""

    def __len__(self) -> int:
        return len(self._starts)

    def page(self, offset: int, limit: int) -> list[bytes]:
        places = zip(self._starts[offset : offset + limit], self._ends[offset : offset + limit], strict=True)
        return [self._map[start:end] for start, end in places]

    def delete(self, place: int) -> None:
        del self._starts[place], self._ends[place]

    def move(self, place: int, to: int) -> None:
        start, end = self._starts.pop(place), self._ends.pop(place)
        self._starts.insert(to, start)
        self._ends.insert(to, end)


@dataclass
class OneRosterServer:
    """One server on this machine, while in a `with`, made of a zip or folder.

    `sign_in`: "OAuth 2", "HMAC-SHA1" or "HMAC-SHA256". Paging: `links` and `totals` say whether there are the headers
    Link and X-Total-Count, `most` how many rows a page has at most, `foreign_links` whether links name another host,
    `beyond` the status of a page behind the last row. A token holds for `token_seconds` and `token_requests`,
    and says that it holds for `token_says`.
    `refused` is a status by collection, `faults` what goes wrong at the request of this number (from 1; tokens do not
    count) and, if `lasting`, at all after it: "429", "500", "503", "half", "cut", "page", "drop", "slow".
    `token_faults` are the statuses of the first answers to requests for a token. `before` is called with the number of
    each request. `asked` are the requests, `tokens` what was given out.
    """

    export: Path
    sign_in: str = "OAuth 2"
    links: bool = True
    totals: bool = True
    foreign_links: bool = False
    most: int | None = None
    ignores_limit: bool = False
    ignores_offset: bool = False
    total_is_of_page: bool = False
    beyond: int = 200
    token_seconds: float = 21600
    token_says: Any = 21600
    token_requests: int = 1_000_000_000
    token_faults: list[str] = field(default_factory=list)
    scope_wanted: bool = True
    refused: dict[str, int] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    lasting: bool = False
    slowness: float = 5
    cookie_wanted: bool = False
    before: Callable[[int], None] | None = None
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    rows: dict[str, Rows] = field(default_factory=dict)

    def __enter__(self) -> "OneRosterServer":
        self._export = Export(self.export)
        self.version = self._export.version
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.stand_in = self  # type: ignore[attr-defined]
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.base = self.address + PATHS[self.version]
        self.token_address = self.address + "/token"
        self._held: dict[str, tuple[float, int]] = {}
        self._signed = SignedRequests(CLIENT_ID, CLIENT_SECRET, self.sign_in)
        self._lock = threading.Lock()
        for name in COLLECTIONS:
            self.rows.setdefault(name, Rows(self._export.answers(name, self.base)))
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()

    def settings(self, **changes: str) -> dict[str, str]:
        """What a person enters for this server (see sources/oneroster_rest_settings.py)."""
        oauth2 = self.sign_in == "OAuth 2"
        return {
            "version": self.version,
            "base_address": self.base,
            "token_address": self.token_address if oauth2 else "",
            "sign_in": self.sign_in if oauth2 else f"OAuth 1 ({self.sign_in})",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "limit": "5000",
            "mapping": "",
            "cds_codes": "",
            **changes,
        }

    def begin(self, request: str) -> str:
        """Count a request; the fault that it meets, "" for none."""
        with self._lock:
            self.asked.append(request)
            number = len(self.asked)
            if self.before:
                self.before(number)
            earlier = [fault for place, fault in self.faults.items() if place < number and self.lasting]
            return self.faults.get(number, earlier[-1] if earlier else "")

    def give_token(self) -> dict[str, Any]:
        token = f"token-{secrets.token_hex(16)}"
        with self._lock:
            self.tokens.append(token)
            self._held[token] = (time.monotonic() + self.token_seconds, self.token_requests)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": self.token_says,
            "scope": SCOPES[self.version],
        }

    def allows(self, method: str, url: str, authorization: str) -> bool:
        """Whether a request is signed as it must be; uses up one of the requests of its token."""
        with self._lock:
            if self.sign_in != "OAuth 2":
                return self._signed.allow(method, url, authorization)
            token = authorization.removeprefix("Bearer ")
            until, left = self._held.get(token, (0.0, 0))
            self._held[token] = (until, left - 1)
            return left > 0 and time.monotonic() < until


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    @property
    def stand_in(self) -> OneRosterServer:
        found: OneRosterServer = self.server.stand_in  # type: ignore[attr-defined]
        return found

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
        server = self.stand_in
        if server.token_faults and (status := server.token_faults.pop(0)):
            return self._refuse(int(status), "no token just now", {"Retry-After": "0"})
        if self.path != "/token" or server.sign_in != "OAuth 2":
            return self._refuse(404, "unknown address")
        if self.headers.get("Authorization") != basic(CLIENT_ID, CLIENT_SECRET):
            said = f"nobody has the secret {self.headers.get('Authorization')}"
            return self._send(401, {"error": "invalid_client", "error_description": said})
        if form.get("grant_type") != "client_credentials" or (
            server.scope_wanted and form.get("scope") != SCOPES[server.version]
        ):
            return self._send(400, {"error": "invalid_scope"})
        return self._send(200, server.give_token(), {"Set-Cookie": "node=a; path=/; HttpOnly"})

    def do_GET(self) -> None:
        server, parts = self.stand_in, urlsplit(self.path)
        fault = server.begin(self.path)
        if fault in ("429", "500", "503"):
            return self._refuse(int(fault), "not now", {"Retry-After": "0"} if fault == "429" else {})
        if fault == "drop":
            self.close_connection = True
            return None
        if not server.allows("GET", server.address + self.path, self.headers.get("Authorization", "")):
            said = f"no access with {self.headers.get('Authorization')}"
            return self._refuse(401, said)
        if server.cookie_wanted and "node=a" not in self.headers.get("Cookie", ""):
            return self._refuse(401, "another node gave that token")
        name = parts.path.removeprefix(PATHS[server.version] + "/")
        if name not in COLLECTIONS or name in server.refused:
            return self._refuse(server.refused.get(name, 404), f"{name} is not for you")
        return self._page(name, {key: values[0] for key, values in parse_qs(parts.query).items()}, fault)

    def _page(self, name: str, query: dict[str, str], fault: str) -> None:
        server = self.stand_in
        rows = server.rows[name]
        limit = (
            len(rows) if server.ignores_limit else min(int(query.get("limit", DEFAULT_LIMIT)), server.most or 1 << 40)
        )
        offset = 0 if server.ignores_offset else int(query.get("offset", 0))
        if offset >= len(rows) and server.beyond != 200:
            return self._refuse(server.beyond, "there is nothing beyond the last row")
        texts = rows.page(offset, limit)
        headers: dict[str, str] = {}
        if server.totals:
            headers["X-Total-Count"] = str(len(texts) if server.total_is_of_page else len(rows))
        if server.links:
            headers["Link"] = self._links(name, offset, limit, len(rows))
        body = b'{"%s":[%s]}' % (name.encode(), b",".join(texts))
        return self._send_body(200, body, headers, fault)

    def _links(self, name: str, offset: int, limit: int, count: int) -> str:
        server = self.stand_in
        base = server.base.replace("127.0.0.1", "inside.example") if server.foreign_links else server.base
        places = {"first": 0, "last": max(0, count - 1) // limit * limit}
        if offset + limit < count:
            places["next"] = offset + limit
        if offset:
            places["prev"] = max(0, offset - limit)
        return ", ".join(
            f'<{base}/{name}?{urlencode({"limit": limit, "offset": place})}>; rel="{rel}"'
            for rel, place in places.items()
        )

    def _refuse(self, status: int, said: str, headers: dict[str, str] | None = None) -> None:
        info = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": said}
        self._send(status, info if self.stand_in.version == "1.2" else {"statusInfoSet": [info]}, headers)

    def _send(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        self._send_body(status, json.dumps(content).encode(), headers or {})

    def _send_body(self, status: int, body: bytes, headers: dict[str, str], fault: str = "") -> None:
        kind = "application/json"
        if fault == "page":
            kind, body = "text/html", b"<!doctype html><title>Sign in</title>"
        elif fault == "cut":
            body = body[: len(body) // 2]
        self.send_response(status)
        for header, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        if fault == "slow":
            self.wfile.flush()
            time.sleep(self.stand_in.slowness)
        if fault == "half":
            self.close_connection = True
            return
        self.wfile.write(body[len(body) // 2 :])


def main(arguments: list[str]) -> None:
    """Serve what lies at a path until standard input ends; the settings go to standard output as JSON."""
    path = Path(arguments[0])
    with TemporaryDirectory() as place:
        if (path / "lea.csv").exists():
            pack_oneroster(Path(place) / "export.zip", path, "1.1")
            path = Path(place) / "export.zip"
        with OneRosterServer(path, ignores_limit="--ignores-limit" in arguments) as server:
            print(json.dumps(server.settings()), flush=True)  # noqa: T201
            sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
