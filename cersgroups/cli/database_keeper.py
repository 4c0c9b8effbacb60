"""`python -m cersgroups.cli.database_keeper`: holds the embedded PostgreSQL for a program that may be killed.

    with kept_database(): ...

A program that is killed cannot stop the database; the keeper sees that its input ends, and does. It stands outside of
the terminal, so that Ctrl-C does not meet PostgreSQL while it starts. A PostgreSQL that dies is started again.
"""

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cersgroups.core.error import DataStop, RequestStop, Stop
from cersgroups.records.server import EmbeddedServer, database_server, revive

_READY = b"ready\n"
_LOOK_SECONDS = 2.0


@contextmanager
def kept_database() -> Iterator[None]:
    """The embedded PostgreSQL runs, if it is used, and stops when this program ends, in whatever way.

    Raises the stop that `database_server` raises.
    """
    command = [sys.executable, "-m", __name__]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True) as keeper:  # noqa: S603
        said, why = keeper.stdout, keeper.stderr
        if said and why and said.readline() != _READY:
            sentence = why.read().decode(errors="replace").strip()
            raise RequestStop(sentence) if keeper.wait() == RequestStop.status else DataStop(sentence)
        yield


def main() -> int:
    """Hold the database until the input ends. A stop's sentence goes to standard error, its status is returned."""
    try:
        with database_server() as server:
            sys.stdout.buffer.write(_READY)
            sys.stdout.flush()
            _hold(server)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.status
    return 0


def _hold(server: EmbeddedServer | None) -> None:
    """Until the input ends. What keeps the database from starting again may pass: it is tried as long."""
    while not select.select([sys.stdin], [], [], _LOOK_SECONDS)[0]:
        if server is not None:
            with suppress(Stop):
                revive(server)


if __name__ == "__main__":
    sys.exit(main())
