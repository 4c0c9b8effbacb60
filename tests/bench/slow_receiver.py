"""A receiver that takes every file, says PROCESSED after a while and remembers nothing but how many came.

The sandbox checks and stores what it gets; here what is measured is ours, and the receiver's time is a setting.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_CHUNK = 1 << 20


@dataclass
class Receiver:
    """`took`: bytes of every file, in the order in which they were answered."""

    url: str
    took: list[int] = field(default_factory=list)


@contextmanager
def slow_receiver(seconds: float) -> Iterator[Receiver]:
    """It listens on 127.0.0.1 within; each file is answered `seconds` after its last byte."""
    server = _Server(("127.0.0.1", 0), _Request)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    server.receiver, server.seconds = receiver, seconds
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    receiver: Receiver
    seconds: float


class _Request(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = self._read()
        if self.path.startswith("/token"):
            self._answer({"access_token": "bench", "token_type": "Bearer", "expires_in": 36_000})
            return
        time.sleep(self.server.seconds)
        self.server.receiver.took.append(size)
        self._answer({"id": len(self.server.receiver.took), "status": "PROCESSED", "message": ""}, 202)

    def log_message(self, *_arguments: Any) -> None:
        """Says nothing."""

    def _read(self) -> int:
        size = left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, _CHUNK)))
        return size

    def _answer(self, body: dict[str, Any], status: int = 200) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
