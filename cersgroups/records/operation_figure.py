"""Figures of the whole installation, for monitoring: counts and ages by LEA number, nothing of a person or a name.

They come from one function of the database that runs as the tables' owner, so that the application can count over all
LEAs and still read no row of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Figure:
    """`label` is a state, a queue or the number of an LEA, as `name` needs; blank where there is one value only."""

    name: str
    label: str
    value: float


def read_figures() -> Sequence[Figure]:
    """All of them, as they are now; no scope is needed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, label, value FROM operation_figures()")
        return [Figure(*row) for row in cursor.fetchall()]
