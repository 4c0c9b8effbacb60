"""Where a job works: beside the place of its result, so that the result is moved there in one step.

A workspace is locked while somebody works in it; the system lets go of a killed worker's lock.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp


@contextmanager
def workspace(result: Path) -> Iterator[Path]:
    """An empty folder beside `result`, gone afterwards; what a killed run for the same result left goes first."""
    place = result.parent
    prefix = f".{result.name}-"
    for left in place.glob(f"{prefix}*"):
        remove_left(left)
    folder = Path(mkdtemp(prefix=prefix, dir=place))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def remove_left(folder: Path) -> None:
    """Remove a workspace, unless somebody works in it: a worker that was slow, and thought dead, may."""
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # another was quicker
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return
    finally:
        os.close(lock)
