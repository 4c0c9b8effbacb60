"""Findings in the engine: rows gathered in one table, then told by code with their count, or written as CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from cersgroups.core import finding_build, finding_roster, finding_source  # noqa: F401 - they register their kinds
from cersgroups.core.finding import KINDS, Finding
from cersgroups.engine.database import Connection, name

_COLUMNS = ("code", "school_id", "table", "key", "value", "note")
CSV_HEADER = ("code", "severity", "message", "school_id", "table", "key", "value", "note")


def create_findings(connection: Connection) -> None:
    """`finding_row`: one row behind a finding; `finding_more`: how many more there are that were not kept."""
    cells = ", ".join(f"{name(column)} VARCHAR" for column in _COLUMNS)
    connection.execute(f"CREATE TABLE finding_row ({cells}); CREATE TABLE finding_more (code VARCHAR, rows BIGINT)")


def keep_findings(connection: Connection, findings: Sequence[Finding]) -> None:
    """Add findings that were made elsewhere (by a source)."""
    for finding in findings:
        rows = [(finding.code, r.school_id, r.table, r.key, r.value, r.note) for r in finding.rows]
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            connection.execute("INSERT INTO finding_row SELECT " + ", ".join(["unnest(?)"] * 6), columns)
        if finding.count > len(rows):
            connection.execute("INSERT INTO finding_more VALUES (?, ?)", [finding.code, finding.count - len(rows)])


def count_findings(connection: Connection) -> dict[str, int]:
    """How many by code."""
    return dict(
        connection.execute(
            "SELECT code, CAST(sum(rows) AS BIGINT) FROM (SELECT code, 1 AS rows FROM finding_row "
            "UNION ALL SELECT * FROM finding_more) GROUP BY code ORDER BY code"
        ).fetchall()
    )


def tell_findings(counts: dict[str, int]) -> tuple[Finding, ...]:
    """Findings by code, warnings first."""
    findings = [Finding(code, count) for code, count in counts.items() if count]
    return tuple(sorted(findings, key=lambda f: (f.severity != "warning", f.code)))


def write_findings(connection: Connection, path: Path) -> None:
    """Write all rows as CSV for people and spreadsheets: what begins like a formula is shown as text."""
    columns = ", ".join(map(name, _COLUMNS))
    rows = connection.execute(f"SELECT {columns} FROM finding_row ORDER BY ALL")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(CSV_HEADER)
        while batch := rows.fetchmany(10_000):
            writer.writerows(_csv_rows(batch))
        for code, count in connection.execute("SELECT code, sum(rows) FROM finding_more GROUP BY 1").fetchall():
            kind = KINDS[code]
            writer.writerow([code, kind.severity, kind.advice, "", "", "", "", f"and {count:,} more"])


def _csv_rows(batch: Iterable[Sequence[str | None]]) -> Iterable[list[str]]:
    for code, *cells in batch:
        kind = KINDS[code or ""]
        yield [kind.code, kind.severity, kind.advice, *(harmless(cell or "") for cell in cells)]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


HARMLESS = "CASE WHEN regexp_matches({0}, '^[=+@\\t\\r-]') THEN chr(39) || {0} ELSE {0} END"
"""SQL: `harmless` of a cell; a test holds them equal."""
