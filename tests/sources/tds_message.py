"""Messages of TDS 7.4, the protocol of SQL Server, as far as a server needs them to answer SELECTs (MS-TDS)."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

BATCH, RESPONSE, ATTENTION, LOGIN, PRELOGIN = 0x01, 0x04, 0x06, 0x10, 0x12
ENCRYPTION_OFF, ENCRYPTION_ON, ENCRYPTION_MISSING, ENCRYPTION_REQUIRED = 0, 1, 2, 3

_LAST = 0x01
_PACKET = 4096
_HEADER = 8
_COLLATION = bytes((0x09, 0x04, 0xD0, 0x00, 0x34))
_DAY_0 = date(1900, 1, 1)
_DONE_OF_ATTENTION = 0x20
_HAS_COUNT = 0x10
_FAILED = 0x02


def packets(kind: int, content: bytes) -> bytes:
    """The content as packets of that kind, the last marked."""
    pieces = [content[i : i + _PACKET - _HEADER] for i in range(0, len(content), _PACKET - _HEADER)] or [b""]
    return b"".join(
        struct.pack(">BBHHBB", kind, _LAST if i == len(pieces) - 1 else 0, len(piece) + _HEADER, 0, (i + 1) % 256, 0)
        + piece
        for i, piece in enumerate(pieces)
    )


class Packet(NamedTuple):
    kind: int
    is_last: bool
    length: int


def header(raw: bytes) -> Packet:
    """What the eight bytes before a packet say; `length` is of what follows them."""
    kind, status, length = struct.unpack(">BBH", raw[:4])
    return Packet(kind, bool(status & _LAST), length - _HEADER)


HEADER_SIZE = _HEADER


def wanted_encryption(prelogin: bytes) -> int:
    """What the client says of encryption before it signs in."""
    place = 0
    while prelogin[place] != 0xFF:
        token, offset, _ = struct.unpack(">BHH", prelogin[place : place + 5])
        if token == 1:
            return int(prelogin[offset])
        place += 5
    return ENCRYPTION_MISSING


def prelogin(encryption: int) -> bytes:
    """The server's answer to it: version 16, what it says of encryption, no MARS."""
    options = ((0, bytes((16, 0, 0, 0, 0, 0))), (1, bytes((encryption,))), (2, b"\0"), (3, b""), (4, b"\0"))
    offset = 5 * len(options) + 1
    head, body = b"", b""
    for token, value in options:
        head += struct.pack(">BHH", token, offset + len(body), len(value))
        body += value
    return head + b"\xff" + body


@dataclass(frozen=True)
class SignIn:
    """Who wants to sign in, and to which database."""

    login: str
    password: str
    database: str
    application: str


def sign_in(message: bytes) -> SignIn:
    """A LOGIN7 message."""

    def part(place: int) -> bytes:
        offset, length = struct.unpack("<HH", message[place : place + 4])
        return message[offset : offset + 2 * length]

    hidden = bytes(((byte ^ 0xA5) << 4 | (byte ^ 0xA5) >> 4) & 0xFF for byte in part(44))
    return SignIn(*(text.decode("utf-16-le") for text in (part(40), hidden, part(68), part(48))))


def statement(message: bytes) -> str:
    """The SQL of a batch."""
    (headers,) = struct.unpack("<I", message[:4])
    return message[headers:].decode("utf-16-le")


def _short_text(text: str) -> bytes:
    return bytes((len(text),)) + text.encode("utf-16-le")


def signed_in(database: str) -> bytes:
    """The login succeeded."""
    change = b"\x01" + _short_text(database) + _short_text("master")
    collation = b"\x07\x05" + _COLLATION + b"\0"
    ack = b"\x01\x74\0\0\x04" + _short_text("Microsoft SQL Server") + b"\x10\0\0\0"
    return b"".join(
        (
            b"\xe3" + struct.pack("<H", len(change)) + change,
            b"\xe3" + struct.pack("<H", len(collation)) + collation,
            b"\xad" + struct.pack("<H", len(ack)) + ack,
            done(),
        )
    )


def done(count: int | None = None, failed: bool = False) -> bytes:
    """The end of a statement."""
    status = (_HAS_COUNT if count is not None else 0) | (_FAILED if failed else 0)
    return struct.pack("<BHHQ", 0xFD, status, 0xC1, count or 0)


def attended() -> bytes:
    """The client's wish to stop was heard."""
    return struct.pack("<BHHQ", 0xFD, _DONE_OF_ATTENTION, 0, 0)


def error(number: int, severity: int, message: str) -> bytes:
    """An error, and the end of the statement."""
    encoded = message.encode("utf-16-le")
    body = (
        struct.pack("<IBBH", number, 1, severity, len(message))
        + encoded
        + _short_text("sql")
        + b"\0"
        + struct.pack("<I", 1)
    )
    return b"\xaa" + struct.pack("<H", len(body)) + body + done(failed=True)


_INTEGER, _BIT, _DATETIME, _TEXT = 0x26, 0x68, 0x6F, 0xE7
INTEGER, BIT, DATETIME, TEXT = "integer", "bit", "datetime", "text"
_TYPES = {
    INTEGER: bytes((_INTEGER, 8)),
    BIT: bytes((_BIT, 1)),
    DATETIME: bytes((_DATETIME, 8)),
    TEXT: bytes((_TEXT,)) + struct.pack("<H", 8000) + _COLLATION,
}


def columns(named: Sequence[tuple[str, str]]) -> bytes:
    """Names and types of the columns that follow."""
    described = (struct.pack("<IH", 0, 0x01) + _TYPES[kind] + _short_text(name) for name, kind in named)
    return b"\x81" + struct.pack("<H", len(named)) + b"".join(described)


def row(cells: Sequence[object], kinds: Sequence[str]) -> bytes:
    """One row; None is NULL."""
    return b"\xd1" + b"".join([_CELLS[kind](cell) for cell, kind in zip(cells, kinds, strict=True)])


def _text(cell: Any) -> bytes:
    if cell is None:
        return b"\xff\xff"
    encoded = str(cell).encode("utf-16-le")
    return len(encoded).to_bytes(2, "little") + encoded


def _integer(cell: Any) -> bytes:
    return b"\0" if cell is None else b"\x08" + int(cell).to_bytes(8, "little", signed=True)


def _bit(cell: Any) -> bytes:
    return b"\0" if cell is None else b"\x01\x01" if cell else b"\x01\0"


@lru_cache(maxsize=10_000)
def _datetime(cell: Any) -> bytes:
    if cell is None:
        return b"\0"
    moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return struct.pack("<BiI", 8, (moment.date() - _DAY_0).days, seconds * 300)


_CELLS: dict[str, Callable[[Any], bytes]] = {TEXT: _text, INTEGER: _integer, BIT: _bit, DATETIME: _datetime}
