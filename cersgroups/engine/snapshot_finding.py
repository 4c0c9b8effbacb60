"""The rows behind the findings of a roster, as its snapshot keeps them."""

from pathlib import Path

from cersgroups.engine.database import Connection, connect, reading
from cersgroups.engine.finding import create_findings, write_findings
from cersgroups.engine.snapshot import Snapshot

_COLUMNS = ("school_id", "table", "key", "value", "note")


def read_finding_rows(snapshot: Snapshot, code: str, *, start: int, limit: int) -> list[dict[str, str]]:
    """Rows of one kind of finding, from the `start`th on, by the columns of a finding; blank cells for nothing.

    They come in the order in which they are stored: to put a long finding in order for each page would take too long.
    """
    columns = ", ".join(f"""coalesce("{column}", '')""" for column in _COLUMNS)
    with reading() as connection:
        rows = connection.execute(
            f"SELECT {columns} FROM {snapshot.parquet('findings')} WHERE code = ? LIMIT ? OFFSET ?",
            [code, limit, start],
        ).fetchall()
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def count_finding_rows(snapshot: Snapshot, code: str) -> int:
    """How many rows of this kind were kept: of a kind that comes in bulk, fewer than there are."""
    with reading() as connection:
        [count] = connection.execute(
            f"SELECT count(*) FROM {snapshot.parquet('findings')} WHERE code = ?", [code]
        ).fetchone() or [0]
    return int(count)


def load_snapshot_findings(connection: Connection, snapshot: Snapshot) -> None:
    """Add the snapshot's rows to `finding_row`, and to `finding_more` how many more there were."""
    findings = snapshot.parquet("findings")
    connection.execute(f"INSERT INTO finding_row BY NAME SELECT * FROM {findings}")
    kept = dict(connection.execute(f"SELECT code, count(*) FROM {findings} GROUP BY code").fetchall())
    for code, count in snapshot.finding_counts.items():
        if count > kept.get(code, 0):
            connection.execute("INSERT INTO finding_more VALUES (?, ?)", [code, count - kept.get(code, 0)])


def write_snapshot_findings(snapshot: Snapshot, path: Path) -> None:
    """All rows as CSV, as `write_findings` writes them."""
    with connect() as connection:
        create_findings(connection)
        load_snapshot_findings(connection, snapshot)
        write_findings(connection, path)
