"""The worker: runs jobs until it is told to stop. Any number of them, on any number of machines."""

import asyncio

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from cersgroups.actions.enqueue import ASKING
from cersgroups.jobs.rescue import DEAD_AFTER_SECONDS, HEARTBEAT_SECONDS, QUEUE

WORK = "default"


def run_worker(*, concurrency: int = 1, wait: bool = True) -> None:
    """Run jobs, `concurrency` at a time, until SIGINT or SIGTERM; with `wait` False only those that are there.

    A job that is being done when the worker is told to stop goes on elsewhere, or when a worker starts again.
    """
    connector = DjangoConnector().get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        asyncio.run(_run(worker_app, concurrency, wait))


async def _run(worker_app: App, concurrency: int, wait: bool) -> None:
    async with worker_app.open_async():
        if not wait:
            await _work(worker_app, concurrency, wait=False)
            return
        # rescuing has a worker of its own: a long build never keeps a dead worker's jobs waiting;
        # so has asking a SIS, which keeps no build waiting either
        beside = [asyncio.create_task(_rescue(worker_app)), asyncio.create_task(_ask(worker_app))]
        try:
            await _work(worker_app, concurrency, wait=True)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


async def _work(worker_app: App, concurrency: int, *, wait: bool) -> None:
    await worker_app.run_worker_async(
        queues=[WORK] if wait else [WORK, ASKING],
        name="work",
        concurrency=concurrency,
        wait=wait,
        install_signal_handlers=wait,
        shutdown_graceful_timeout=10,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=DEAD_AFTER_SECONDS,
        delete_jobs="successful",
    )


async def _ask(worker_app: App) -> None:
    await worker_app.run_worker_async(
        queues=[ASKING],
        name="asking",
        concurrency=2,
        install_signal_handlers=False,
        shutdown_graceful_timeout=10,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=DEAD_AFTER_SECONDS,
        delete_jobs="successful",
    )


async def _rescue(worker_app: App) -> None:
    await worker_app.run_worker_async(
        queues=[QUEUE],
        name="rescue",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=DEAD_AFTER_SECONDS,
        delete_jobs="successful",
    )
