"""Where a demo lies: a folder that the next demo replaces, and data for the served part that end with it."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from cersgroups.core.error import RequestStop
from cersgroups.records.server import stop_abandoned

MARK = ".cersgroups-demo"
"""Stands in a demo folder: only such a folder is ever replaced. Holds the path of the served part's data."""

_DATA = "cersgroups-demo-"
_WAIT_SECONDS = 15.0


@contextmanager
def demo_folder(folder: Path) -> Iterator[Path]:
    """An empty demo folder; what is there of an earlier demo goes.

    Raises RequestStop rather than replace what is no demo, or disturb one that runs.
    """
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise RequestStop(f"{folder}: holds something that is no demo. Name another folder with --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / MARK).open("a") as mark:
        _lock(mark, folder)
        _remove_data(Path((folder / MARK).read_text(encoding="utf-8").strip()))
        for path in folder.iterdir():
            if path.name != MARK:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in ("profiles", "extracts"):
            (folder / name).mkdir()
        yield folder


@contextmanager
def demo_data(folder: Path) -> Iterator[Path]:
    """A data folder for the served part of the demo in `folder`, gone afterwards.

    In the system's folder for temporary files: PostgreSQL's own user may not be able to reach `folder`.
    """
    data = Path(mkdtemp(prefix=_DATA))
    (data / MARK).touch()
    (folder / MARK).write_text(str(data), encoding="utf-8")
    data.chmod(0o711)
    try:
        yield data
    finally:
        _remove_data(data)


def _lock(mark: IO[str], folder: Path) -> None:
    """Wait a little: a demo that has just been ended may still be tidying up."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if time.monotonic() > deadline:
            raise RequestStop(f"{folder}: a demo runs there. Stop it, or name another folder with --folder.")
        time.sleep(0.1)


def _remove_data(data: Path) -> None:
    """Remove a demo's data once nothing uses them; what a killed demo left running is stopped."""
    if not data.name.startswith(_DATA) or not (data / MARK).is_file():
        return
    deadline = time.monotonic() + _WAIT_SECONDS
    while not stop_abandoned(data):
        if time.monotonic() > deadline:
            return
        time.sleep(0.1)
    shutil.rmtree(data, ignore_errors=True)


def use_data(data: Path, host: str, port: int) -> None:
    """From now on this program and those it starts use these data and no setting of the environment."""
    for name in list(os.environ):
        if name.startswith(("CERSGROUPS_", "DATABASE_")) or name == "DJANGO_SETTINGS_MODULE":
            del os.environ[name]
    os.environ |= {"CERSGROUPS_DATA": str(data), "CERSGROUPS_HOST": host, "CERSGROUPS_PORT": str(port)}
