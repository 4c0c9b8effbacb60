"""One reading of the Aeries database: its rows streamed, so that memory does not grow with a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from cersgroups.core.error import DataStop
from cersgroups.sources.aeries_database_cell import CellError
from cersgroups.sources.aeries_database_connection import told
from cersgroups.sources.aeries_database_statement import Statement
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Reading:
    """What the steps of a sync share.

    `login` is for sentences that say what to grant; `as_of` says which school year is meant.
    """

    connection: Connection
    login: str
    as_of: date
    tables: RosterTables
    tally: Tally

    def rows(self, statement: Statement, names: str) -> Iterator[Row[Any]]:
        """The rows as they come; `names` are the tables read. Raises DataStop if the database fails, at any row."""
        streaming = self.connection.execution_options(yield_per=ROWS_AT_ONCE)
        with told(self.login, f"reading {names}"), streaming.execute(statement) as result:
            for rows in result.partitions():
                yield from rows


@contextmanager
def cells_of(names: str) -> Iterator[None]:
    """A cell that cannot be read is told with its tables (DataStop)."""
    try:
        yield
    except CellError as e:
        raise DataStop(f"Aeries database: {names}: {e}. Correct it in Aeries.") from None
