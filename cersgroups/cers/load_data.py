r"""Reads the file as the receiver's loader does: the database's LOAD DATA, which is not the checker's reader.

LOAD DATA ... FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' LINES TERMINATED BY <newline> IGNORE 1 LINES,
in MySQL 5.6, strict mode. A backslash escapes, an unquoted NULL and \N are missing values, line ends other than
the detected one are text. Sources: MySQL 5.6 reference manual, "LOAD DATA"; vectors 034-092, 155-180.
"""

import re
from collections.abc import Iterator

from cersgroups.cers.staged_row import LoadFailure, StagedRow, stage
from cersgroups.core.student_group import HEADER

_QUOTE, _ESCAPE, _COMMA = b'"', b"\\", b","
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"0": b"\0", b"Z": b"\x1a"}
_PARTIAL_CHARACTER = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?)\Z")


def load(content: bytes, newline: str) -> Iterator[StagedRow]:
    r"""The rows that the loader stages from `content`; `newline` is written as in Verdict (`\r\n`).

    Raises LoadFailure at the first row that the database refuses; then nothing at all is loaded.
    """
    reader = RowReader(content, newline.replace("\\r", "\r").replace("\\n", "\n").encode())
    reader.skip_line()
    number = 0
    while fields := reader.next_row():
        number += 1
        yield stage(fields, number)
        if reader.cut:
            raise LoadFailure(number, "extra_field", "has more than six fields")


class RowReader:
    """The rows of `content`. After a row, `cut` tells whether its line held more than six fields."""

    def __init__(self, content: bytes, newline: bytes) -> None:
        self.content = content
        self.newline = newline
        self.position = 0
        self.cut = False
        self.at_line_end = False

    def skip_line(self) -> bool:
        """Go on to the next line, escapes heeded and quotes not; whether there was anything before its end."""
        start = self.position
        while True:
            end = self.content.find(self.newline, self.position)
            escape = self.content.find(_ESCAPE, self.position, end if end >= 0 else len(self.content))
            if escape < 0:
                break
            self.position = escape + 2
        self.position = end + len(self.newline) if end >= 0 else len(self.content)
        # What follows the sixth field of a last line without line end is never noticed.
        return end > start

    def next_row(self) -> list[bytes | None] | None:
        """The fields of the next row, at most six, None for NULL; None at the end."""
        self.cut = False
        if self.position >= len(self.content):
            return None
        end = self.content.find(self.newline, self.position)
        line = self.content[self.position : end] if end >= 0 else _QUOTE
        if _QUOTE in line or _ESCAPE in line:
            return self._fields_one_by_one()
        self.position = end + len(self.newline)
        fields = line.split(_COMMA, len(HEADER))
        self.cut = len(fields) > len(HEADER) and fields.pop() != b""
        return [None if field == b"NULL" else field for field in fields]

    def _fields_one_by_one(self) -> list[bytes | None]:
        fields: list[bytes | None] = []
        self.at_line_end = False
        while len(fields) < len(HEADER) and not self.at_line_end and self.position < len(self.content):
            fields.append(self._field())
        if not self.at_line_end and self.position < len(self.content):
            self.cut = self.skip_line()
        return fields

    def _field(self) -> bytes | None:
        start = self.position
        quoted = self.content.startswith(_QUOTE, start)
        value, null, closed = self._quoted_field() if quoted else self._plain_field()
        if quoted and not closed:
            value = _QUOTE + value
        if (null and len(value) == 1) or (value == b"NULL" and not (quoted and closed)):
            return None
        return value

    def _plain_field(self) -> tuple[bytes, bool, bool]:
        value, null = bytearray(), False
        while self.position < len(self.content):
            if self._passes(self.newline):
                self.at_line_end = True
                return bytes(value), null, True
            if self._passes(_COMMA):
                return bytes(value), null, True
            null |= self._take(value)
        return self._ended(value), null, False

    def _quoted_field(self) -> tuple[bytes, bool, bool]:
        """Ends only at a quote that a comma, a line end or the end of the file follows (vectors 067, 078)."""
        value, null = bytearray(), False
        self.position += 1
        while self.position < len(self.content):
            if not self._passes(_QUOTE):
                null |= self._take(value)
            elif self._passes(_QUOTE):
                value += _QUOTE
            elif self.position == len(self.content) or self._passes(self.newline):
                self.at_line_end = True
                return bytes(value), null, True
            elif self._passes(_COMMA):
                return bytes(value), null, True
            else:
                value += _QUOTE
        return self._ended(value), null, False

    def _take(self, value: bytearray) -> bool:
        r"""Move one byte, or what an escape stands for, to `value`; whether it was `\N`."""
        byte = self.content[self.position : self.position + 1]
        self.position += 1
        if byte == _ESCAPE and self.position < len(self.content):
            byte = self.content[self.position : self.position + 1]
            self.position += 1
            value += _ESCAPES.get(byte, byte)
            return byte == b"N"
        value += byte
        return False

    def _passes(self, token: bytes) -> bool:
        if not self.content.startswith(token, self.position):
            return False
        self.position += len(token)
        return True

    def _ended(self, value: bytearray) -> bytes:
        """The end of the file ends the field; a character that is cut there is dropped."""
        self.at_line_end = True
        return _PARTIAL_CHARACTER.sub(b"", bytes(value))
