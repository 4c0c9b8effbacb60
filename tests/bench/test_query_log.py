"""The benchmark's count of queries."""

from collections.abc import Iterator

import psycopg
import pytest

from cersgroups.records.server import APP_ROLE, EmbeddedServer, database_server
from tests.bench.page_server import data_folder
from tests.bench.query_log import QueryLog


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedServer]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with data_folder() as folder:
        monkeypatch.setenv("CERSGROUPS_DATA", str(folder))
        with database_server() as server:
            assert server is not None
            yield server


def test_each_query_of_the_application_counts_once_however_it_is_sent(server: EmbeddedServer) -> None:
    log = QueryLog(server)
    with psycopg.connect(server.url(APP_ROLE)) as database:
        database.execute("")  # a pool asks so whether a connection lives
        database.execute("CREATE TEMPORARY TABLE oak (n int)")
        for n in range(10):  # the driver prepares it once it came five times
            database.execute("INSERT INTO oak VALUES (%s)", [n])
        with database.transaction():  # a savepoint
            assert database.execute("SELECT count(*) FROM oak").fetchone() == (10,)
    with psycopg.connect(server.url("postgres")) as another:
        another.execute("SELECT 1")
    assert log.count() == 12
    assert log.count() == 0
