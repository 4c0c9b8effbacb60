"""How a command that runs long is told to end: Ctrl-C, SIGTERM, a closed terminal, or whoever started it is gone."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ends_cleanly() -> Iterator[None]:
    """Whatever ends what runs within, every `finally` of it runs to its end: a second Ctrl-C is not heard.

    Ends with the exit status that a shell would give. With nohup a closed terminal ends nothing.
    """
    before = {number: signal.getsignal(number) for number in _heard()}
    for number in before:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and a closed terminal interrupt what runs within as Ctrl-C does, once: a second one is not heard.

    Every `finally` runs, so that nothing half-written stays. Ends with the exit status that a shell would give.
    """
    told: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        for other in _SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        told.append(number)
        raise KeyboardInterrupt

    for number in _heard():
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        if told:
            sys.exit(128 + told[0])


def end_when_input_ends() -> None:
    """Whoever started this program holds its input open; when they are gone, however, it is told to end."""
    threading.Thread(target=_end_after_input, daemon=True).start()


def end_when_parent_ends() -> None:
    """As above, for a parent that gives the terminal as input: make, which may be killed alone."""
    threading.Thread(target=_end_after_parent, args=(os.getppid(),), daemon=True).start()


def _heard() -> list[signal.Signals]:
    return [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    for other in _SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def _end_after_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _end_after_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
