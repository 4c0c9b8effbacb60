"""The floor: DuckDB does nothing but write the finished rows, from Parquet to CSV, with two threads.

`python -m tests.bench.floor copy PARQUET FILE` is what is timed; `... keep FOLDER PARQUET` makes the Parquet
file of an extract's files before.
"""

import sys
from pathlib import Path

import duckdb

from tests.bench.district import files_of
from tests.bench.measurement import say, seconds_of

_THREADS = "2"


def keep(extract: Path, parquet: Path) -> None:
    """Store the rows of all CSV files in `extract`, in their order, as Parquet."""
    files = ", ".join(f"'{path}'" for path in files_of(extract))
    duckdb.sql(f"COPY (FROM read_csv([{files}], all_varchar=true)) TO '{parquet}' (FORMAT parquet)")


def copy(parquet: Path, target: Path) -> None:
    """Write the stored rows as one CSV file; the COPY alone is timed."""
    connection = duckdb.connect(config={"threads": _THREADS})
    connection.execute("SET enable_progress_bar = false")
    say(seconds_of(lambda: connection.execute(f"COPY (FROM '{parquet}') TO '{target}' (FORMAT csv, HEADER)")))


if __name__ == "__main__":
    {"keep": keep, "copy": copy}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
