"""An Aeries-shaped database, for the tests of the source that reads it."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.sources.aeries_schema import ELEMENTARY, FIRST_DAY, LAST_DAY, create_tables, drop_tables, put
from tests.sources.aeries_stage import aeries_database


@pytest.fixture(scope="module")
def empty_aeries(django_db_setup: None) -> Iterator[psycopg.Connection]:  # noqa: ARG001 - it runs the server
    with aeries_database() as connection:
        yield connection


@pytest.fixture
def aeries(empty_aeries: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Four schools, one of each shape, with a term each."""
    create_tables(empty_aeries)
    put(empty_aeries, "LOC", CD=0, NM="Fig Unified  ", CC="19", DC="64212", SC="0000000", TG=" ", E="2")
    for place, shape in enumerate("0123"):
        school_id = ELEMENTARY * (place + 1)
        put(
            empty_aeries,
            "LOC",
            CD=school_id,
            NM=f"School {shape} ",
            CC="19",
            DC="64212",
            SC=f"19303{school_id}",
            E=shape,
        )
        put(empty_aeries, "TRM", SC=school_id, TM="Y", D1=FIRST_DAY, D2=LAST_DAY)
    yield empty_aeries
    drop_tables(empty_aeries)
