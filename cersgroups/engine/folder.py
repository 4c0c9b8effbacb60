"""A snapshot back as a roster folder, the layout that everything else can read."""

from pathlib import Path

from cersgroups.core.roster import LIST_SEPARATOR, TABLES, Column
from cersgroups.engine.database import connect, name, text
from cersgroups.engine.snapshot import Snapshot


def write_folder(snapshot: Snapshot, folder: Path) -> None:
    """Write every table of the snapshot as `<table>.csv` into the existing `folder`."""
    with connect() as connection:
        for table in TABLES.values():
            cells = ", ".join(f"{_text(column)} AS {name(column.name)}" for column in table.columns)
            connection.execute(
                f"COPY (SELECT {cells} FROM {snapshot.parquet(table.name)}) "
                f"TO {text(str(folder / f'{table.name}.csv'))} (FORMAT csv, HEADER true)"
            )


def _text(column: Column) -> str:
    cell = name(column.name)
    return f"array_to_string({cell}, '{LIST_SEPARATOR}')" if column.kind == "list" else f"CAST({cell} AS VARCHAR)"
