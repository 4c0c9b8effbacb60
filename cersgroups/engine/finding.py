"""Findings in the engine: rows gathered in one table, then told by code with their count, or written as CSV."""

from collections.abc import Sequence
from pathlib import Path

from cersgroups.core import finding_build, finding_roster, finding_source  # noqa: F401 - they register their kinds
from cersgroups.core.finding import KINDS, Finding
from cersgroups.engine.database import Connection, name, text
from cersgroups.engine.spreadsheet import HARMLESS, write_spreadsheet

_COLUMNS = ("code", "school_id", "table", "key", "value", "note")
IN_ORDER = ", ".join(f"coalesce({name(column)}, '')" for column in _COLUMNS)
"""SQL: the order of rows for people, by kind."""

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
    """Write all rows as CSV for people and spreadsheets, and at its end how many were not kept."""
    kinds = ", ".join(f"({text(kind.code)}, {text(kind.severity)}, {text(kind.advice)})" for kind in KINDS.values())
    cells = ", ".join(f"nullif({HARMLESS.format(name(column))}, '') AS {name(column)}" for column in _COLUMNS[1:])
    write_spreadsheet(
        connection,
        CSV_HEADER,
        f"""
        SELECT code, severity, message, * EXCLUDE (code, severity, message, not_kept) FROM (
            SELECT code, {cells}, false AS not_kept FROM finding_row
            UNION ALL
            SELECT code, NULL, NULL, NULL, NULL, format('and {{:,}} more', CAST(sum(rows) AS BIGINT)), true
            FROM finding_more GROUP BY code
        ) JOIN (VALUES {kinds}) kind (code, severity, message) USING (code)
        ORDER BY not_kept, code, {", ".join(map(name, _COLUMNS[1:]))}
        """,
        path,
    )
