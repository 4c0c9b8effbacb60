"""The secret that signs sessions and links: made once, kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path

from cersgroups.config import environment

VARIABLE = "CERSGROUPS_SECRET_KEY"


def secret_key(folder: Path) -> str:
    """The key of the environment, else the one in `folder`, which is made if it is not there."""
    given = environment.text(VARIABLE)
    if given:
        return given
    path = secret_file(folder)
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def secret_file(folder: Path) -> Path:
    return folder / "secret_key"


def _make(path: Path) -> None:
    """Written aside and linked, so that of two programs that start at once both get the same key."""
    aside = path.with_name(f".secret_key.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(secrets.token_urlsafe(64) + "\n", encoding="ascii")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
