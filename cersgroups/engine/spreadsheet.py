"""CSV files for people: a spreadsheet opens them as UTF-8, and takes no cell for a formula."""

import codecs
import shutil
from collections.abc import Sequence
from pathlib import Path

from cersgroups.engine.database import Connection, text

HARMLESS = "CASE WHEN regexp_matches({0}, '^[=+@\\t\\r-]') THEN chr(39) || {0} ELSE {0} END"
"""SQL: `harmless` of a cell; a test holds them equal."""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def write_spreadsheet(connection: Connection, header: Sequence[str], query: str, path: Path) -> None:
    """Write the rows of `query`, in its order, below the header; blank for NULL. There may be millions."""
    rows = path.with_suffix(".rows")
    connection.execute(f"COPY ({query}) TO {text(str(rows))} (FORMAT csv, HEADER false)")
    with path.open("wb") as file, rows.open("rb") as body:
        file.write(codecs.BOM_UTF8 + ",".join(header).encode() + b"\n")
        shutil.copyfileobj(body, file, 1 << 20)
    rows.unlink()
