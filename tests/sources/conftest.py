"""An Aeries-shaped database, for the tests of the source that reads it."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.sources.aeries_schema import (
    ELEMENTARY,
    ELEMENTARY_MASTER,
    FIRST_DAY,
    FLEX,
    LAST_DAY,
    MASTER,
    create_tables,
    drop_tables,
    put,
)
from tests.sources.aeries_stage import aeries_database

_SHAPES = {ELEMENTARY: ("1", -1, 5), ELEMENTARY_MASTER: ("2", 0, 6), MASTER: ("0", 6, 8), FLEX: ("3", 9, 12)}
"""LOC.E with lowest and highest grade."""


@pytest.fixture(scope="module")
def empty_aeries(django_db_setup: None) -> Iterator[psycopg.Connection]:  # noqa: ARG001 - it runs the server
    with aeries_database() as connection:
        yield connection


@pytest.fixture
def aeries(empty_aeries: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Four schools, one of each shape, with a term each."""
    create_tables(empty_aeries)
    put(empty_aeries, "LOC", CD=0, NM="Fig Unified  ", CC="19", DC="64212", SC="0000000", TG=" ", E="2")
    for school_id, (code, lowest, highest) in _SHAPES.items():
        cells = {"CC": "19", "DC": "64212", "SC": f"19303{school_id}", "E": code, "LO": lowest, "HI": highest}
        put(empty_aeries, "LOC", CD=school_id, NM=f"School {school_id} ", **cells)
        put(empty_aeries, "TRM", SC=school_id, TM="Y", D1=FIRST_DAY, D2=LAST_DAY)
    yield empty_aeries
    drop_tables(empty_aeries)
