"""Reads CSV as the receiver's checker does: Apache commons-csv 1.6, format DEFAULT, first record as header.

Fields may be quoted, quotes inside are doubled, blank lines are no records, CR, LF and CRLF all end a line.
Observed in vectors 007-081.
"""

import re
from collections.abc import Iterator

from cersgroups.cers.java_text import WHITESPACE, fold_case

_END_OF_LINE = re.compile(r"\r\n|\r|\n")
_PLAIN_FIELD = re.compile(r"[^,\r\n]*")
_QUOTED_FIELD = re.compile(r'(?:[^"]++|"")*+')
_BLANKS = re.compile(f"[{re.escape(WHITESPACE.replace(chr(13), '').replace(chr(10), ''))}]*")

BOM = b"\xef\xbb\xbf"


class MalformedCsv(Exception):  # noqa: N818 - what the reader says, not a fault of this software
    """The text cannot be read as CSV; the sentence is the library's own."""


class DuplicateColumn(Exception):  # noqa: N818
    """Two columns of the header have the same name, ignoring case."""


def decode(content: bytes) -> str:
    """The text the checker sees: one BOM is skipped, bytes that are no UTF-8 become U+FFFD."""
    return content.removeprefix(BOM).decode("utf-8", "replace")


def columns_of(header: list[str]) -> dict[str, int]:
    """Where each column stands, by its name ignoring case. Raises DuplicateColumn (vectors 027, 028)."""
    columns: dict[str, int] = {}
    for index, name in enumerate(header):
        if fold_case(name) in columns:
            raise DuplicateColumn(name)
        columns[fold_case(name)] = index
    return columns


class CsvReader:
    """The records of `text`, one after the other; `first_end_of_line` is the first line end outside quotes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.first_end_of_line: str | None = None

    def __iter__(self) -> Iterator[list[str]]:
        while (record := self.next_record()) is not None:
            yield record

    def next_record(self) -> list[str] | None:
        """The fields of the next record, or None at the end. Raises MalformedCsv."""
        while blank := _END_OF_LINE.match(self.text, self.position):
            self._pass(blank)
        if self.position >= len(self.text):
            return None
        end = _END_OF_LINE.search(self.text, self.position)
        line = self.text[self.position : end.start() if end else len(self.text)]
        if '"' in line:
            return self._fields_with_quotes()
        self._pass(end)
        return line.split(",")

    def _pass(self, end_of_line: re.Match[str] | None) -> None:
        if end_of_line is None:
            self.position = len(self.text)
            return
        self.position = end_of_line.end()
        if self.first_end_of_line is None:
            self.first_end_of_line = end_of_line.group()

    def _fields_with_quotes(self) -> list[str]:
        fields = [self._field()]
        while self.text.startswith(",", self.position):
            self.position += 1
            fields.append(self._field())
        self._pass(_END_OF_LINE.match(self.text, self.position))
        return fields

    def _field(self) -> str:
        if self.text.startswith('"', self.position):
            return self._quoted_field()
        plain = _PLAIN_FIELD.match(self.text, self.position)
        assert plain is not None  # noqa: S101 - the expression matches the empty text too
        self.position = plain.end()
        return plain.group()

    def _quoted_field(self) -> str:
        quoted = _QUOTED_FIELD.match(self.text, self.position + 1)
        if quoted is None or quoted.end() == len(self.text):
            start = self._line_number(self.position)
            raise MalformedCsv(f"(startline {start}) EOF reached before encapsulated token finished")
        blanks = _BLANKS.match(self.text, quoted.end() + 1)
        self.position = blanks.end() if blanks else quoted.end() + 1
        if self.text[self.position : self.position + 1] not in ("", ",", "\r", "\n"):
            line = self._line_number(self.position)
            raise MalformedCsv(f"(line {line}) invalid char between encapsulated token and delimiter")
        return quoted.group().replace('""', '"')

    def _line_number(self, position: int) -> int:
        return 1 + sum(1 for _ in _END_OF_LINE.finditer(self.text, 0, position))
