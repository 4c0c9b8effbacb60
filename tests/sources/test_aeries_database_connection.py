"""The real driver (pymssql), over TLS, against a stand-in for SQL Server that asks PostgreSQL (aeries_sql_server.py).

Everything is as in use: the statements as SQLAlchemy writes them for SQL Server, FreeTDS, its faults.
"""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pymssql
import pytest
import sqlglot

from cersgroups.core.error import DataStop, RequestStop, Stop
from cersgroups.records.server import embedded_server
from cersgroups.sources import aeries_database_connection as connection
from cersgroups.sources.aeries_database import AERIES_DATABASE, database_of
from cersgroups.sources.aeries_database_connection import Place, connected, told
from cersgroups.sources.aeries_database_table import AERIES_TABLES, grants
from cersgroups.sources.live import Check, Target
from cersgroups.sources.tally import Tally
from tests.bench.measurement import measure
from tests.bench.source import settings_file
from tests.sources import tds_message as tds
from tests.sources.aeries_schema import FLEX, MASTER, put
from tests.sources.aeries_sql_server import LOGIN, PASSWORD, AeriesSqlServer, Manner
from tests.sources.aeries_stage import DATABASE, read

DAY = date(2026, 11, 24)
Aeries = psycopg.Connection


@pytest.fixture
def granted(aeries: Aeries) -> Iterator[Aeries]:
    """The database with a role that may read what our script grants, and nothing else."""
    aeries.execute(f"CREATE ROLE {LOGIN} LOGIN".encode())
    aeries.execute(f"GRANT USAGE ON SCHEMA dbo TO {LOGIN}".encode())
    for line in grants(LOGIN).splitlines():
        aeries.execute(sqlglot.transpile(line, read="tsql", write="postgres", identify=True)[0].encode())
    put(aeries, "CRS", CN="0101", CO="English – año")
    put(aeries, "STF", ID=1, LN="Ruiz", FN="Ana", EM="ana@stf.example", TG=None)
    put(aeries, "UGN", SID=1, UN="a", EM="ana@ugn.example")
    put(aeries, "MST", SC=MASTER, SE=1, PD="1", CN="0101", SM="Y", TN=301, PC=True)
    put(aeries, "STU", SC=MASTER, SN=1, ID=11, CID="7000000001", LN="Secretname", FN="Ada", GR=6, ED=date(2026, 8, 12))
    put(aeries, "STU", SC=FLEX, SN=1, ID=12, LN="Otherperson", FN="Bo", GR=9)
    put(aeries, "CAR", SC=MASTER, SN=1, SQ=1, SE=1, DS=date(2026, 8, 12))
    put(aeries, "SEC", SC=FLEX, SN=1, SE=5)
    put(aeries, "SGD", GI="7", GN="AVID", DX=date(2026, 12, 1), CG=True)
    yield aeries
    aeries.execute(f"DROP OWNED BY {LOGIN}".encode())
    aeries.execute(f"DROP ROLE {LOGIN}".encode())


@contextmanager
def server(folder: Path, manner: Manner | None = None) -> Iterator[AeriesSqlServer]:
    with AeriesSqlServer(embedded_server().url(LOGIN, DATABASE), folder, manner) as running:
        yield running


def settings(port: int, **changes: str) -> dict[str, str]:
    entered = {"host": "localhost", "port": str(port), "database": "DST{year}000VISTA", "login": LOGIN}
    return entered | {"password": PASSWORD} | changes


def fetched(entered: dict[str, str], folder: Path) -> dict[str, str]:
    """The files of a fetch, by name."""
    folder.mkdir()
    AERIES_DATABASE.fetch(entered, Target(DAY, folder, Tally()))
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def refusal(entered: dict[str, str], folder: Path) -> str:
    """What a fetch says that stops; the test of the connection says it too."""
    with pytest.raises(Stop) as stop:
        fetched(entered, folder)
    assert stop.value.__cause__ is None
    assert stop.value.__suppress_context__
    return str(stop.value)


def test_the_driver_reads_what_the_statements_mean(granted: Aeries, tmp_path: Path) -> None:
    assert granted
    straight = read(tmp_path / "straight", email_order="TCH, STF, UGN").folder
    with server(tmp_path) as running:
        found = fetched(settings(running.port, email="TCH, STF, UGN"), tmp_path / "driver")
        assert running.encrypted == 1
    assert found == {file.name: file.read_text(encoding="utf-8") for file in straight.iterdir()}
    assert "Secretname" in found["students.csv"]
    assert "English – año" in found["courses.csv"]
    assert found["rosters.csv"].count("\n") == 3


def test_every_part_can_be_tried_with_the_rights_of_our_script(granted: Aeries, tmp_path: Path) -> None:
    assert granted
    with server(tmp_path) as running:
        checks = AERIES_DATABASE.check(settings(running.port, email="UGN, STF, TCH"), DAY)
        assert all(sql.startswith("SELECT") for sql in running.statements)
    assert [check.what for check in checks] == ["Connection", *AERIES_TABLES, "School year"]
    assert all(check.ok for check in checks), checks


def test_a_right_that_is_missing_is_told_with_what_to_run(granted: Aeries, tmp_path: Path) -> None:
    granted.execute(f'REVOKE ALL ON dbo."CAR" FROM {LOGIN}'.encode())
    granted.execute(f'REVOKE ALL ("SC", "SE", "SN", "DS", "DE", "DEL") ON dbo."CAR" FROM {LOGIN}'.encode())
    with server(tmp_path) as running:
        said = refusal(settings(running.port), tmp_path / "driver")
        checks = AERIES_DATABASE.check(settings(running.port), DAY)
    assert said == (
        "Aeries database: reading CAR failed: the login may not read CAR. Let the database's administrator run: "
        "GRANT SELECT (SC, SN, SE, DS, DE, DEL) ON dbo.CAR TO [cersgroups];"
    )
    assert [check for check in checks if not check.ok] == [Check("CAR", False, said)]


def test_a_table_or_column_that_is_missing_is_named(granted: Aeries, tmp_path: Path) -> None:
    granted.execute('DROP TABLE dbo."SGS"')
    granted.execute('ALTER TABLE dbo."TCH" RENAME COLUMN "TLN" TO "LN"')
    with server(tmp_path) as running:
        checks = {
            check.what: check.sentence for check in AERIES_DATABASE.check(settings(running.port), DAY) if not check.ok
        }
    assert checks == {
        "SGS": "Aeries database: reading SGS failed: there is no table SGS. Check that this is an Aeries database.",
        "TCH": "Aeries database: reading TCH failed: a column is missing (TLN). "
        "This Aeries is of a version that we do not know.",
    }


def test_a_wrong_password_and_a_wrong_database_are_told_apart(granted: Aeries, tmp_path: Path) -> None:
    assert granted
    with server(tmp_path) as running:
        wrong = refusal(settings(running.port, password="wrong"), tmp_path / "password")  # noqa: S106 - wrong
        absent = refusal(settings(running.port, database="DST25000VISTA"), tmp_path / "database")
    assert wrong.startswith("Aeries database: the server refuses the login, its password or the database.")
    assert absent.startswith("Aeries database: the login is right, but there is no database DST25000VISTA")


def test_a_closed_port_is_told_even_after_a_wrong_password(granted: Aeries, tmp_path: Path) -> None:
    """pymssql keeps the number of the earlier fault."""
    assert granted
    with server(tmp_path) as running:
        refusal(settings(running.port, password="wrong"), tmp_path / "password")  # noqa: S106 - wrong
    said = refusal(settings(closed_port()), tmp_path / "closed")
    assert said.endswith("cannot be reached. Check the host, the port and the firewall.")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def test_a_server_without_encryption_gets_no_password(granted: Aeries, tmp_path: Path) -> None:
    assert granted
    with server(tmp_path, Manner(encryption=tds.ENCRYPTION_MISSING)) as running:
        said = refusal(settings(running.port), tmp_path / "refused")
        assert "no encrypted connection came about" in said
        assert running.encryptions == [tds.ENCRYPTION_ON]
        assert fetched(settings(running.port, encryption="off"), tmp_path / "off")


def test_a_certificate_is_checked_where_that_was_chosen(granted: Aeries, tmp_path: Path) -> None:
    assert granted
    with server(tmp_path) as running:
        vouched = {"encryption": "verified", "authority": running.authority.read_text()}
        assert fetched(settings(running.port, **vouched), tmp_path / "verified")
        for wrong in ({"encryption": "verified"}, vouched | {"host": "127.0.0.1"}):
            said = refusal(settings(running.port, **wrong), tmp_path / wrong.get("host", "nobody"))
            assert said.endswith("Its certificate must be of that host and vouched for.")
        assert running.statements


def test_a_server_that_goes_in_the_middle_of_a_table_stops_the_sync(granted: Aeries, tmp_path: Path) -> None:
    for number in range(2, 40):
        put(granted, "STU", SC=MASTER, SN=number, ID=number, LN="Secretname")
    with server(tmp_path, Manner(cut_after=30)) as running:
        said = refusal(settings(running.port), tmp_path / "cut")
    assert said == (
        "Aeries database: reading STU failed: the server stopped answering, or the connection broke. "
        "Nothing of what was read is used. Try again."
    )


@pytest.mark.thorough
def test_a_table_of_a_million_rows_takes_little_memory(granted: Aeries, tmp_path: Path) -> None:
    granted.execute(
        'INSERT INTO dbo."STU" ("SC", "SN", "ID", "CID", "LN", "FN", "GR", "ED") '
        "SELECT %s, number, number, 7000000000 + number, 'Secretname', 'Bo', 6, '2026-08-12' "
        "FROM generate_series(100, 1000100) number",
        [MASTER],
    )
    with server(tmp_path) as running:
        measured = measure(
            "tests.bench.source", "aeries_database", settings_file(tmp_path, settings(running.port)), tmp_path
        )
    assert measured.said["rows"] > 1_000_000
    assert measured.said["own_peak_mb"] < 500


def test_a_server_that_goes_while_it_is_tried_fails_the_tries_and_raises_nothing(
    granted: Aeries, tmp_path: Path
) -> None:
    assert granted
    with server(tmp_path, Manner(cut_after=0)) as running:
        checks = AERIES_DATABASE.check(settings(running.port), DAY)
    failed = {check.what for check in checks if not check.ok}
    assert {"LOC", "TRM", "STU", "School year"} <= failed
    assert all("stopped answering" in check.sentence for check in checks if not check.ok)


@pytest.mark.parametrize(
    ("number", "message", "said"),
    [
        (1205, "Transaction was deadlocked", "the server ended it in favour of somebody else's work. Try again."),
        (245, "Conversion failed when converting 'Secretname' to int", "SQL Server's error 245."),
        (230, "denied on the column 'CID' of the object 'STU'", "the login may not read STU."),
    ],
)
def test_of_other_faults_the_number_is_told_and_no_cell(
    granted: Aeries, tmp_path: Path, number: int, message: str, said: str
) -> None:
    assert granted
    with server(tmp_path, Manner(refused={"STU": (number, message)})) as running:
        found = refusal(settings(running.port), tmp_path / "refused")
    assert found.startswith(f"Aeries database: reading STU failed: {said}")
    assert "Secretname" not in found


def test_no_password_and_no_name_reaches_a_log(
    granted: Aeries, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    assert granted
    caplog.set_level(logging.DEBUG)
    with server(tmp_path) as running:
        fetched(settings(running.port), tmp_path / "good")
        refusal(settings(running.port, database="other"), tmp_path / "refused")
        AERIES_DATABASE.check(settings(running.port), DAY)
    out, err = capfd.readouterr()
    everything = caplog.text + out + err
    assert PASSWORD not in everything
    assert "Secretname" not in everything
    assert PASSWORD not in repr(Place("h", 1, "d", LOGIN, PASSWORD))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            pymssql.OperationalError(
                (20003, b"DB-Lib error message 20003, severity 6:\nTDS server connection timed out")
            ),
            "stopped answering",
        ),
        (
            pymssql.OperationalError((20047, b"DB-Lib error message 20047, severity 9:\nDBPROCESS is dead")),
            "stopped answering",
        ),
        (pymssql.InterfaceError("Connection is closed."), "stopped answering"),
        (pymssql.ProgrammingError((208, b"Invalid object name 'dbo.LOC'.")), "there is no table LOC"),
    ],
)
def test_the_drivers_exceptions_are_sentences(fault: Exception, said: str) -> None:
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DataStop, match=f"^Aeries database: reading LOC failed: .*{said}"), told(LOGIN, "reading LOC"):
        raise DBAPIError("SELECT secret", None, fault)


def test_without_the_driver_one_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "find_spec", lambda _: None)
    with (
        pytest.raises(RequestStop, match=r"pip install 'cersgroups\[sqlserver\]'"),
        connected(Place("h", 1, "d", "l", "p")),
    ):
        pass
    checks = AERIES_DATABASE.check(settings(1), DAY)
    assert [check.ok for check in checks] == [False]


def test_the_driver_is_only_imported_when_a_connection_is_made() -> None:
    script = "import sys, cersgroups.sources.live_kind; sys.exit('pymssql' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "school_year", "database"),
    [("DST{year}000VISTA", 2027, "DST26000VISTA"), ("DST{year}", 2009, "DST08"), ("Aeries", 2027, "Aeries")],
)
def test_the_database_of_a_year_is_named_by_its_first_half(name: str, school_year: int, database: str) -> None:
    assert database_of(name, school_year) == database


@pytest.mark.parametrize("host", ["sql.district.example", "10.0.0.8", r"SQL-1\AERIES", "localhost"])
def test_a_host_may_have_an_instance(host: str) -> None:
    assert AERIES_DATABASE.complete(settings(1433, host=host))["host"] == host


@pytest.mark.parametrize("host", [r"a\b\c", "sql:1433", "https://sql.example", "tcp:sql,1433", "two words", "[::1]"])
def test_what_is_no_host_is_refused_before_anything_is_sent(host: str) -> None:
    with pytest.raises(RequestStop, match=r"^Host: .* is no name of a server"):
        AERIES_DATABASE.complete(settings(1433, host=host))
    assert [check.ok for check in AERIES_DATABASE.check(settings(1433, host=host), DAY)] == [False]


@pytest.mark.parametrize("name", ["DST{yr}", "DST{year", "{}"])
def test_other_braces_are_refused(name: str) -> None:
    with pytest.raises(RequestStop, match=r"only \{year\} may stand in braces"):
        database_of(name, 2027)
    assert not AERIES_DATABASE.check(settings(1, database=name), DAY)[0].ok
