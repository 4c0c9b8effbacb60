"""A worker takes no job while the tables are of another version than the program: it would fail one after the other.

During an upgrade another machine brings them up to date while workers of the old version still run, or a new one starts
before that is done.
"""

import asyncio

from django.db import DatabaseError, connection

from cersgroups.records.readiness import tables_fit

LOOK_SECONDS = 10.0


async def changed() -> None:
    """Ends when the tables are no longer of this version."""
    while await fit():
        await asyncio.sleep(LOOK_SECONDS)


async def fit() -> bool:
    """Whether they are of this version. A database that does not answer is another matter (connector.py)."""
    return await asyncio.to_thread(_fit)


def _fit() -> bool:
    try:
        return tables_fit()
    except DatabaseError:
        return True
    finally:
        connection.close()
