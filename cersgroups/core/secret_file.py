"""Files and folders that hold a secret: whoever else can read them knows it."""

import os
import stat
from pathlib import Path

from cersgroups.core.error import RequestStop


def others_can_read(path: Path) -> bool:
    """Whether its group or everybody may read, write or enter it. Raises OSError if it is not there."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def refuse_open(file: Path) -> None:
    """Raises RequestStop, with the command that closes it, for a file that others can read."""
    if others_can_read(file):
        raise RequestStop(f"{file}: others may read the secrets in it. Run: chmod 600 {file}")


def named_beside(file: Path, name: str, key: str) -> Path:
    """The path of the secret that `key` in `file` names. Raises RequestStop for what can be no path."""
    if "\0" in name:
        raise RequestStop(f"{file}: {key} can be no path. Give the name of a file beside this one.")
    return file.parent / name
