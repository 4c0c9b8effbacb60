"""A worker beside the program: it is started again whenever it ends, and ends with the program."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cersgroups.cli.progress import tell

_STOP_SECONDS = 20
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


@contextmanager
def kept_worker(*, wanted: bool = True) -> "Iterator[subprocess.Popen[bytes] | None]":
    """`cersgroups worker` runs; gives the first one's process. Its input ends with us, also when we are killed."""
    if not wanted:
        yield None
        return
    first, ending = _start(), threading.Event()
    keeper = threading.Thread(target=_keep, args=(first, ending), name="worker keeper")
    keeper.start()
    try:
        yield first
    finally:
        ending.set()
        keeper.join()


def _start() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cersgroups", "worker", "--until-input-ends"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603


def _keep(process: "subprocess.Popen[bytes]", ending: threading.Event) -> None:
    """A worker that ends at once, time and again, is waited for longer and longer."""
    pause = _SHORTEST_PAUSE
    while not _ended(process, ending):
        tell(f"The worker has ended (status {process.returncode}). The next one starts in {pause:.0f} s.")
        if ending.wait(pause):
            return
        pause = min(pause * 2, _LONGEST_PAUSE)
        process = _start()


def _ended(process: "subprocess.Popen[bytes]", ending: threading.Event) -> bool:
    """Wait until the worker ends by itself (False), or until we end and it with us."""
    while process.poll() is None:
        if ending.wait(0.2):
            _stop(process)
            return True
    return ending.is_set()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
