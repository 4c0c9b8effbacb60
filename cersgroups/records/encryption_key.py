"""The keys that seal credentials. They are outside of the database: in the environment, else in the data folder.

Read anew each time, so that programs that run notice a new one. The first seals, all of them open.
"""

from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings

from cersgroups.core.error import RequestStop
from cersgroups.records.folder import data_folder
from cersgroups.records.kept_secret import kept_secret, write_aside

VARIABLE = "CERSGROUPS_ENCRYPTION_KEYS"


def encryption_keys() -> list[str]:
    """The current one first. Raises RequestStop for one that is none."""
    return checked_keys(settings.ENCRYPTION_KEYS)


def checked_keys(given: list[str]) -> list[str]:
    """Those that the environment gives, else those of the data folder. Raises RequestStop for one that is none."""
    where = VARIABLE if given else str(encryption_file())
    keys = given or kept_secret(encryption_file(), _new).split()
    for number, key in enumerate(keys, start=1):
        _check(key, f"{where}: key {number}")
    if not keys:
        raise RequestStop(f"{where} is empty: stored credentials cannot be opened. Put it back from where it is kept.")
    return keys


def encryption_file() -> Path:
    """One key a line."""
    return data_folder() / "encryption_key"


def add_encryption_key() -> None:
    """Put a new key before those in the data folder. Raises RequestStop if the environment has them instead."""
    if settings.ENCRYPTION_KEYS:
        raise RequestStop(
            f"The keys are in {VARIABLE}. Stop every program, put a new one before them, separated by a comma, start "
            f"all again, and run this with --seal-only. How to do it on several machines, one after the other: "
            f"docs/security.md. A new key: {_new()}"
        )
    write_aside(encryption_file(), "\n".join([_new(), *encryption_keys()])).replace(encryption_file())


def _new() -> str:
    return Fernet.generate_key().decode()


def _check(key: str, where: str) -> None:
    try:
        Fernet(key)
    except ValueError:
        raise RequestStop(
            f"{where} is no encryption key (32 bytes in URL-safe base64). Put the right one back."
        ) from None
