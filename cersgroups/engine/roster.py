"""A roster folder, and side folders that add to it, as DuckDB tables of trimmed texts: `raw_<table>`."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from cersgroups.core.error import DataStop
from cersgroups.core.roster import TABLES, Column, Table
from cersgroups.engine.cell import Where, check_cells, line_in, trimmed
from cersgroups.engine.database import Connection, name, text


@dataclass(frozen=True)
class RosterFolder:
    """A folder of `<table>.csv` files; `labels` names the files as the person knows them, by table."""

    path: Path
    labels: Mapping[str, str] = field(default_factory=dict)

    def file(self, table: Table) -> Path:
        return self.path / f"{table.name}.csv"

    def label(self, table: Table) -> str:
        return self.labels.get(table.name) or f"{table.name}.csv"


def raw(table: Table) -> str:
    return f"raw_{table.name}"


class RawRoster:
    """Loads folders one after the other and remembers which rows came from which file."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._origins: dict[str, list[tuple[int, Where]]] = {}

    def load(self, base: RosterFolder, sides: Sequence[RosterFolder] = ()) -> None:
        """Fill `raw_<table>` for every table. Raises DataStop for a file that is no CSV or lacks a column."""
        for table in TABLES.values():
            self._load(base, table, raw(table), table.required_names)
            self._origins[table.name] = [(0, line_in(base.file(table), base.label(table)))]
            for side in sides:
                if side.file(table).exists():
                    self._merge(side, table)
            check_cells(self._connection, table, raw(table), self.where(table))

    def where(self, table: Table) -> Where:
        """Says which file and line a row of `raw_<table>` came from."""
        origins = self._origins[table.name]

        def where(row: int) -> str:
            start, inner = max((o for o in origins if o[0] <= row), key=lambda o: o[0])
            return inner(row - start)

        return where

    def _load(self, folder: RosterFolder, table: Table, into: str, needed: Sequence[str]) -> list[str]:
        path, label = folder.file(table), folder.label(table)
        header = _header(path, label) if path.exists() else list(needed)
        missing = [column for column in needed if column not in header]
        if missing:
            raise DataStop(
                f"{label}: the column {', '.join(missing)} is missing. "
                f"It has {', '.join(header)}. Add the column, with this name in the first line."
            )
        columns = ", ".join(_cell(column, header) for column in table.columns)
        source = _read_csv(path, header) if path.exists() else _nothing(header)
        try:
            self._connection.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT {columns} FROM {source}")
        except (duckdb.IOException, duckdb.OutOfMemoryException):
            raise
        except duckdb.Error as e:
            raise DataStop(f"{label}: {csv_fault(path, len(header)) or _unread(e)}") from None
        return header

    def _merge(self, side: RosterFolder, table: Table) -> None:
        """Add the side's rows to the table, or replace the cells it fills where the key is known.

        A key column that may be blank and is missing from the side file fits every value.
        """
        needed = [column for column in table.key if column not in table.may_be_blank]
        header = self._load(side, table, "side", needed)
        check_cells(self._connection, table, "side", line_in(side.file(table), side.label(table)))
        key = [column for column in table.key if column in header]
        self._refuse_twice(side, table, key)
        same = " AND ".join(f"{_key(table, 'base', c)} IS NOT DISTINCT FROM {_key(table, 'side', c)}" for c in key)
        given = [column for column in table.column_names if column in header and column not in key]
        connection, into = self._connection, raw(table)
        origin = connection.execute(f"SELECT count(*) FROM {into}").fetchone()
        connection.execute(
            f"CREATE OR REPLACE TABLE fresh AS SELECT side.* FROM side WHERE NOT EXISTS "
            f"(SELECT 1 FROM {into} AS base WHERE {same})"
        )
        if given:
            cells = ", ".join(f"{name(c)} = coalesce(side.{name(c)}, base.{name(c)})" for c in given)
            connection.execute(f"UPDATE {into} AS base SET {cells} FROM side WHERE {same}")
        connection.execute(f"INSERT INTO {into} SELECT * FROM fresh")
        start = origin[0] if origin else 0
        self._origins[table.name].append((start, lambda _row: side.label(table)))

    def _refuse_twice(self, side: RosterFolder, table: Table, key: Sequence[str]) -> None:
        self._connection.execute("CREATE OR REPLACE TABLE side AS SELECT DISTINCT * FROM side")
        names = ", ".join(map(name, key))
        twice = self._connection.execute(
            f"SELECT {names} FROM side GROUP BY {names} HAVING count(*) > 1 LIMIT 1"
        ).fetchone()
        if twice:
            raise DataStop(
                f"{side.label(table)}: the key {' / '.join(map(str, twice))} "
                f"({', '.join(key)}) stands on several rows with different cells. Keep one of them."
            )


def _key(table: Table, alias: str, column: str) -> str:
    default = table.column(column).default
    cell = f"{alias}.{name(column)}"
    return f"coalesce({cell}, {text(default)})" if default is not None else cell


def _cell(column: Column, header: Sequence[str]) -> str:
    value = trimmed(name(column.name)) if column.name in header else "CAST(NULL AS VARCHAR)"
    return f"{value} AS {name(column.name)}"


def _nothing(header: Sequence[str]) -> str:
    columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {name(c)}" for c in header)
    return f"(SELECT {columns} WHERE false)"


def _read_csv(path: Path, header: Sequence[str]) -> str:
    """SQL: every cell as text, strictly: a fault raises (never `ignore_errors`: it loses rows in silence)."""
    columns = ", ".join(f"{text(c)}: 'VARCHAR'" for c in header)
    return (
        f"read_csv({text(str(path))}, columns = {{{columns}}}, auto_detect = false, header = true, "
        f"delim = ',', quote = '\"', escape = '\"', strict_mode = true, max_line_size = 4194304)"
    )


def _header(path: Path, label: str) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = [cell.strip() for cell in next(csv.reader(file), [])]
    except (UnicodeDecodeError, csv.Error) as e:
        raise DataStop(f"{label}: is no CSV in UTF-8 ({e}). Save it as CSV UTF-8.") from None
    if not any(header):
        raise DataStop(f"{label}: the first line has no column names.")
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise DataStop(f"{label}: the column {', '.join(twice)} stands twice in the first line. Keep one.")
    return header


def csv_fault(path: Path, width: int) -> str | None:
    """A sentence for the first thing that makes the file at `path` no CSV of `width` columns, or None."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for record in reader:
                if record and len(record) != width:
                    return (
                        f"line {line} has {len(record)} cells, but the first line names {width} columns. "
                        f"Check for a comma or a quote in a cell that is not quoted."
                    )
                line = reader.line_num + 1
    except UnicodeDecodeError:
        return f"line {line} or later is not UTF-8. Save the file as CSV UTF-8."
    except csv.Error as e:
        return f"line {line}: {e}. Check the quotes there: a quote inside a cell is written twice."
    return None


def _unread(e: duckdb.Error) -> str:
    """A sentence for a file in which no single fault was found."""
    why = str(e).strip().splitlines()[0]
    return f"cannot be read as CSV ({why}). Open it in a spreadsheet and save it as CSV UTF-8."
