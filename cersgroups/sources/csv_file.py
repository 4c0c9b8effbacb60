"""The rows of a CSV file by header name, read as a stream and strictly (RFC 4180, UTF-8, commas).

Whatever cannot be read without guessing is a DataStop that names the file and the line. Nothing is ever held
in memory beyond one record of at most MAX_RECORD bytes.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from cersgroups.core.error import DataStop
from cersgroups.sources.tally import Tally

MAX_RECORD = 1 << 20
"""Bytes of one record. Real ones have a few hundred; a longer one is an unclosed quote or no CSV at all."""

SAVE_AS = 'Open it in a spreadsheet and save it as "CSV UTF-8", or ask the source for UTF-8.'

_HEAD = 512
_FOREIGN = (
    (b"PK\x03\x04", "a zip or an Excel workbook (XLSX)"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP = ((b"<!doctype html", "a web page"), (b"<html", "a web page"), (b"<?xml", "an XML document"))
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets"}


def seems(head: bytes) -> str | None:
    """What a file that begins with `head` seems to be, if it is no text in CSV."""
    for signature, what in _FOREIGN:
        if head.startswith(signature):
            return what
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for signature, what in _MARKUP:
        if start.lower().startswith(signature):
            return what
    return "JSON" if start[:1] in (b"{", b"[") else None


def not_utf8(label: str, line: int, byte: int) -> DataStop:
    return DataStop(f"{label}, line {line:,}: the text is not UTF-8 (byte 0x{byte:02X}). {SAVE_AS}")


def has_nul(label: str, line: int) -> DataStop:
    return DataStop(f"{label}, line {line:,}: there is a NUL byte, so this is a damaged file or UTF-16 text. {SAVE_AS}")


def too_long(label: str, line: int) -> DataStop:
    return DataStop(
        f"{label}, line {line:,}: the record that begins here is far too long. "
        "Probably a quote is never closed, or this is no CSV."
    )


class CsvFile:
    """One CSV file: `header` is read at once, `rows` gives the rest. `line` is where the record began.

    `unnamed` counts the columns at the end that have no name; they are no part of the header.
    """

    def __init__(self, stream: io.BufferedReader, label: str, tally: Tally) -> None:
        """Raises DataStop if the stream is no CSV or its header cannot be used."""
        self.label = label
        self.line = 1
        self.unnamed = 0
        self._tally = tally
        self._name = label.rpartition("/")[2]
        self._stream = stream
        self._read = 0
        self._size = 0
        self._record: list[str] = []
        self._refuse_foreign(stream.peek(_HEAD)[:_HEAD])
        self._reader = csv.reader(self._lines(), strict=True)
        self.header = self._header()
        self._positions = {name.casefold(): i for i, name in enumerate(self.header)}

    def has(self, column: str) -> bool:
        """True if the header names this column, in whatever case."""
        return column.casefold() in self._positions

    def select(self, columns: Sequence[str]) -> Iterator[list[str]]:
        """The trimmed cells of these columns, row by row; a column that the file lacks is blank."""
        positions = [self._positions.get(column.casefold(), -1) for column in columns]
        for cells in self.rows():
            cells.append("")
            yield [cells[i].strip() for i in positions]

    def rows(self) -> Iterator[list[str]]:
        """All cells of each row, as many as the header has; blank rows are skipped.

        Raises DataStop, naming the line, for a row of another length, misplaced quotes and foreign text.
        """
        width = len(self.header)
        while (cells := self._next()) is not None:
            if not any(cells):
                if cells:
                    self._tally.add("source_blank_row", self._name, note=f"line {self.line}")
                continue
            if len(cells) != width:
                if not "".join(cells).strip():
                    continue
                self._fit(cells, width)
            yield cells

    def stop(self, sentence: str, line: int | None = None) -> DataStop:
        """A DataStop that names this file and the line (that of the current record unless given)."""
        return DataStop(f"{self.label}, line {line or self.line:,}: {sentence}")

    def _next(self) -> list[str] | None:
        self.line = self._read + 1
        self._size = 0
        self._record.clear()
        try:
            cells = next(self._reader, None)
        except csv.Error as e:
            raise self._broken(str(e)) from None
        if cells and '"' in "".join(cells):
            self._check_quotes(cells)
        return cells

    def _lines(self) -> Iterator[str]:
        while raw := self._stream.readline(MAX_RECORD + 1):
            self._read += 1
            self._size += len(raw)
            if self._size > MAX_RECORD:
                raise too_long(self.label, self.line)
            if b"\0" in raw:
                raise has_nul(self.label, self._read)
            try:
                text = raw.decode()
            except UnicodeDecodeError as e:
                raise not_utf8(self.label, self._read, raw[e.start]) from None
            self._record.append(text)
            yield text

    def _header(self) -> tuple[str, ...]:
        if self._stream.peek(3)[:3] == codecs.BOM_UTF8:
            self._stream.read(3)
        names: list[str] = []
        while not names:
            cells = self._next()
            if cells is None:
                raise DataStop(f"{self.label}: the file is empty. It needs a header that names the columns.")
            names = [cell.strip() for cell in cells]
            while names and not names[-1]:
                names.pop()
            self.unnamed = len(cells) - len(names)
        self._check_header(names)
        return tuple(names)

    def _check_header(self, names: list[str]) -> None:
        if len(names) == 1:
            for separator, plural in _OTHER_SEPARATORS.items():
                if separator in names[0]:
                    raise self.stop(f"the columns are separated by {plural}. Save the file with commas (CSV UTF-8).")
        seen: set[str] = set()
        for i, name in enumerate(names, 1):
            if not name:
                raise self.stop(f"column {i} has no name in the header. Name or remove it.")
            if name.casefold() in seen:
                raise self.stop(f"the header names the column {name!r} twice. Remove or rename one of them.")
            seen.add(name.casefold())

    def _fit(self, cells: list[str], width: int) -> None:
        """Drop empty cells beyond the header; refuse every other difference."""
        if len(cells) < width or "".join(cells[width:]).strip():
            raise self.stop(
                f"the row has {len(cells)} cells, the header has {width}. "
                "Put cells that hold commas in quotes, and end every row on its own line."
            )
        self._tally.add("source_extra_cells", self._name, note=f"line {self.line}")
        del cells[width:]

    def _check_quotes(self, cells: list[str]) -> None:
        """A quote inside a cell is only right if the cell is in quotes and the quote is doubled."""
        record = "".join(self._record)
        for cell in cells:
            if '"' in cell and '"' + cell.replace('"', '""') + '"' not in record:
                raise self.stop(
                    f"there is a quote inside a cell without quotes ({cell[:40]!r}). "
                    "Put the whole cell in quotes and double the quotes in it."
                )

    def _broken(self, why: str) -> DataStop:
        if "unexpected end" in why:
            return self.stop("a quote opens in this record and is never closed. Close it.")
        if "field limit" in why:
            return too_long(self.label, self.line)
        if "new-line" in why:
            return self.stop("there is a bare carriage return (old Mac line ends?). " + SAVE_AS)
        return self.stop("there is text after the closing quote of a cell. Double the quotes inside of a quoted cell.")

    def _refuse_foreign(self, head: bytes) -> None:
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self.stop("the text is UTF-16, not UTF-8. " + SAVE_AS)
        if what := seems(head):
            raise DataStop(f"{self.label}: this is no CSV file; it seems to be {what}. Export it as CSV.")
