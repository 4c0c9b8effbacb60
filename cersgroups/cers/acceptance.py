"""No file leaves before it is sure that the receiver takes it as it is meant."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from cersgroups.cers.validation import Known, validate_file
from cersgroups.core.error import DataStop

_SHOWN = 3

_SWITCH_SECONDS = 0.0005
"""How long the check may keep the caller's threads waiting, each time that they come out of the database: they do so
thousands of times, and Python's own 5 ms are a tenth of the time of a whole build.
"""


@contextmanager
def checking(school_year: int) -> Iterator[Callable[[Path], None]]:
    """Gives a function that has a finished file validated while the caller makes the next one.

    At the end it waits for all, and raises DataStop as `check_files` does.
    """
    running: list[Future[None]] = []
    with _quick_switches, ThreadPoolExecutor(1) as pool:
        yield lambda file: running.append(pool.submit(_check, file, school_year))
        for check in running:
            check.result()


class _QuickSwitches:
    """The interval is the process's own, and several extracts may be made in it: the last one sets it back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._within = 0
        self._before = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._within:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(_SWITCH_SECONDS)
            self._within += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._within -= 1
            if not self._within:
                sys.setswitchinterval(self._before)


_quick_switches = _QuickSwitches()


def check_files(files: Sequence[Path], school_year: int) -> None:
    """Validate every file of an extract by the receiver's own rules before anybody sees it.

    Raises DataStop with the receiver's words if it would refuse or garble a file.
    """
    for file in files:
        _check(file, school_year)


def _check(file: Path, school_year: int) -> None:
    verdict = validate_file(file, Known(schools=None, years=frozenset({school_year})))
    faults = [f"row {r.row}: {r.message}" for r in verdict.results if not r.ok]
    faults += [f"row {h.row}: {h.message}" for h in verdict.hazards]
    if faults or not verdict.ok:
        sentences = "; ".join(faults[:_SHOWN])
        raise DataStop(f"The file was not written, because CERS would refuse or garble it: {sentences}")
