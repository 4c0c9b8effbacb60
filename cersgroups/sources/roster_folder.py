"""A roster folder: `<table>.csv` files in our own layout (core/roster.py), as a folder or zip.

The text of every file is checked here (UTF-8, no NUL bytes, the header; quotes and cells beyond the header, which the
engine's reader lets pass without a word); what the rows say is the engine's.
A folder that is right is used where it is; a zip, or a folder with misspelled names or files whose lines end in
different ways, is copied.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cersgroups.core.error import DataStop
from cersgroups.core.roster import TABLES, Table
from cersgroups.sources.archive import Archive, Member, OnRead
from cersgroups.sources.csv_file import MAX_RECORD, CsvFile, has_nul, not_utf8, too_long
from cersgroups.sources.tally import Tally

_CHUNK = MAX_RECORD


def has_tables(archive: Archive) -> bool:
    """True if a file is called like a roster table."""
    return any(archive.find(f"{name}.csv") for name in TABLES)


def use_folder(
    archive: Archive,
    workspace: Path,
    tally: Tally,
    side: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> Path:
    """Check every table's file; returns the folder that holds them under their right names.

    `side` folders need the key columns only. Raises DataStop, naming file, line and columns.
    """
    for key, member in archive.members.items():
        if key.removesuffix(".csv") not in TABLES:
            tally.add("source_file_not_used", member.name, value=member.name)
    headers = [_check_header(archive, table, member, tally, side) for table, member in _tables(archive)]
    copy = archive.is_zip or not all(header.is_exact for header in headers)
    if not copy:
        copy = any(isinstance(h.member.place, Path) and h.member.place.parent != archive.path for h in headers)
    on_read = _meter(headers, progress) if progress else None
    shapes: dict[str, _Shape] = {}
    for header in () if copy else headers:
        shapes[header.table.name] = _check_text(archive, header, on_read)
    copy = copy or any(shape.mixes_line_ends for shape in shapes.values())
    for header in headers if copy else ():
        shapes[header.table.name] = _copy_text(archive, header, workspace, on_read)
    for header in headers:
        if not shapes[header.table.name].is_plain(len(header.names)):
            _check_rows(archive, header, tally)
    return workspace if copy else archive.path


def columns_of(folder: Path, table: str) -> frozenset[str]:
    """The columns that a checked folder's file of this table has; none if there is no file."""
    path = folder / f"{table}.csv"
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(name.strip().casefold() for name in next(csv.reader(file), []))


@dataclass(frozen=True)
class _Header:
    table: Table
    member: Member
    names: tuple[str, ...]
    is_exact: bool


def _tables(archive: Archive) -> Iterator[tuple[Table, Member]]:
    for name, table in TABLES.items():
        if member := archive.find(f"{name}.csv"):
            yield table, member


def _check_header(archive: Archive, table: Table, member: Member, tally: Tally, side: bool) -> _Header:
    """The header in the right spelling. Raises DataStop if needed columns are missing."""
    with archive.open(member) as stream:
        first_line = stream.peek(_CHUNK).removeprefix(codecs.BOM_UTF8).partition(b"\n")[0]
        file = CsvFile(stream, archive.label(member), tally)
    if file.unnamed:
        raise DataStop(f"{file.label}: the last {file.unnamed} columns have no name. Name or remove them.")
    needed = table.key if side else table.required_names
    missing = [name for name in needed if not file.has(name) and not (side and name in table.may_be_blank)]
    if missing:
        raise DataStop(f"{file.label}: there is no column {', '.join(missing)}. Add it to the header.")
    names = tuple(_right_name(table, member, name, tally) for name in file.header)
    if member.name != f"{table.name}.csv":
        tally.add("source_name_case", member.name, value=member.name)
    is_exact = member.name == f"{table.name}.csv" and _is_spelled(first_line, names)
    return _Header(table, member, names, is_exact)


def _is_spelled(first_line: bytes, names: tuple[str, ...]) -> bool:
    """True if the first line is these names exactly, with or without quotes."""
    written = first_line.rstrip(b"\r\n")
    return written in (_row(names).encode(), ",".join(f'"{name}"' for name in names).encode())


def _right_name(table: Table, member: Member, name: str, tally: Tally) -> str:
    known = {column.casefold(): column for column in table.column_names}
    right = known.get(name.casefold())
    if right is None:
        tally.add("source_column_unknown", member.name, value=name)
    elif right != name:
        tally.add("source_name_case", member.name, value=name)
    return right or name


@dataclass
class _Shape:
    """What a text is made of: its line ends, commas and quotes."""

    feeds: int = 0
    pairs: int = 0
    commas: int = 0
    has_quote: bool = False
    last: bytes = b"\n"

    def add(self, chunk: bytes) -> None:
        self.feeds += chunk.count(b"\n")
        self.pairs += chunk.count(b"\r\n") + (self.last == b"\r" and chunk.startswith(b"\n"))
        self.commas += chunk.count(b",")
        self.has_quote = self.has_quote or b'"' in chunk
        self.last = chunk[-1:]

    @property
    def mixes_line_ends(self) -> bool:
        return 0 < self.pairs < self.feeds

    def is_plain(self, width: int) -> bool:
        """Whether every line has `width` cells without quotes, if none has fewer; so there is nothing to look at."""
        lines = self.feeds + (self.last != b"\n")
        return not self.has_quote and self.commas == (width - 1) * lines


def _check_text(archive: Archive, header: _Header, on_read: OnRead | None) -> _Shape:
    """Check the whole file."""
    shape = _Shape()
    with archive.open(header.member, on_read) as stream:
        for chunk in _checked(stream, archive.label(header.member), 1):
            shape.add(chunk)
    return shape


def _check_rows(archive: Archive, header: _Header, tally: Tally) -> None:
    """Read the rows as strictly as those of any other source. Raises DataStop, naming the line."""
    with archive.open(header.member) as stream:
        for _ in CsvFile(stream, archive.label(header.member), tally).rows():
            pass


def _copy_text(archive: Archive, header: _Header, folder: Path, on_read: OnRead | None) -> _Shape:
    """Check the whole file and write it, with the right header and LF at every line end, into `folder`."""
    label, shape = archive.label(header.member), _Shape()

    def seen(chunk: bytes) -> bytes:
        shape.add(chunk)
        return chunk

    with archive.open(header.member, on_read) as stream:
        CsvFile(stream, label, Tally())  # leaves the stream behind the header
        with (folder / f"{header.table.name}.csv").open("wb") as copy:
            copy.write(_row(header.names).encode() + b"\n")
            for text in _with_line_feeds(map(seen, _checked(stream, label, 2))):
                copy.write(text)
    return shape


def _with_line_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text with LF for every CRLF: the engine's strict reader refuses a file that mixes them."""
    held = b""  # a CR whose LF may begin the next chunk
    for chunk in chunks:
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        yield text.removesuffix(b"\r").replace(b"\r\n", b"\n")
    yield held


def _checked(stream: io.BufferedReader, label: str, line: int) -> Iterator[bytes]:
    """The stream in chunks. Raises DataStop at the first NUL byte, text that is not UTF-8, or endless line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    begun = 0  # bytes of the last line of the chunks before
    while chunk := stream.read(_CHUNK):
        first_end = chunk.find(b"\n")
        if begun + (first_end if first_end >= 0 else len(chunk)) > MAX_RECORD:
            raise too_long(label, line)
        begun = len(chunk) - chunk.rfind(b"\n") - 1 if first_end >= 0 else begun + len(chunk)
        if (nul := chunk.find(b"\0")) >= 0:
            raise has_nul(label, line + chunk.count(b"\n", 0, nul))
        _decode(decoder, chunk, label, line)
        line += chunk.count(b"\n")
        yield chunk
    _decode(decoder, b"", label, line, final=True)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, label: str, line: int, final: bool = False) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as e:
        raise not_utf8(label, line + e.object.count(b"\n", 0, e.start), e.object[e.start]) from None


def _row(names: tuple[str, ...]) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(names)
    return row.getvalue()


def _meter(headers: list[_Header], progress: Callable[[str, float], None]) -> OnRead:
    total = sum(header.member.size for header in headers) or 1
    read = 0

    def on_read(name: str, size: int) -> None:
        nonlocal read
        read += size
        progress(f"checking {name}", min(read / total, 1.0))

    return on_read
