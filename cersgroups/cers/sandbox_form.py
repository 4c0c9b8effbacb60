"""Reads what is posted to the sandbox: the body into a file on disk, and the uploaded file out of a multipart body."""

import mmap
import re
from email.message import Message
from email.parser import HeaderParser
from io import BufferedIOBase
from typing import IO, NamedTuple

MAX_BYTES = 500_000_000
"""The receiver's limit of one upload."""

_CHUNK = 1 << 18
_LONGEST_LINE = 1 << 10


class TooLarge(Exception):  # noqa: N818 - answered with 413
    """The body has more than MAX_BYTES."""


class BadBody(Exception):  # noqa: N818 - answered with 400
    """The body is not what its headers say."""


class Part(NamedTuple):
    content: bytes
    filename: str


def read_body(source: BufferedIOBase, target: IO[bytes], headers: Message) -> None:
    """Copy the body to `target`. Raises TooLarge, BadBody, and ConnectionError if the sender leaves before its end."""
    if (headers.get("Transfer-Encoding") or "").lower() == "chunked":
        _read_chunks(source, target)
        return
    length = headers.get("Content-Length") or "0"
    if not re.fullmatch("[0-9]{1,18}", length):
        raise BadBody("Content-Length is no number.")
    if int(length) > MAX_BYTES:
        raise TooLarge
    _copy(source, target, int(length))


def uploaded_file(body: IO[bytes], content_type: str) -> Part:
    """The part named `file` of a multipart body. Raises BadBody."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if not boundary or body.seek(0, 2) == 0:
        raise BadBody("The body is no multipart form data.")
    with mmap.mmap(body.fileno(), 0, access=mmap.ACCESS_READ) as content:
        part = _part(content, b"--" + boundary.encode())
    if part is None:
        raise BadBody("The form data have no whole part named file.")
    return part


def _read_chunks(source: BufferedIOBase, target: IO[bytes]) -> None:
    total = 0
    while True:
        size_text = source.readline(_LONGEST_LINE).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size_text):
            raise BadBody("A chunk has no size.")
        size = int(size_text, 16)
        total += size
        if total > MAX_BYTES:
            raise TooLarge
        if size == 0:
            break
        _copy(source, target, size)
        source.readline(_LONGEST_LINE)
    while source.readline(_LONGEST_LINE).strip():
        pass


def _copy(source: BufferedIOBase, target: IO[bytes], left: int) -> None:
    while left:
        piece = source.read(min(left, _CHUNK))
        if not piece:
            raise ConnectionError("the sender left before the end of the body")
        target.write(piece)
        left -= len(piece)


def _part(content: mmap.mmap, delimiter: bytes) -> Part | None:
    position = content.find(delimiter)
    while position >= 0:
        head = position + len(delimiter) + 2
        text = content.find(b"\r\n\r\n", head - 2)
        end = content.find(b"\r\n" + delimiter, text + 2)
        if text < 0 or end < 0:
            return None
        headers = HeaderParser().parsestr(content[head : text + 2].decode("utf-8", "replace"))
        if headers.get_param("name", header="content-disposition") == "file":
            return Part(content[text + 4 : end], headers.get_filename() or "")
        position = end + 2
    return None
