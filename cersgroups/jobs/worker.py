"""The worker: runs jobs until it is told to stop. Any number of them, on any number of machines.

When the database is away it waits and begins anew: a new number, so that what it was doing counts as a dead worker's.
When the clock jumps it begins anew too (clock.py). While the tables are of another version it waits (tables.py).
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from cersgroups.actions.enqueue import ASKING, HEAVY, QUICK
from cersgroups.jobs import rescue, tables
from cersgroups.jobs.clock import forget_the_future, jumped
from cersgroups.jobs.connector import Connector

_log = logging.getLogger(__name__)

STOP_SECONDS = 10
PAUSE_SECONDS = 2.0
"""Before it looks again for a database that is away."""


def run_worker(*, concurrency: int = 1, wait: bool = True) -> bool:
    """Run jobs until SIGINT or SIGTERM; with `wait` False only those that are there.

    At a time: `concurrency` quick ones; as many heavy ones, but no more than there are processors, and two at least, so
    that a large LEA's build holds up no small one's; as many that ask a SIS as quick ones, and two at least.

    Says whether a job is still being done after STOP_SECONDS: then the program must be ended hard, and the job goes on
    with another worker, or when one starts again.
    """
    if not wait:
        asyncio.run(_run_once(concurrency))
        return False
    runner = asyncio.Runner()
    left = runner.run(_run(concurrency))
    if not left:
        runner.close()  # it waits for the threads of jobs
    return left


async def _run_once(concurrency: int) -> None:
    _have_threads(concurrency)
    with app.replace_connector(DjangoConnector().get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await _work(worker_app, [QUICK, HEAVY, ASKING], concurrency, wait=False)


async def _run(concurrency: int) -> bool:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await run_until_stopped(concurrency, stop)


async def run_until_stopped(concurrency: int, stop: asyncio.Event) -> bool:
    """Until `stop`, whatever happens meanwhile; whether a job is then left that does not end in time."""
    while not stop.is_set():
        await _until_tables_fit(stop)
        if stop.is_set():
            break
        try:
            if await run_until_lost(concurrency, stop):
                return True
        except (ConnectorException, OSError) as fault:
            _log.error("The database cannot be reached: %s", fault)
        if not stop.is_set():
            _log.warning("The worker begins anew, in %g s.", PAUSE_SECONDS)
            await _first({asyncio.create_task(stop.wait())}, PAUSE_SECONDS)
    return False


async def _until_tables_fit(stop: asyncio.Event) -> None:
    told = False
    while not stop.is_set() and not await tables.fit():
        if not told:
            _log.error("The tables are of another version than this program: no job is taken until they fit.")
        told = True
        await _first({asyncio.create_task(stop.wait())}, tables.LOOK_SECONDS)


async def run_until_lost(concurrency: int, stop: asyncio.Event) -> bool:
    """Until the database is lost, its tables change, the clock jumps, or `stop`; whether a job is then left that does
    not end in time."""
    connector = Connector.of_django()
    with app.replace_connector(connector) as worker_app:
        try:
            await worker_app.open_async()
            await forget_the_future(connector)
            # each queue has a worker of its own, so that none waits for another: no upload for a build, no build for a
            # SIS, and a dead worker's jobs for nothing
            at_once = {QUICK: concurrency, HEAVY: _heavy(concurrency), ASKING: _asking(concurrency), rescue.QUEUE: 1}
            _have_threads(sum(at_once.values()) + 1)  # one looks at the tables
            workers = {asyncio.create_task(_work(worker_app, [queue], count)) for queue, count in at_once.items()}
            reasons = (stop.wait(), connector.lost.wait(), jumped(), tables.changed())
            ends = {asyncio.create_task(reason) for reason in reasons}
            return await _watch(workers, ends, stop)
        finally:
            await connector.close_async()


def _heavy(concurrency: int) -> int:
    return max(2, min(concurrency, os.cpu_count() or 1))


def _asking(concurrency: int) -> int:
    """However few processors there are: what asks a SIS mostly waits for its answers."""
    return max(2, concurrency)


def _have_threads(count: int) -> None:
    """One for each job; asyncio by itself has few, for which all queues would wait."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(count))


async def _watch(workers: set[asyncio.Task[None]], ends: set[asyncio.Task[Any]], stop: asyncio.Event) -> bool:
    await _first(workers | ends)
    for worker in workers:
        worker.cancel()
    while left := {worker for worker in workers if not worker.done()}:
        await asyncio.wait(left, timeout=STOP_SECONDS + 2)
        if stop.is_set() and any(not worker.done() for worker in left):
            return True
    for end in ends:
        end.cancel()
    for worker in workers:
        if not worker.cancelled() and (fault := worker.exception()):
            _log.error("The worker has lost the database: %s", fault)
    return False


async def _first(tasks: set[asyncio.Task[Any]], timeout: float | None = None) -> None:
    await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


async def _work(worker_app: App, queues: list[str], at_once: int, *, wait: bool = True) -> None:
    name = "-".join(queues)
    await worker_app.run_worker_async(queues=queues, name=name, concurrency=at_once, wait=wait, **_settings())


def _settings() -> dict[str, Any]:
    return {
        "install_signal_handlers": False,
        "shutdown_graceful_timeout": STOP_SECONDS,
        "fetch_job_polling_interval": rescue.LOOK_SECONDS,
        "update_heartbeat_interval": rescue.HEARTBEAT_SECONDS,
        "stalled_worker_timeout": rescue.DEAD_AFTER_SECONDS,
        "delete_jobs": "successful",
        "task_middleware": [with_fresh_connection],
    }


def with_fresh_connection(job: Callable[[], Any], _context: object, _worker: object) -> Any:
    """A connection that broke since the last job of this thread is not used again; as Django does around requests."""
    close_old_connections()
    try:
        return job()
    finally:
        close_old_connections()
