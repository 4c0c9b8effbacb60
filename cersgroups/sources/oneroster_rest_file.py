"""One collection of a OneRoster server, written as the CSV file of an export, row by row as they come."""

import csv
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from cersgroups.core.error import DataStop
from cersgroups.sources.oneroster_layout import COLUMNS, Version
from cersgroups.sources.oneroster_rest_row import WITH_METADATA, Cells, Json, cells, metadata, roles

_MOST_METADATA = 200
"""Columns of metadata; a server with more of them keeps something else there than codes."""


class CollectionFile:
    """`<name>.csv` in the folder (with users of 1.2 also roles.csv), while in a `with`; replaces an earlier one."""

    def __init__(self, folder: Path, name: str, version: Version) -> None:
        self._name, self._version = name, version
        self._path = folder / f"{name}.csv"
        self._roles_path = folder / "roles.csv" if name == "users" and version == "1.2" else None
        self._metadata: dict[str, str] = {}
        self._files = ExitStack()

    def __enter__(self) -> "CollectionFile":
        self._write = self._open(self._path, self._name)
        self._write_role = self._open(self._roles_path, "roles") if self._roles_path else None
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._files.close()
        if kind is None and self._metadata:
            self._widen()

    def write(self, row: Json) -> None:
        """Raises DataStop for a cell that no roster can have."""
        try:
            self._write_row(row)
        except RecursionError:
            raise DataStop(f"{self._name}: a row holds lists within lists. Ask whoever runs the server.") from None

    def _write_row(self, row: Json) -> None:
        found = cells(self._name, row, self._version)
        more = self._metadata_cells(row) if self._name in WITH_METADATA else {}
        row_cells = [found.get(column, "") for column in COLUMNS[self._version][self._name]]
        self._write(row_cells + self._in_order(more) if more else row_cells)
        if self._write_role:
            for role in roles(row):
                self._write_role(role.get(column, "") for column in COLUMNS["1.2"]["roles"])

    def _metadata_cells(self, row: Json) -> Cells:
        """By the column's name in lower case; a new column goes to the end."""
        found: Cells = {}
        for column, cell in metadata(row):
            key = column.casefold()
            if key in self._metadata or len(self._metadata) < _MOST_METADATA:
                self._metadata.setdefault(key, column)
                found.setdefault(key, cell)
        return found

    def _in_order(self, more: Cells) -> list[str]:
        return [more.get(key, "") for key in self._metadata]

    def _open(self, path: Path, name: str) -> Callable[[Iterable[str]], object]:
        file = self._files.enter_context(path.open("w", encoding="utf-8", errors="replace", newline=""))
        write = csv.writer(file).writerow
        write(COLUMNS[self._version][name])
        return write

    def _widen(self) -> None:
        """Give every row the columns of metadata, which the header could not name before all rows were there."""
        header = (*COLUMNS[self._version][self._name], *self._metadata.values())
        wide = self._path.with_suffix(".wide")
        with (
            self._path.open(encoding="utf-8", newline="") as narrow_file,
            wide.open("w", encoding="utf-8", newline="") as wide_file,
        ):
            rows, writer = csv.reader(narrow_file), csv.writer(wide_file)
            next(rows)
            writer.writerow(header)
            for row in rows:
                writer.writerow(row + [""] * (len(header) - len(row)))
        wide.replace(self._path)
