"""Writes roster tables as `<table>.csv` into a folder: the layout of core/roster.py."""

import csv
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from cersgroups.core.roster import LIST_SEPARATOR, TABLES


class RosterTables:
    """The tables of one roster folder, open for writing while in a `with`. All tables exist, some empty.

    Halves of characters, which JSON can hold and UTF-8 cannot, become question marks.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = ExitStack()
        self._writers: dict[str, csv.DictWriter[str]] = {}

    def __enter__(self) -> "RosterTables":
        for name in TABLES:
            path = self._folder / f"{name}.csv"
            file = self._files.enter_context(path.open("w", encoding="utf-8", errors="replace", newline=""))
            # CRLF, because csv quotes a cell that holds CR or LF only if lines end with it
            writer = csv.DictWriter(file, TABLES[name].column_names, lineterminator="\r\n")
            writer.writeheader()
            self._writers[name] = writer
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._files.close()

    def write(self, table: str, **cells: str) -> None:
        """One row; columns that are not given stay blank. Raises ValueError for an unknown column."""
        self._writers[table].writerow(cells)


def joined(values: tuple[str, ...]) -> str:
    """A list cell."""
    return LIST_SEPARATOR.join(values)
