"""A real lock before each step of progress that a job writes of its record: a test lets the job go on step by step."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.sql import SQL, Identifier

from cersgroups.jobs.progress import SECONDS
from cersgroups.records.server import EmbeddedServer
from tests.e2e.site import Site

_KEY = 20_263
_LIMIT = 60
_TRIGGER = """
CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock({key}); RETURN NEW; END $$;
CREATE TRIGGER gate BEFORE UPDATE OF message ON {table}
    FOR EACH ROW WHEN (NEW.state = {state}) EXECUTE FUNCTION wait_at_gate();
"""
_STATES = {"extract": "building", "snapshot": "converting"}
"""By table: of a record in this state a job says how far it is."""


class Gate:
    """Closed at first, and again after each step."""

    def __init__(self, holder: "psycopg.Connection[tuple[object, ...]]", url: str) -> None:
        self._holder, self._url = holder, url
        self._lock(holder)

    def step(self) -> None:
        """Wait until the job wants to write how far it is, for long enough to write the next step too; let it."""
        self._wait_for(1, SECONDS + 0.2)
        following = psycopg.connect(self._url, autocommit=True)
        with ThreadPoolExecutor(1) as pool:  # in the queue behind the job before it may go on: nothing slips through
            taken = pool.submit(self._lock, following)
            self._wait_for(2, 0)
            self._holder.close()
            taken.result(_LIMIT)
        self._holder = following

    def open(self) -> None:
        """Hold nothing up any more."""
        self._holder.close()

    def _wait_for(self, waiting: int, seconds: float) -> None:
        asked = f"""SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.objid = {_KEY} AND NOT l.granted
            AND clock_timestamp() - a.query_start >= make_interval(secs => {seconds})"""
        deadline = time.monotonic() + _LIMIT
        while self._holder.execute(asked).fetchone() != (waiting,):
            assert time.monotonic() < deadline, "the job does not write how far it is"
            time.sleep(0.05)

    @staticmethod
    def _lock(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        connection.execute(f"SELECT pg_advisory_lock({_KEY})")


@contextmanager
def gate(site: Site, table: Literal["extract", "snapshot"]) -> Iterator[Gate]:
    """The gate on the records of this table in the site's database, as its superuser."""
    server = EmbeddedServer(Path(site.environment["CERSGROUPS_DATA"]) / "postgres")
    url = server.url("postgres")
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute(SQL(_TRIGGER).format(key=_KEY, table=Identifier(table), state=_STATES[table]))
        closed = Gate(psycopg.connect(url, autocommit=True), url)
        try:
            yield closed
        finally:
            closed.open()
            superuser.execute("DROP FUNCTION wait_at_gate CASCADE")
