"""A list of students as people paste or upload it: which values of it are IDs, and what is none.

tests/core/pasted_list.md is the manual. What is no ID, and a table whose column of IDs is not sure, is told and left
out; without a header the only column that can be IDs is read, and that is told too.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cersgroups.core.profile import LONGEST_TEXT

_SSID_HEADERS = (
    *("ssid", "ssidnumber", "studentssid", "statessid", "cassid", "statestudentid", "statestudentidentifier"),
    *("statewidestudentidentifier", "statestudentnumber", "stateid"),
)
_LOCAL_HEADERS = (
    *("studentid", "localid", "localstudentid", "localstudentidentifier", "stuid", "studentidnumber", "permanentid"),
    *("permid", "pupilid", "sourcedid", "studentsourcedid", "id", "studentnumber", "pupilnumber"),
)
_HEADERS = (*_SSID_HEADERS, *_LOCAL_HEADERS)
"""Letters and digits only; the first that a table has is read, the others where it is blank."""

_SSID = re.compile("[0-9]{10}")
_ID = re.compile("[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_EXACT = re.compile(r'="\s*(\S|\S.*\S)\s*"')
_DELIMITERS = ("\t", ";", ",")
_SHOWN, _LONGEST_SHOWN = 3, 40


@dataclass
class PastedList:
    """`students`: each once. `left_out`: what is no ID; `undecided`: first lines of tables that were not read.

    `without_id`: rows of tables; `unnamed`: columns that were read without a header, with their first ID.
    """

    students: dict[str, None] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    without_id: int = 0
    unnamed: list[tuple[int, str]] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many values, rows and tables gave no student."""
        return len(self.left_out) + len(self.undecided) + self.without_id

    def sentences(self) -> list[str]:
        """What a person should know about how it was read."""
        return list(_sentences(self))


def read_students(text: str) -> PastedList:
    """The SSIDs or local IDs in the text: one per line, several per line, or tables with or without a header."""
    found = PastedList()
    plain = text.split()
    if "\t" not in text and all(map(_is_id, plain)):  # nearly always, and many; a tab makes columns of a table
        found.students.update(dict.fromkeys(plain))
        return found
    for header, lines in _parts(text.splitlines()):
        if header:
            _read_table(header, lines, found)
        else:
            _read_lines(lines, found)
    return found


def line_of(student: str) -> str:
    """The student as a line that `read_students` reads as this one value, whatever is in it."""
    return student if _is_id(student) else f'="{student}"'


@dataclass(frozen=True)
class _Header:
    delimiter: str
    columns: tuple[int, ...]


def _parts(lines: Iterable[str]) -> Iterator[tuple[_Header | None, list[str]]]:
    """A header begins a part; what has no header ends at a blank line, and where a value is exactly written."""
    header: _Header | None = None
    part: list[str] = []
    for line in lines:
        if header is None and _EXACT.fullmatch(line.strip()):
            yield from ((header, part), (header, [line]))
            part = []
        elif (columns := _header(line)) or (header is None and not line.strip()):
            yield header, part
            header, part = (columns if columns and columns.columns else None), []
        elif line.strip():
            part.append(line)
    yield header, part


def _header(line: str) -> _Header | None:
    """If the line names a column of IDs; one that is the only column needs no table: it has no columns."""
    if not any(name in _plain(line) for name in ("id", "number")):
        return None
    for delimiter in _DELIMITERS:
        cells = _cells(line, delimiter)
        names = [_plain(cell) for cell in cells]
        columns = tuple(names.index(name) for name in _HEADERS if name in names)
        if columns and not any(map(_is_ssid, cells)):
            return _Header(delimiter, columns if len(cells) > 1 else ())
    return None


def _read_table(header: _Header, lines: Sequence[str], found: PastedList) -> None:
    for line in lines:
        cells = _cells(line, header.delimiter)
        values = [cells[column] for column in header.columns if column < len(cells)]
        if values:
            _take_row(values, found)
        else:
            _read_line(line, found)


def _take_row(values: Sequence[str], found: PastedList) -> None:
    """The first ID of the row."""
    student = next(filter(_is_id, values), None)
    if student:
        found.students[student] = None
    elif filled := [value for value in values if value]:
        found.left_out.append(filled[0])
    else:
        found.without_id += 1


def _read_lines(lines: Sequence[str], found: PastedList) -> None:
    """Lines without a header: a table, if most have as many cells, and other lines."""
    delimiter, width = _shape(lines)
    rows = [(_cells(line, delimiter), line) for line in lines]
    table = [cells for cells, _ in rows if len(cells) == width > 1]
    columns = _id_columns(table)
    if columns is None:
        found.undecided.append(lines[0].strip())
        return
    if len(columns) == 1:
        found.unnamed.append((columns[0] + 1, next(filter(_is_id, (cells[columns[0]] for cells in table)))))
    for cells, line in rows:
        if not columns or len(cells) != width:
            _read_line(line, found)
            continue
        values = [cells[column] for column in columns]
        for value in values if len(values) == 1 else filter(None, values):
            _take_row([value], found)


def _shape(lines: Sequence[str]) -> tuple[str, int]:
    """The delimiter and the number of cells of most lines; 1 if they are no table."""
    for delimiter in _DELIMITERS:
        widths = Counter(len(_cells(line, delimiter)) for line in lines if delimiter in line)
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        if width > 1 and count > 1 and 2 * count >= len(lines):
            return delimiter, width
    return ",", 1


def _id_columns(rows: Sequence[Sequence[str]]) -> list[int] | None:
    """The columns in which most values are SSIDs, else the one of local IDs; None if several could be that one."""
    columns = list(enumerate(zip(*rows, strict=True)))
    ssids = [n for n, column in columns if _most(map(_is_ssid, filter(None, column)))]
    if ssids:
        return ssids
    ids = [n for n, column in columns if _most(map(_is_id, filter(None, column)))]
    lengths = {len(cell) for row in rows for cell in row if cell}
    is_list = len(lengths) == 1 and len(ids) == sum(any(column) for _, column in columns)
    return ids if len(ids) < 2 or is_list else None


def _most(fitting: Iterable[bool]) -> bool:
    judged = list(fitting)
    return bool(judged) and 2 * sum(judged) >= len(judged)


def _read_line(line: str, found: PastedList) -> None:
    """IDs separated by anything. Where words stand among them, a number may mean anything: then only SSIDs count."""
    if exact := _EXACT.fullmatch(line.strip()):
        found.students[exact[1]] = None
        return
    values = [value for part in re.split(r"[\s,;]+", line) if (value := _value(part))]
    counts = _is_id if all(map(_is_id, values)) else _is_ssid
    found.students.update(dict.fromkeys(filter(counts, values)))
    if rest := " ".join(value for value in values if not counts(value)):
        found.left_out.append(rest)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:  # a cell longer than any
        cells = line.split(delimiter)
    return [_value(cell) for cell in cells]


def _value(cell: str) -> str:
    """Without the quotes, and the `="..."`, by which spreadsheets keep a number as text."""
    exact = _EXACT.fullmatch(cell.strip())
    return (exact[1] if exact else cell).strip(" \t\"'\u00a0\ufeff")


def _is_ssid(value: str) -> bool:
    return bool(_SSID.fullmatch(value))


def _is_id(value: str) -> bool:
    return len(value) <= LONGEST_TEXT and bool(_ID.fullmatch(value)) and not _DATE.fullmatch(value)


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _sentences(found: PastedList) -> Iterator[str]:
    for number, first in found.unnamed:
        column = f"column {number} was read, which begins with {_quoted(first)}"
        yield f"A table has no header that names an ID. Its {column}."
    for line in found.undecided:
        yield (
            f"More than one column of the table that begins with {_quoted(line)} could be the IDs, so it is left out. "
            f"Write SSID or Local ID above the right column."
        )
    if found.without_id:
        one = found.without_id == 1
        yield "1 row has no ID and is left out." if one else f"{found.without_id:,} rows have no ID and are left out."
    if found.left_out:
        yield _no_ids(found.left_out)
    rounded = next((value for value in found.left_out if _ROUNDED.search(value)), None)
    if rounded:
        yield (
            f"A spreadsheet has rounded IDs, as {_quoted(rounded)}. Format their column there as a number without "
            f"decimals, and copy or save it again."
        )


def _no_ids(values: Sequence[str]) -> str:
    shown = [_quoted(value) for value in values[:_SHOWN]]
    if len(values) == 1:
        return f"{shown[0]} is no ID and is left out."
    if len(values) > _SHOWN:
        return f"{', '.join(shown)} and {len(values) - _SHOWN:,} more are no IDs and are left out."
    return f"{', '.join(shown[:-1])} and {shown[-1]} are no IDs and are left out."


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + '…'}”"
