"""One DuckDB connection as everything here wants it: few threads, bounded memory, nothing downloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

Connection = duckdb.DuckDBPyConnection

MEMORY_LIMIT = "300MB"
"""What DuckDB may hold before it spills to the workspace; the process stays well under 500 MB."""

_THREADS = min(os.cpu_count() or 2, 4)


@contextmanager
def connect(workspace: Path | None = None, memory_limit: str = MEMORY_LIMIT) -> Iterator[Connection]:
    """A connection whose tables live in memory and, beyond the limit, in a temporary folder in `workspace`."""
    with TemporaryDirectory(prefix="cersgroups-", dir=workspace, ignore_cleanup_errors=True) as spill:
        connection = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "memory_limit": memory_limit,
                "temp_directory": spill,
                "threads": str(_THREADS),
            },
        )
        try:
            # DuckDB's own bar would write into what we print.
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


@contextmanager
def one_thread_each(connection: Connection) -> Iterator[None]:
    """Within it no query is shared among threads: for cursors that already run side by side."""
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {_THREADS}")


def text(value: str) -> str:
    """`value` as an SQL text literal (for places where DuckDB takes no parameter, such as file names)."""
    return "'" + value.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """`identifier` as an SQL name."""
    return '"' + identifier.replace('"', '""') + '"'
