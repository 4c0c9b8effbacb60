"""The figures of a finished extract, counted from its files: they say what CERS will get, not what was meant."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cersgroups.core.figure import SIZE_STEP, SIZE_STEPS, Figures, Share
from cersgroups.core.student_group import HEADER
from cersgroups.engine.database import Connection, connect
from cersgroups.engine.live import during
from cersgroups.engine.snapshot import Snapshot
from cersgroups.engine.student_group import read_rows

_NAME, _CDS, _SSID = HEADER[0], HEADER[1], HEADER[4]


def count_figures(
    snapshot: Snapshot, files: Sequence[Path], school_ids: Sequence[str], as_of: date, workspace: Path
) -> Figures:
    """Students enrolled on the day at these schools, how many are in a group of the files, and the groups' sizes."""
    with connect(workspace) as connection:
        rows = read_rows(files)
        connection.execute(
            f"CREATE TABLE member AS SELECT DISTINCT {_CDS} AS cds_code, CAST({_SSID} AS BIGINT) AS ssid_number "
            f"FROM {rows} WHERE {_SSID} <> ''"
        )
        return Figures(_shares(connection, snapshot, school_ids, as_of), _sizes(connection, rows))


def _shares(connection: Connection, snapshot: Snapshot, school_ids: Sequence[str], as_of: date) -> tuple[Share, ...]:
    counted = connection.execute(
        f"""
        SELECT s.school_id, coalesce(s.school_number, ''), coalesce(s.name, ''), coalesce(e.grade, ''),
               count(DISTINCT e.student_row), count(DISTINCT e.student_row) FILTER (WHERE m.ssid_number IS NOT NULL)
        FROM {snapshot.parquet("enrollments")} e
        JOIN {snapshot.parquet("schools")} s USING (school_row)
        LEFT JOIN member m ON m.cds_code = s.cds_code AND m.ssid_number = e.ssid_number
        WHERE s.school_id IN (SELECT unnest(?)) AND e.active AND {during(as_of, "e")}
        GROUP BY ALL ORDER BY ALL
        """,
        [list(school_ids)],
    ).fetchall()
    return tuple(Share(*row) for row in counted)


def _sizes(connection: Connection, rows: str) -> tuple[int, ...]:
    by_step = dict(
        connection.execute(
            f"SELECT (size - 1) // {SIZE_STEP}, count(*) FROM (SELECT count(*) AS size FROM {rows} "
            f"WHERE {_SSID} <> '' GROUP BY {_CDS}, {_NAME}) GROUP BY 1"
        ).fetchall()
    )
    return tuple(by_step.get(step, 0) for step in range(SIZE_STEPS))
