"""How many queries the application asks, by the embedded server's own log: its wheel has no pg_stat_statements.

The server writes a line of some 40 bytes for every step of answering the application, and nothing of what was asked.
What others ask (the contest itself, to see how far things are) is not counted.
"""

import psycopg

from cersgroups.records.server import APP_ROLE, EmbeddedServer

_STEPS = frozenset({b"PARSE", b"BIND"})
"""What the server does for a statement with values before it answers; not statements."""

_NOTHING = frozenset({b"idle"})
"""An empty statement, by which a pool looks whether its connection lives."""

_ENDS = frozenset({b"BEGIN", b"COMMIT", b"ROLLBACK", b"SAVEPOINT", b"RELEASE"})
"""What only begins or ends a transaction or a part of it; transactions are counted by themselves."""


class QueryLog:
    """Counts from the moment when it is made, whoever connects as the application after that."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._path = server.folder / "log"
        with psycopg.connect(server.url("postgres"), autocommit=True) as database:
            database.execute("ALTER SYSTEM SET log_line_prefix = '%i '")  # the kind of statement: SELECT, COMMIT
            database.execute("SELECT pg_reload_conf()")
            database.execute(f"ALTER ROLE {APP_ROLE} SET log_duration = on")
        self._read = self._path.stat().st_size

    def count(self) -> int:
        """Queries since the last count."""
        with self._path.open("rb") as log:
            log.seek(self._read)
            queries = sum(map(_is_query, log))
            self._read = log.tell()
        return queries


def _is_query(line: bytes) -> bool:
    kind, told, _ = line.partition(b" LOG:  duration: ")
    return bool(told) and kind.partition(b" ")[0] not in _STEPS | _NOTHING | _ENDS
