"""Secrets: of the environment, else made once and kept in the data folder, readable by their owner only."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from cersgroups.config import environment
from cersgroups.core.error import RequestStop

VARIABLE = "CERSGROUPS_SECRET_KEY"
ENCRYPTION_VARIABLE = "CERSGROUPS_ENCRYPTION_KEYS"


def secret_key(folder: Path) -> str:
    """The key that signs sessions and links: of the environment, else the one in `folder`, made if it is not there."""
    return environment.text(VARIABLE) or _kept(secret_file(folder), lambda: secrets.token_urlsafe(64))


def encryption_keys(folder: Path) -> list[str]:
    """The keys that seal credentials, the current one first: of the environment (commas between), else of `folder`.

    Raises RequestStop for a key that is none.
    """
    keys = environment.names(ENCRYPTION_VARIABLE)
    where = ENCRYPTION_VARIABLE
    if not keys:
        where = str(encryption_file(folder))
        keys = _kept(encryption_file(folder), new_encryption_key).split()
    for number, key in enumerate(keys, start=1):
        _check(key, f"{where}: key {number}")
    return keys


def secret_file(folder: Path) -> Path:
    return folder / "secret_key"


def encryption_file(folder: Path) -> Path:
    """One key a line, the current one first."""
    return folder / "encryption_key"


def new_encryption_key() -> str:
    return Fernet.generate_key().decode()


def _check(key: str, where: str) -> None:
    try:
        Fernet(key)
    except ValueError:
        raise RequestStop(
            f"{where} is no encryption key (32 bytes in URL-safe base64). Put the right one back."
        ) from None


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        _make(path, make())
    return path.read_text(encoding="ascii").strip()


def _make(path: Path, value: str) -> None:
    """Written aside and linked, so that of two programs that start at once both get the same."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(value + "\n", encoding="ascii")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
