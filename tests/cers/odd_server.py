"""A server on loopback that answers with bytes given beforehand, whole or not: what no good server does."""

import socket
import ssl
import threading
from types import TracebackType
from typing import Self

TOKEN = b'{"access_token": "token-of-the-odd-server", "expires_in": 3600}'


def reply(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class OddServer:
    """Each connection reads one request and gets the next of `replies`; the last is given for ever.

    `read`: how many bytes of the body are taken before the answer, None for all. A reply None is silence.
    """

    def __init__(
        self, *replies: bytes | None, read: int | None = None, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.replies = list(replies)
        self.read = read
        self.requests: list[bytes] = []
        self.received = 0
        self._tls = tls
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as stream:
                self._take(stream)
                answer = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                if answer is None:
                    self._stopped.wait(30)
                else:
                    stream.sendall(answer)
        except OSError:
            return

    def _take(self, stream: socket.socket) -> None:
        with stream.makefile("rb", buffering=0) as source:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += source.read(1) or b"\r\n\r\n"
            self.requests.append(head)
            lengths = [
                line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
            ]
            left = int(lengths[0]) if lengths else 0
            left = left if self.read is None else min(left, self.read)
            buffer = bytearray(1 << 18)
            while left:
                count = source.readinto(memoryview(buffer)[: min(left, len(buffer))]) or left
                left -= count
                self.received += count
