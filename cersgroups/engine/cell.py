"""Cells: from the text of a CSV file to the type of their column, or a sentence that names file and line."""

import csv
from collections.abc import Callable
from pathlib import Path

from cersgroups.core.error import DataStop
from cersgroups.core.roster import LIST_SEPARATOR, Column, Table
from cersgroups.engine.database import Connection, name, text

_BLANKS = " \t\r\n\u00a0\ufeff"
"""What is trimmed at both ends of a cell: no id differs only by one of these."""

_MEANT = {
    "date": "a date, written as 2026-08-31",
    "boolean": "true or false",
    "integer": "a school year of four digits (2027 is 2026-27)",
}


def trimmed(expression: str) -> str:
    """SQL: the cell without blanks around it; NULL if nothing is left."""
    return f"nullif(trim({expression}, {text(_BLANKS)}), '')"


def typed(column: Column, expression: str) -> str:
    """SQL: a trimmed cell in its column's type; NULL if it is blank or does not fit."""
    if column.kind == "date":
        return (
            f"CASE WHEN regexp_full_match({expression}, '\\d{{4}}-\\d{{2}}-\\d{{2}}') "
            f"THEN TRY_CAST({expression} AS DATE) END"
        )
    if column.kind == "boolean":
        return f"coalesce(CASE lower({expression}) WHEN 'true' THEN true WHEN 'false' THEN false END, {column.default})"
    if column.kind == "integer":
        return f"CASE WHEN regexp_full_match({expression}, '\\d{{4}}') THEN CAST({expression} AS INTEGER) END"
    if column.kind == "list":
        return (
            f"list_filter(list_transform(string_split(coalesce({expression}, ''), '{LIST_SEPARATOR}'), "
            f"lambda x: trim(x, {text(_BLANKS)})), lambda x: x <> '')"
        )
    if column.kind == "grade":
        return (
            f"CASE WHEN regexp_full_match({expression}, '[0-9]') THEN '0' || {expression} ELSE upper({expression}) END"
        )
    if column.choices:
        return f"coalesce(lower({expression}), {_default(column)})"
    return expression


def _default(column: Column) -> str:
    return "NULL" if column.default is None else text(column.default)


def _misfit(column: Column, expression: str) -> str | None:
    """SQL: true where a filled cell does not fit its column; None if every text fits."""
    if column.kind in ("date", "integer"):
        return f"{expression} IS NOT NULL AND {typed(column, expression)} IS NULL"
    if column.kind == "boolean":
        return f"lower({expression}) NOT IN ('true', 'false')"
    if column.choices:
        return f"lower({expression}) NOT IN ({', '.join(map(text, column.choices))})"
    return None


def check_cells(connection: Connection, table: Table, raw: str, where: "Where") -> None:
    """Stop at the first cell of the table `raw` (trimmed texts) that does not fit its column.

    Raises DataStop with file, line, column and value.
    """
    misfits = {c: sql for c in table.columns if (sql := _misfit(c, name(c.name))) is not None}
    if not misfits:
        return
    firsts = ", ".join(f"min(rowid) FILTER (WHERE {sql})" for sql in misfits.values())
    found = connection.execute(f"SELECT {firsts} FROM {raw}").fetchone() or ()
    bad = [(row, column) for row, column in zip(found, misfits, strict=True) if row is not None]
    if not bad:
        return
    row, column = min(bad, key=lambda pair: pair[0])
    [value] = connection.execute(f"SELECT {name(column.name)} FROM {raw} WHERE rowid = ?", [row]).fetchone() or ("",)
    meant = _MEANT.get(column.kind) or f"one of {', '.join(column.choices)}"
    raise DataStop(f"{where(row)}: {column.name} is {value!r}. It must be {meant}, or blank.")


Where = Callable[[int], str]
"""Says where a row (counted from 0) of a table came from: the file and the line."""


def line_in(path: Path, label: str) -> Where:
    """Where rows of the CSV file at `path`, known to people as `label`, stand."""

    def where(row: int) -> str:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            records = (reader.line_num for record in reader if record)
            next(records, None)
            start = reader.line_num + 1
            for index, end in enumerate(records):
                if index == row:
                    return f"{label}, line {start}"
                start = end + 1
        return f"{label}, record {row + 1}"

    return where
