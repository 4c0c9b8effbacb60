"""The connection to Aeries' SQL Server, and what its faults mean.

Nothing raised by the driver or SQLAlchemy leaves this file: their exceptions carry statements, and SQL Server's
messages may carry a cell. Of a message only the names of our own tables and columns are taken.
"""

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import certifi
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from cersgroups.core import environment
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.sources.aeries_database_table import AERIES_TABLES, grant

REQUIRED, VERIFIED, OFF = "required", "verified", "off"

_LOGIN_SECONDS = 20
_SILENCE_SECONDS = 300
"""The longest time without an answer; of the whole process, says pymssql."""

_NAMED = re.compile(r"'(?:dbo\.)?(\w+)'")
_DB_LIBRARY = re.compile(r"DB-Lib error message (\d+)")
_PERMISSION = (229, 230)
_NO_TABLE, _NO_COLUMN, _DEADLOCK = 208, 207, 1205
_UNREACHABLE = frozenset((20009, 20012, 20013))
_REFUSED, _NO_SESSION = 20018, 20002
_GONE = frozenset((20003, 20004, 20006, 20017, 20047))
_BROKEN = "the server stopped answering, or the connection broke. Nothing of what was read is used. Try again."
_conf_lock = threading.Lock()


@dataclass(frozen=True)
class Place:
    """Where the database is, and as whom to read it.

    `encryption`: one of REQUIRED, VERIFIED, OFF; `authority`: PEM of who vouches for it, blank for the usual ones.
    """

    host: str
    port: int
    database: str
    login: str
    password: str = field(repr=False)
    encryption: str = REQUIRED
    authority: str = ""


@contextmanager
def connected(place: Place) -> Iterator[Connection]:
    """A connection for reading. Raises RequestStop without the driver, DataStop if the server refuses or is gone."""
    if find_spec("pymssql") is None:
        raise RequestStop(
            "The driver for SQL Server is missing. Install it: pip install 'cersgroups[sqlserver]' "
            "(it needs no system packages)."
        )
    engine = _engine(place)
    try:
        connection = _open(engine, place)
        try:
            yield connection
        finally:
            _close(connection)
    finally:
        engine.dispose()


def _open(engine: Engine, place: Place) -> Connection:
    try:
        return engine.connect()
    except DBAPIError as e:
        raise DataStop(f"Aeries database: {_why_no_connection(place, e.orig)}") from None
    except SQLAlchemyError as e:
        raise DataStop(f"Aeries database: connecting failed ({type(e).__name__}).") from None


@contextmanager
def told(login: str, doing: str) -> Iterator[None]:
    """What goes wrong with the database while `doing` (such as "reading STU") is told as a sentence (DataStop)."""
    try:
        yield
    except DBAPIError as e:
        raise DataStop(f"Aeries database: {doing} failed: {_what_went_wrong(e.orig, login)}") from None
    except SQLAlchemyError as e:
        raise DataStop(f"Aeries database: {doing} failed ({type(e).__name__}).") from None


def _engine(place: Place) -> Engine:
    """The place stays out of the URL, and parameters out of messages."""
    return create_engine(
        "mssql+pymssql://",
        creator=lambda: _connect(place),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _connect(place: Place) -> Any:
    import pymssql

    with _configured(place):
        return pymssql.connect(
            server=place.host,
            port=str(place.port),
            user=place.login,
            password=place.password,
            database=place.database,
            encryption="off" if place.encryption == OFF else "require",
            login_timeout=_LOGIN_SECONDS,
            timeout=_SILENCE_SECONDS,
            appname="cersgroups",
            autocommit=True,
        )


@contextmanager
def _configured(place: Place) -> Iterator[None]:
    """FreeTDS learns whom to trust from a file alone, named by the environment, which it reads while it connects.

    One connection is made at a time, so that no other reads that file.
    """
    with _conf_lock, _trusting(place) if place.encryption == VERIFIED else nullcontext():
        yield


@contextmanager
def _trusting(place: Place) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="cersgroups-tds-") as folder:
        authority = Path(folder) / "authority.pem"
        authority.write_text(place.authority or Path(_authorities()).read_text(encoding="utf-8"), encoding="utf-8")
        conf = Path(folder) / "freetds.conf"
        conf.write_text(f"[global]\nencryption = require\nca file = {authority}\ncheck certificate hostname = yes\n")
        before = os.environ.get("FREETDSCONF")
        os.environ["FREETDSCONF"] = str(conf)
        try:
            yield
        finally:
            del os.environ["FREETDSCONF"]
            if before is not None:
                os.environ["FREETDSCONF"] = before


def _authorities() -> str:
    """As for other sources: the LEA's own list where the environment names one, else certifi's."""
    return environment.text("SSL_CERT_FILE", certifi.where())


def _close(connection: Connection) -> None:
    """A connection that is broken may fail to close; what broke it has been told."""
    try:
        connection.close()
    except (DBAPIError, SQLAlchemyError):
        connection.invalidate()


def _why_no_connection(place: Place, fault: object) -> str:
    """By DB-Library's numbers in the message: pymssql's own number may still be that of an earlier connection."""
    _, message = _number_and_message(fault)
    numbers = {int(number) for number in _DB_LIBRARY.findall(message)}
    where = f"{place.host}:{place.port}"
    if numbers & _UNREACHABLE:
        return f"{where} cannot be reached. Check the host, the port and the firewall."
    if _REFUSED in numbers:
        return _why_refused(place)
    if _NO_SESSION in numbers and place.encryption == OFF:
        return f"{where} answers, but not as SQL Server does without encryption. Check the port and the encryption."
    if _NO_SESSION in numbers:
        certificate = " Its certificate must be of that host and vouched for." if place.encryption == VERIFIED else ""
        return f"{where} answers, but no encrypted connection came about. Check port and encryption.{certificate}"
    return f"{where} cannot be signed in to: {_BROKEN}"


def _why_refused(place: Place) -> str:
    """The server says the same of a wrong password and of a database that is not there: so ask once without one."""
    try:
        _connect(replace(place, database="")).close()
    except Exception:  # whatever it is, the answer is no
        return (
            "the server refuses the login, its password or the database. Check all three: the login must be one of SQL "
            f"Server's own, may sign in, and has a user in {place.database}."
        )
    return (
        f"the login is right, but there is no database {place.database}, or the login has no user in it. Check the "
        "name of the database, or make that user."
    )


def _what_went_wrong(fault: object, login: str) -> str:
    number, message = _number_and_message(fault)
    names = _NAMED.findall(message)
    table = next((name for name in names if name in AERIES_TABLES), "")
    if number in _PERMISSION:
        run = f" Let the database's administrator run: {grant(table, login)}" if table else ""
        return f"the login may not read {table or 'a table'}.{run}"
    if number == _NO_TABLE:
        return f"there is no table {table or 'of that name'}. Check that this is an Aeries database."
    if number == _NO_COLUMN:
        return f"a column is missing{_of_column(names)}. This Aeries is of a version that we do not know."
    if number == _DEADLOCK:
        return "the server ended it in favour of somebody else's work. Try again."
    if number in _GONE or not number:
        return _BROKEN
    return f"SQL Server's error {number}."


def _of_column(names: list[str]) -> str:
    ours = {column for table in AERIES_TABLES.values() for column in table.columns.keys()}  # noqa: SIM118
    found = next((name for name in names if name in ours), "")
    return f" ({found})" if found else ""


def _number_and_message(fault: object) -> tuple[int, str]:
    """pymssql gives (number, message in bytes), at times within another tuple, at times a text alone."""
    args: Any = getattr(fault, "args", ())
    while len(args) == 1 and isinstance(args[0], tuple):
        args = args[0]
    if len(args) >= 2 and isinstance(args[0], int):
        message = args[1]
        return args[0], message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return 0, str(args[0]) if args else ""
