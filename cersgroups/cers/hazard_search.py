"""Searches an accepted file for hazards, reading it as the checker and as the loader do, side by side."""

import re
from collections.abc import Iterable, Iterator

import cersgroups.cers.hazard  # noqa: F401 - registers the rules
from cersgroups.cers.csv_reader import CsvReader, decode
from cersgroups.cers.hazard_kind import RULES, Memory, Record, kind
from cersgroups.cers.load_data import load
from cersgroups.cers.staged_row import LoadFailure, StagedRow
from cersgroups.cers.verdict import Hazard
from cersgroups.core.student_group import HEADER, MAX_ROWS

MAX_TOLD = 100
"""Hazards of one code told one by one; the rest is only counted."""

LOAD_FAILED = kind(
    "load_fails", "The whole file fails after it was accepted: {value}.", "Correct that row.", "034-038, 083, 087"
)
ROWS_DIFFER = kind(
    "rows_differ",
    "The loader finds another number of rows than the checker: {value}.",
    "Use one kind of line end (LF) throughout, and no quotes.",
    "046, 049",
)
TOO_MANY_ROWS = kind(
    "too_many_rows",
    "The file has {value} rows; CERS takes 1,000,000.",
    "Send several files, each of whole schools.",
    "vendor FAQ",
)
COLUMNS = kind("columns", "The header has {value} columns.", "Write the six columns and nothing after them.", "022-024")
LINE_ENDS = kind(
    "line_ends", "Lines end in different ways; the loader knows only one.", "End every line with LF.", "046-051"
)

_QUOTED = re.compile(r'"[^"]*"')
_END_OF_LINE = re.compile(r"\r\n|\r|\n")


def hazards_of(content: bytes, newline: str) -> tuple[Hazard, ...]:
    """The hazards of a file that the checker accepts, with `newline` as it detected it."""
    text = decode(content)
    reader = CsvReader(text)
    header = reader.next_record() or []
    search = _Search(load(content, newline))
    found = (*_of_file(header, text), *search.of_records(reader))
    return _at_most(found)


class _Search:
    """Goes through records and staged rows together, until the loader fails or ends."""

    def __init__(self, staged: Iterator[StagedRow]) -> None:
        self.staged = staged
        self.memory = Memory()
        self.loaded = 0
        self.failure: LoadFailure | None = None

    def of_records(self, records: Iterable[list[str]]) -> Iterator[Hazard]:
        count = 0
        for count, fields in enumerate(records, start=1):
            yield from self._of_record(Record(count, fields, self._next_staged()))
        while self._next_staged():
            pass
        if self.failure:
            yield LOAD_FAILED.hazard(self.failure.row, str(self.failure))
        elif self.loaded != count:
            yield ROWS_DIFFER.hazard(0, f"{self.loaded:,} instead of {count:,}")
        if count > MAX_ROWS:
            yield TOO_MANY_ROWS.hazard(0, f"{count:,}")

    def _of_record(self, record: Record) -> Iterator[Hazard]:
        for made, function in RULES:
            if (value := function(record, self.memory)) is not None:
                yield made.hazard(record.row, value)

    def _next_staged(self) -> StagedRow | None:
        try:
            row = next(self.staged, None)
        except LoadFailure as e:
            self.failure = e
            return None
        self.loaded += row is not None
        return row


def _of_file(header: list[str], text: str) -> Iterator[Hazard]:
    if len(header) != len(HEADER):
        yield COLUMNS.hazard(0, str(len(header)))
    unquoted = _QUOTED.sub("", text) if '"' in text else text
    if len(set(_END_OF_LINE.findall(unquoted))) > 1:
        yield LINE_ENDS.hazard(0)


def _at_most(hazards: Iterable[Hazard], limit: int = MAX_TOLD) -> tuple[Hazard, ...]:
    """The first `limit` of each code, and then how many more there are."""
    told: list[Hazard] = []
    counts: dict[str, int] = {}
    for found in hazards:
        counts[found.code] = counts.get(found.code, 0) + 1
        if counts[found.code] <= limit:
            told.append(found)
    rest = {code: count - limit for code, count in counts.items() if count > limit}
    return (*told, *(Hazard(0, code, f"{more:,} more rows have the hazard {code}.") for code, more in rest.items()))
