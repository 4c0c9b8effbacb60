"""A OneRoster export: its version, and the rows of its files with every deviation noted once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cersgroups.core.error import DataStop
from cersgroups.sources.archive import Archive, Member, OnRead
from cersgroups.sources.csv_file import CsvFile
from cersgroups.sources.oneroster_date import before, day
from cersgroups.sources.oneroster_layout import COLUMNS, MINOR_COLUMNS, NEEDED_COLUMNS, Version
from cersgroups.sources.tally import Tally

_ACTIVE = ("", "active")


@dataclass
class Export:
    """`version` is set by the manifest. `tally` gathers the findings, `on_read` hears of bytes read.

    `served_by` is the name of the server whose answers the files are (oneroster_rest.py): sentences then speak of its
    collections, for nobody knows the files.
    """

    archive: Archive
    tally: Tally
    exclusive: bool = True
    served_by: str = ""
    version: Version = "1.1"
    on_read: OnRead | None = None

    @property
    def title(self) -> str:
        """What sentences call the whole."""
        return self.served_by or str(self.archive.path)

    def noun(self, name: str) -> str:
        """What sentences call one of its files."""
        return name if self.served_by else name + ".csv"

    def has(self, name: str) -> bool:
        return self.member(name) is not None

    def member(self, name: str) -> Member | None:
        return self.archive.find(name + ".csv")

    def open(self, name: str, tally: Tally) -> CsvFile:
        """The file `name`.csv, which must be there."""
        member = self.member(name)
        if member is None:
            raise DataStop(f"{self.title}: {self.noun(name)} is missing. Ask the source for it.")
        label = f"{self.served_by}: {name}" if self.served_by else self.archive.label(member)
        return CsvFile(self.archive.open(member, self.on_read), label, tally)

    def header(self, name: str) -> tuple[str, ...]:
        return self.open(name, Tally()).header

    def read(self, name: str, columns: Sequence[str], unique: bool = True, quiet: bool = False) -> "Reading":
        """Read the rows of a file. Raises DataStop if a needed column is missing.

        `unique` asks for one row per sourcedId; `quiet` notes no findings, for a file that is read again.
        """
        tally = Tally() if quiet else self.tally
        file = self.open(name, tally)
        missing = [column for column in NEEDED_COLUMNS[name] if not file.has(column)]
        if missing:
            raise DataStop(f"{file.label}: there is no column {', '.join(missing)}. Ask the source for a full export.")
        if not quiet:
            self._note_names(name, file.header)
        return Reading(self, name, file, tally, tuple(columns), unique)

    def _note_names(self, name: str, header: tuple[str, ...]) -> None:
        """Findings for a file name or header that is not the specification's."""
        member = self.member(name)
        if member and member.name != name + ".csv":
            self.tally.add("source_name_case", member.name, value=member.name)
        expected = {column.casefold(): column for column in COLUMNS[self.version].get(name, ())}
        expected = expected or {column.casefold(): column for column in COLUMNS["1.2"][name]}
        for column in header:
            right = expected.pop(column.casefold(), None)
            if right is None and not column.casefold().startswith("metadata."):
                if column not in MINOR_COLUMNS:
                    self.tally.add("source_column_unknown", self.noun(name), value=column)
            elif right and right != column:
                self.tally.add("source_name_case", self.noun(name), value=column)
        for column in expected.values():
            if column not in MINOR_COLUMNS:
                self.tally.add("oneroster_column_missing", self.noun(name), value=column)


@dataclass
class Reading:
    """One reading of a file: iterate over it for the trimmed cells of the columns asked for."""

    export: Export
    name: str
    file: CsvFile
    tally: Tally
    columns: tuple[str, ...]
    unique: bool
    left_out: bool = False
    key: str = ""

    def active(self) -> Iterator[list[str]]:
        """The rows that are active, once each."""
        return (cells for cells in self.all() if not self.left_out)

    def all(self) -> Iterator[list[str]]:
        """Also the rows with a status other than active; `left_out` says whether the current one is such.

        Raises DataStop if a sourcedId stands in two rows that differ.
        """
        seen: dict[str, int] = {}
        rows = 0
        for cells in self.file.select([*self.columns, "sourcedId", "status", "dateLastModified"]):
            rows += 1
            *cells, key, status, modified = cells
            self.key = key
            if self.unique and not self._is_new(seen, key, cells, status):
                continue
            self.left_out = status.casefold() not in _ACTIVE
            if self.left_out:
                self.note("oneroster_row_left_out", key, status)
            elif status or modified:
                self.note("oneroster_status_filled", key, status)
            yield cells
        if not rows:
            self.tally.add("oneroster_no_rows", self.export.noun(self.name))

    def note(self, code: str, key: str = "", value: str = "") -> None:
        """A finding about the current row."""
        place = "" if self.export.served_by else f"line {self.file.line}"
        self.tally.add(code, self.export.noun(self.name), key, value, place)

    def stop(self, sentence: str) -> DataStop:
        """A DataStop that names the current row: by its line, or by the sourcedId where there are no lines."""
        if self.export.served_by:
            return DataStop(f"{self.file.label}, sourcedId {self.key!r}: {sentence}")
        return self.file.stop(sentence)

    def first_day(self, text: str, column: str) -> str:
        """The day in a cell, "" if blank. Raises DataStop, naming the line, if it is no date."""
        try:
            found, has_time = day(text)
        except ValueError:
            raise self.stop(f"{column} is {text!r}, which is no date. Write dates as YYYY-MM-DD.") from None
        if has_time:
            self.note("oneroster_date_with_time", value=text)
        return found

    def last_day(self, text: str, column: str) -> str:
        """The last day for an end date, which is the day after it unless the mapping says inclusive."""
        found = self.first_day(text, column)
        return before(found) if self.export.exclusive else found

    def _is_new(self, seen: dict[str, int], key: str, cells: list[str], status: str) -> bool:
        if not key:
            self.note("oneroster_row_without_id")
            return False
        digest = hash((*cells, status))
        if seen.setdefault(key, digest) != digest:
            raise self.stop(
                f"the sourcedId {key!r} already stands in an earlier row with other values. "
                "Ask the source which is right; keep one."
            )
        if len(seen) == self._distinct:
            self.note("oneroster_row_repeated", key)
            return False
        self._distinct = len(seen)
        return True

    _distinct: int = 0
