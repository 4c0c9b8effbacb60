"""The worker's own way to the database: it notices when a statement got no answer.

Then nobody knows whether a job was taken, or that it ended, and it would stay `doing` as long as its worker lives: the
worker must begin anew (jobs/worker.py).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector


class Connector(PsycopgConnector):
    """`lost` is set once the database did not answer."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.lost = asyncio.Event()

    @classmethod
    def of_django(cls) -> "Connector":
        return cls(kwargs=connector_params())

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        with self._noticing():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        with self._noticing():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        with self._noticing():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except ConnectorException as fault:
            if isinstance(fault.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
                self.lost.set()
            raise
