"""The secret that signs sessions and links: made once, kept in the data folder, readable by its owner only."""

import secrets
from pathlib import Path

from cersgroups.core import environment
from cersgroups.records.kept_secret import kept_secret

VARIABLE = "CERSGROUPS_SECRET_KEY"


def secret_key(folder: Path) -> str:
    """The key of the environment, else the one in `folder`, which is made if it is not there."""
    return environment.text(VARIABLE) or kept_secret(secret_file(folder), lambda: secrets.token_urlsafe(64))


def secret_file(folder: Path) -> Path:
    return folder / "secret_key"
