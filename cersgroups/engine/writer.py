"""The files of an extract, written batch by batch while later ones are still being built."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cersgroups.core.error import DataStop
from cersgroups.core.student_group import HEADER, MAX_ROWS
from cersgroups.engine.database import Connection, text
from cersgroups.engine.member import SSID_LINE
from cersgroups.engine.student_group import GROUP_NAME

_FIRST_LINE = (",".join(HEADER) + "\n").encode()
_GROUPS = 100
"""Groups fetched at a time: their texts are joined while they are still in the processor's cache."""

_PREFIXED = f"SELECT *, concat({GROUP_NAME}, ',', cds_code, ',', school_year, ',', subject, ',') AS prefix FROM {{0}}"
"""SQL: the groups of a batch with the first four cells, which are the same on all lines of a group."""

_LINES = f"""concat(
    array_to_string(list_transform(users, lambda login, place:
        concat(prefix, substr(ssids, (place - 1) * {SSID_LINE} + 1, {SSID_LINE - 1}), ',', login, chr(10))), ''),
    CASE WHEN students > len(users) THEN prefix END,
    replace(substr(ssids, len(users) * {SSID_LINE} + 1), chr(10), concat(',', chr(10), prefix)),
    CASE WHEN students > len(users) THEN concat(',', chr(10)) END)"""
"""SQL: all lines of a group as one text, far quicker than rows: first those that carry a user, then the others.

In the others the line ends of the SSIDs are replaced by what stands between two SSIDs of the file.
"""


class Writer:
    """Writes the groups of batches, in order, to files of at most MAX_ROWS rows, each of whole schools."""

    def __init__(self, connection: Connection, folder: Path, finished: Callable[[Path], None]) -> None:
        self._connection = connection
        self._folder = folder
        self._finished = finished
        self._file: BinaryIO | None = None
        self._filled = 0
        self.files: list[Path] = []
        self.records = 0
        self.groups = 0

    def write_batch(self, number: int) -> None:
        """Write `batch_<number>` and drop it. Raises DataStop for a school that no file can hold."""
        batch = f"batch_{number}"
        schools = self._connection.execute(
            f"SELECT cds_code, CAST(sum(rows) AS BIGINT), count(*) FROM {batch} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        first = 0
        for place, (_, rows, groups) in enumerate(schools):
            if rows > MAX_ROWS:
                raise DataStop(f"One school alone has more than {MAX_ROWS:,} rows. Build it with fewer profiles.")
            if self._file is None or self._filled + rows > MAX_ROWS:
                self._write(batch, [code for code, _, _ in schools[first:place]])
                self.end_file()
                self._begin_file()
                first = place
            self._filled += rows
            self.records += rows
            self.groups += groups
        self._write(batch, [code for code, _, _ in schools[first:]])
        self._connection.execute(f"DROP TABLE {batch}")

    def end_file(self) -> None:
        """Close the file at hand, if there is one, and say that it is finished."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._finished(self.files[-1])

    def close(self) -> None:
        """Close what an interrupted build left open."""
        if self._file is not None:
            self._file.close()

    def _begin_file(self) -> None:
        path = self._folder / f"extract-{len(self.files) + 1}.csv"
        self._file = path.open("wb")
        self._file.write(_FIRST_LINE)
        self._filled = 0
        self.files.append(path)

    def _write(self, batch: str, cds_codes: list[str]) -> None:
        """Write the groups of these schools, which follow each other, to the file at hand."""
        if self._file is None or not cds_codes:
            return
        lines = self._connection.execute(
            f"SELECT {_LINES} FROM ({_PREFIXED.format(batch)}) "
            f"WHERE cds_code BETWEEN {text(cds_codes[0])} AND {text(cds_codes[-1])}"
        )
        while groups := lines.fetchmany(_GROUPS):
            self._file.write("".join([group for (group,) in groups]).encode())
