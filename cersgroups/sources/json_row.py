"""Rows out of a JSON text of any size, one after the other, in the memory of one chunk and one row.

The list is the whole text, or stands in an object under a name. The standard library's own scanner reads each row, so
that this is as quick as reading everything at once.
"""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

CHUNK = 1 << 18
LONGEST_ROW = 1 << 24
"""Characters of one row, and of what stands beside the list; beyond that it is no roster."""

_BLANKS = " \t\r\n"
_UNDECIDED = 2
"""Characters behind a number that may belong to it, once the next chunk is there: `1` and `e+`."""

_scan = json.JSONDecoder().raw_decode


class NoList(ValueError):  # noqa: N818 - told as a Stop
    """The text is JSON, but there is no such list in it."""


def rows(file: IO[bytes], under: str = "", chunk: int = CHUNK) -> Iterator[Any]:
    """The items of the list. Raises ValueError for what is no JSON or ends in the middle, NoList if there is none."""
    text = _Text(file, chunk)
    if under and not _find(text, under):
        raise NoList(under)
    if text.peek() != "[":
        text.value()  # no JSON is worse than no list
        raise NoList(under)
    yield from _items(text)
    if bool(under) != bool(text.peek()):
        raise ValueError("the text goes on behind the list, or ends too early")


def _find(text: "_Text", name: str) -> bool:
    """Go to the value of that name in the object that begins here; False if there is none."""
    if text.peek() != "{":
        text.value()
        return False
    text.take("{")
    while text.peek() != "}":
        found = text.value()
        text.take(":")
        if found == name:
            return True
        text.value()
        if text.peek() != "}":
            text.take(",")
    return False


def _items(text: "_Text") -> Iterator[Any]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        yield text.value()
        if text.peek() == "]":
            text.take("]")
            return
        text.take(",")


class _Text:
    """The text from where we are, read on as needed."""

    def __init__(self, file: IO[bytes], chunk: int) -> None:
        self._file, self._chunk = file, chunk
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._ended = "", 0, False

    def peek(self) -> str:
        """The next character that is no blank, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise ValueError(f"no {expected} where one must be")
        self._at += 1

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                found, end = _scan(self._text, self._at)
            except ValueError:
                if not self._read_on():
                    raise
                continue
            if end + _UNDECIDED < len(self._text) or not self._read_on():
                self._at = end
                return found

    def _read_on(self) -> bool:
        """Read as much again as is waiting, so that a long row costs no more than twice its length."""
        if self._ended:
            return False
        waiting = self._text[self._at :]
        if len(waiting) > LONGEST_ROW:
            raise ValueError("a row is too long")
        read = self._file.read(max(self._chunk, len(waiting)))
        self._ended = not read
        self._text, self._at = waiting + self._decoder.decode(read, final=self._ended), 0
        return True
