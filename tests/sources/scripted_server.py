"""A server on this machine that answers what it was told, one request after the other; the last answer stays."""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Reply:
    """One answer. `announced`: a Content-Length that is not the body's; `pause`: seconds before each byte of the body;
    `hang_up`: no answer at all.
    """

    body: bytes = b"[]"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None
    pause: float = 0
    hang_up: bool = False


class ScriptedServer:
    """For use in a `with`; `requests` are the paths asked for, `headers` those of the last request."""

    def __init__(self, *replies: Reply, tls: ssl.SSLContext | None = None) -> None:
        self.replies = list(replies)
        self.requests: list[str] = []
        self.headers: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Request", (_Request,), {"script": self}))
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def next_reply(self, path: str, headers: dict[str, str]) -> Reply:
        self.headers = headers
        self.requests.append(path)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def __enter__(self) -> Self:
        threading.Thread(target=partial(self._server.serve_forever, 0.02), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Request(BaseHTTPRequestHandler):
    script: ScriptedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        reply = self.script.next_reply(self.path, dict(self.headers))
        if reply.hang_up:
            self._hang_up()
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) if reply.announced is None else reply.announced))
        self.end_headers()
        try:
            self._send(reply)
        except ConnectionError:
            self.close_connection = True
        if reply.announced is not None:
            self._hang_up()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Says nothing."""

    def _send(self, reply: Reply) -> None:
        if not reply.pause:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            time.sleep(reply.pause)
            self.wfile.write(bytes([byte]))

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
