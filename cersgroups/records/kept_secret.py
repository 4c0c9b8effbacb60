"""A secret that is made once and kept in the data folder, readable by its owner only."""

import os
from collections.abc import Callable
from pathlib import Path

from cersgroups.core.error import RequestStop


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file; made if it is not there, so that of two programs that start at once both get the same.

    Raises RequestStop if the file is damaged.
    """
    if not path.exists():
        _make(path, make())
    try:
        return path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise RequestStop(f"{path} is damaged: it holds no text. Put it back from where it is kept.") from None


def _make(path: Path, value: str) -> None:
    aside = write_aside(path, value)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def write_aside(path: Path, value: str) -> Path:
    """A new file beside `path`, with the value in it."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(value + "\n", encoding="ascii")
    return aside
