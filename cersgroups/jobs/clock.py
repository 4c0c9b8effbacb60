"""When the clock of the machine jumps, a worker must begin anew, or its periodic tasks stop.

Source: Procrastinate (periodic.py) enqueues a periodic task once for every moment that a jump forward left out (of a
day: tens of thousands), and after a jump back not before the clock shows again what it showed.
"""

import asyncio
import time

from procrastinate.connector import BaseAsyncConnector

JUMP_SECONDS = 60.0
_LOOK_SECONDS = 1.0

_FORGET = "DELETE FROM procrastinate_periodic_defers WHERE defer_timestamp > %(now)s"


async def jumped() -> None:
    """Ends when the clock has been put forward or back by a minute or more; or the machine slept so long."""
    ahead = _ahead()
    while abs(_ahead() - ahead) < JUMP_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)


async def forget_the_future(connector: BaseAsyncConnector) -> None:
    """What was enqueued for moments that come once more, as the clock was put back, does not count as enqueued."""
    await connector.execute_query_async(_FORGET, now=int(time.time()))


def _ahead() -> float:
    return time.time() - time.monotonic()
