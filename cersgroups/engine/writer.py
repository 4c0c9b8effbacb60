"""The files of an extract, written while later batches are still being built."""

from pathlib import Path

from cersgroups.core.error import DataStop
from cersgroups.core.student_group import HEADER, MAX_ROWS
from cersgroups.engine.database import Connection, text

_ALL_BATCHES = 2**31 - 1


class Writer:
    """Writes pending groups to files of at most MAX_ROWS rows, each of whole schools."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self.files: list[Path] = []
        self.records = 0
        self.groups = 0

    def write_full_files(self, done: int) -> None:
        """Write files while more is pending than one holds; batches after number `done` are not ready."""
        ready = f"batch <= {done}"
        while self._rows(ready) > MAX_ROWS:
            self._write(f"{ready} AND cds_code <= {text(self._last_school_that_fits(ready))}")

    def write_rest(self) -> None:
        """Write what is left when all batches are done."""
        self.write_full_files(_ALL_BATCHES)
        if self._rows("true"):
            self._write("true")

    def _rows(self, condition: str) -> int:
        row = self._connection.execute(f"SELECT coalesce(sum(rows), 0) FROM pending WHERE {condition}").fetchone()
        return int(row[0]) if row else 0

    def _last_school_that_fits(self, ready: str) -> str:
        fitting = self._connection.execute(
            f"SELECT max(cds_code) FROM (SELECT cds_code, sum(sum(rows)) OVER (ORDER BY cds_code) AS upto "
            f"FROM pending WHERE {ready} GROUP BY cds_code) WHERE upto <= ?",
            [MAX_ROWS],
        ).fetchone()
        if not fitting or fitting[0] is None:
            raise DataStop(f"One school alone has more than {MAX_ROWS:,} rows. Build it with fewer profiles.")
        return str(fitting[0])

    def _write(self, condition: str) -> None:
        """Write the pending groups that meet the condition, in their order, which is kept while unnesting.

        The first four cells are the same on all rows of a group, so they are made once, as one column whose
        name holds the commas too. Rows are made first and copied then: copied while unnesting, each group
        would be a block of its own, which is slow.
        """
        path = self._folder / f"extract-{len(self.files) + 1}.csv"
        first_four, ssid, login = ",".join(HEADER[:4]), HEADER[4], HEADER[5]
        self._connection.execute(
            f"""
            CREATE TEMP TABLE chosen AS SELECT * FROM pending WHERE {condition} ORDER BY cds_code, name, n;
            DELETE FROM pending WHERE {condition};
            CREATE TEMP TABLE written AS
            SELECT first_four AS "{first_four}", lpad(CAST(ssid AS VARCHAR), 10, '0') AS {ssid}, login AS {login}
            FROM (
                SELECT concat(name, CASE WHEN contains(name, ' ') THEN ' ' ELSE '_' END, n, ',', cds_code, ',',
                              school_year, ',', subject) AS first_four,
                       unnest(ssids) AS ssid, unnest(users) AS login
                FROM chosen
            );
            COPY written TO {text(str(path))}
                (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '', ESCAPE '', NULL '');
            DROP TABLE written
            """
        )
        counts = self._connection.execute("SELECT coalesce(sum(rows), 0), count(*) FROM chosen").fetchone() or (0, 0)
        self._connection.execute("DROP TABLE chosen")
        self.records += int(counts[0])
        self.groups += int(counts[1])
        self.files.append(path)
