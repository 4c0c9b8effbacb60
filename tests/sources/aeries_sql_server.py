"""A stand-in for Aeries' SQL Server: speaks TDS over TLS to the real driver, and asks PostgreSQL.

What comes as T-SQL is translated by a parser of T-SQL (sqlglot) and run in an Aeries-shaped schema, as the role of
the login's name: what PostgreSQL refuses is refused in SQL Server's words and numbers.

    with AeriesSqlServer(url_of_role) as server:
        ... server.port ...
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import sqlglot

from tests.sources import tds_message as tds
from tests.sources.self_signed import self_signed

DATABASE, LOGIN, PASSWORD = "DST26000VISTA", "cersgroups", "not a secret: §"
_ROWS_AT_ONCE = 2000
_INTEGERS, _BOOLEANS, _MOMENTS = (20, 21, 23), (16,), (1082, 1114)
"""Types of PostgreSQL."""

_ANSWERS = {
    "@@version": "Microsoft SQL Server 2022 (RTM) - 16.0.1000.6 (X64)",
    "schema_name()": "dbo",
    "nvarchar(max)": "test max support",
}
"""What SQLAlchemy asks a server when it first connects."""


@dataclass
class Manner:
    """What the stand-in does wrong. `cut_after`: rows of one answer after which it hangs up."""

    encryption: int = tds.ENCRYPTION_ON
    cut_after: int | None = None
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Table: error number and message."""


class AeriesSqlServer:
    """Runs in threads while in a `with`. `url` names the database and role in PostgreSQL."""

    def __init__(self, url: str, folder: Path, manner: Manner | None = None) -> None:
        self.url, self.manner = url, manner or Manner()
        self.statements: list[str] = []
        self.encryptions: list[int] = []
        self.encrypted = 0
        self.authority = folder / "authority.pem"
        self._context = self_signed(folder, self.authority)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = True

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> "AeriesSqlServer":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._listener.close()

    def _accept(self) -> None:
        while self._open:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, ConnectionError, ssl.SSLError, _HangUp), client:
            _Session(self, client, self._context).run()


class _HangUp(Exception):  # noqa: N818 - the client or the stand-in has ended the session
    pass


class _Session:
    """One connection of a client."""

    def __init__(self, server: AeriesSqlServer, client: socket.socket, context: ssl.SSLContext) -> None:
        self._server, self._client, self._context = server, client, context
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None

    def run(self) -> None:
        """From the first byte to the last."""
        _, asked = self._message(self._raw)
        wanted, offered = tds.wanted_encryption(asked), self._server.manner.encryption
        self._server.encryptions.append(wanted)
        self._client.sendall(tds.packets(tds.RESPONSE, tds.prelogin(offered)))
        if offered != tds.ENCRYPTION_MISSING and wanted != tds.ENCRYPTION_MISSING:
            self._encrypt()
        _, login = self._message(self._read)
        if not self._sign_in(tds.sign_in(login)):
            return
        with psycopg.connect(self._server.url) as database:
            while True:
                self._answer(database, *self._message(self._read))

    def _encrypt(self) -> None:
        """The handshake, whose records travel in packets of their own; after it packets travel in records."""
        self._tls = self._context.wrap_bio(self._in, self._out, server_side=True)
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._send_records()
                self._in.write(self._message(self._raw)[1])
            except ssl.SSLError:
                self._send_records()
                raise
        self._send_records()
        self._server.encrypted += 1

    def _send_records(self) -> None:
        if self._out.pending:
            self._client.sendall(tds.packets(tds.PRELOGIN, self._out.read()))

    def _sign_in(self, who: tds.SignIn) -> bool:
        if (who.login, who.password) != (LOGIN, PASSWORD):
            self._write(tds.error(18456, 14, f"Login failed for user '{who.login}'."))
            return False
        if who.database not in (DATABASE, ""):
            message = f'Cannot open database "{who.database}" requested by the login. The login failed.'
            self._write(tds.error(4060, 11, message))
            return False
        self._write(tds.signed_in(who.database))
        return True

    def _answer(self, database: psycopg.Connection, kind: int, message: bytes) -> None:
        if kind == tds.ATTENTION:
            self._write(tds.attended())
            return
        sql = tds.statement(message).strip()
        if not sql.upper().startswith("SELECT"):
            self._write(tds.done())
            return
        known = next((answer for asked, answer in _ANSWERS.items() if asked in sql.casefold()), None)
        if known is not None:
            self._write(tds.columns([("", tds.TEXT)]) + tds.row([known], [tds.TEXT]) + tds.done(1))
        elif "sys." in sql:
            self._write(tds.error(229, 14, "The SELECT permission was denied on the object 'dm_exec_sessions'."))
        else:
            self._server.statements.append(sql)
            self._select(database, sql)

    def _select(self, database: psycopg.Connection, sql: str) -> None:
        for table, (number, message) in self._server.manner.refused.items():
            if f".[{table}]" in sql:
                self._write(tds.error(number, 14, message))
                return
        translated = sqlglot.transpile(sql, read="tsql", write="postgres")[0]
        try:
            with database.cursor(name="rows") as cursor:
                cursor.execute(translated.encode())
                self._rows(cursor)
        except psycopg.Error as e:
            self._write(_in_words_of_sql_server(e))
        database.rollback()

    def _rows(self, cursor: psycopg.ServerCursor) -> None:
        described = cursor.description or []
        kinds = [_kind(column.type_code) for column in described]
        sent = 0
        head = tds.columns([(column.name, kind) for column, kind in zip(described, kinds, strict=True)])
        with self._packets() as write:
            write(head)
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                for cells in rows:
                    if sent == self._server.manner.cut_after:
                        raise _HangUp
                    write(tds.row(cells, kinds))
                    sent += 1
            write(tds.done(sent))

    @contextlib.contextmanager
    def _packets(self) -> Iterator[Callable[[bytes], None]]:
        """Sends what is written as packets of one message, as it grows."""
        waiting = bytearray()
        size = 4096 - tds.HEADER_SIZE

        def write(piece: bytes) -> None:
            waiting.extend(piece)
            while len(waiting) > size:
                self._send(bytes(waiting[:size]), last=False)
                del waiting[:size]

        yield write
        self._send(bytes(waiting), last=True)

    def _send(self, content: bytes, last: bool) -> None:
        packet = bytearray(tds.packets(tds.RESPONSE, content))
        packet[1] = int(last)
        self._send_bytes(bytes(packet))

    def _write(self, content: bytes) -> None:
        self._send_bytes(tds.packets(tds.RESPONSE, content))

    def _send_bytes(self, raw: bytes) -> None:
        if self._tls is not None:
            self._tls.write(raw)
            raw = self._out.read()
        self._client.sendall(raw)

    def _message(self, read: Callable[[int], bytes]) -> tuple[int, bytes]:
        content = b""
        while True:
            packet = tds.header(read(tds.HEADER_SIZE))
            content += read(packet.length)
            if packet.is_last:
                return packet.kind, content

    def _raw(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = self._client.recv(size - len(found))
            if not piece:
                raise _HangUp
            found += piece
        return found

    def _read(self, size: int) -> bytes:
        if self._tls is None:
            return self._raw(size)
        found = b""
        while len(found) < size:
            try:
                found += self._tls.read(size - len(found))
            except ssl.SSLWantReadError:
                piece = self._client.recv(65_536)
                if not piece:
                    raise _HangUp from None
                self._in.write(piece)
        return found


def _kind(type_code: int) -> str:
    if type_code in _INTEGERS:
        return tds.INTEGER
    if type_code in _BOOLEANS:
        return tds.BIT
    return tds.DATETIME if type_code in _MOMENTS else tds.TEXT


def _in_words_of_sql_server(fault: psycopg.Error) -> bytes:
    """SQL Server's number and message for what PostgreSQL refuses."""
    said = str(fault)
    if isinstance(fault, psycopg.errors.InsufficientPrivilege):
        table = said.partition("table ")[2].split()[0].strip('"')
        message = f"The SELECT permission was denied on the object '{table}', database '{DATABASE}', schema 'dbo'."
        return tds.error(229, 14, message)
    name = said.partition('"')[2].partition('"')[0]
    if isinstance(fault, psycopg.errors.UndefinedTable):
        return tds.error(208, 16, f"Invalid object name '{name}'.")
    if isinstance(fault, psycopg.errors.UndefinedColumn):
        column = said.partition("column ")[2].split()[0].split(".")[-1].strip('"')
        return tds.error(207, 16, f"Invalid column name '{column}'.")
    return tds.error(8114, 16, said)
