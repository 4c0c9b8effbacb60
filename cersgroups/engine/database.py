"""One DuckDB connection as everything here wants it: few threads, bounded memory, nothing downloaded."""

import atexit
import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

Connection = duckdb.DuckDBPyConnection

MEMORY_LIMIT = "300MB"
"""What DuckDB may hold before it spills to the workspace; the process stays well under 500 MB."""

_THREADS = min(os.cpu_count() or 2, 4)


@contextmanager
def connect(workspace: Path | None = None, memory_limit: str = MEMORY_LIMIT) -> Iterator[Connection]:
    """A connection whose tables live in memory and, beyond the limit, in a temporary folder in `workspace`.

    Raises OSError for a full disk and too little memory, KeyboardInterrupt for a query that a signal ended.
    """
    with TemporaryDirectory(prefix="cersgroups-", dir=workspace, ignore_cleanup_errors=True) as spill:
        connection = _open(spill, memory_limit)
        try:
            with _own_words():
                yield connection
        finally:
            connection.close()


@contextmanager
def reading() -> Iterator[Connection]:
    """A cursor of the one connection that a process keeps for short queries: to open one takes longer than they do.

    Make temporary tables only; they are the cursor's own and end with it. Raises what `connect` raises.
    """
    with _own_words(), _kept().cursor() as cursor:
        yield cursor


@cache
def _kept() -> Connection:
    spill = TemporaryDirectory(prefix="cersgroups-", ignore_cleanup_errors=True)
    atexit.register(spill.cleanup)
    return _open(spill.name, MEMORY_LIMIT)


def _open(spill: str, memory_limit: str) -> Connection:
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory_limit,
            "temp_directory": spill,
            "threads": str(_THREADS),
        },
    )
    # DuckDB's own bar would write into what we print.
    connection.execute("SET enable_progress_bar = false")
    return connection


@contextmanager
def _own_words() -> Iterator[None]:
    """What DuckDB says of the machine, as Python says it."""
    try:
        yield
    except RuntimeError as e:
        if str(e) != "Query interrupted":
            raise
        raise KeyboardInterrupt from None
    except duckdb.OutOfMemoryException as e:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)) from e
    except duckdb.IOException as e:
        number = re.search(r'"errno":"(\d+)"', str(e))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from e


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
