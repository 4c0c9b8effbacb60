"""A credential file (TOML) for commands that need no installation: addresses and names, its secrets elsewhere.

token_url = "https://sign-in.example.org/oauth2/access_token"
import_url = "https://import.example.org"
kind = "password"                    # or "okta", "client"
username = "lea-user"
client_id = "lea-client"
password_file = "password.txt"       # beside this file, readable by its owner only; or CERSGROUPS_CERS_PASSWORD
client_secret_file = "client.txt"    # likewise; or CERSGROUPS_CERS_CLIENT_SECRET
"""

from pathlib import Path
from typing import cast, get_args

from cersgroups.cers.client import Client
from cersgroups.cers.credential import Credential, Kind
from cersgroups.cers.endpoint import Endpoints
from cersgroups.core import environment
from cersgroups.core.error import RequestStop
from cersgroups.core.secret_file import named_beside, refuse_open
from cersgroups.core.toml import parsed, text_of

SECRETS = {"password": "CERSGROUPS_CERS_PASSWORD", "client_secret": "CERSGROUPS_CERS_CLIENT_SECRET"}
"""The environment's name of each secret."""

_PLAIN = ("token_url", "import_url", "kind", "username", "client_id")
_FILES = {f"{name}_file": name for name in SECRETS}


def client_from(path: Path) -> Client:
    """The receiver as the credential file says. Raises RequestStop, naming file and key, for what is wrong with it."""
    entries = _entries(path)
    kind = entries.get("kind", "password")
    if kind not in get_args(Kind):
        raise RequestStop(f"{path}: kind is {kind!r}. Choose one of {', '.join(get_args(Kind))}.")
    secrets = {name: _secret(path, entries, name) for name in SECRETS}
    try:
        return Client(
            Endpoints(entries.get("token_url", ""), entries.get("import_url", "")),
            Credential(
                cast(Kind, kind), entries.get("username", ""), client_id=entries.get("client_id", ""), **secrets
            ),
        )
    except RequestStop as stop:
        raise RequestStop(f"{path}: {stop}") from None


def _entries(path: Path) -> dict[str, str]:
    raw = parsed(text_of(path, "a credential file"), str(path))
    for key, value in raw.items():
        if key in SECRETS:
            raise RequestStop(
                f"{path}: a secret does not belong into this file. "
                f"Put it into a file of its own and name that as {key}_file, or into {SECRETS[key]} in the environment."
            )
        if key not in (*_PLAIN, *_FILES):
            raise RequestStop(f"{path}: unknown key {key!r}. Known here: {', '.join((*_PLAIN, *_FILES))}.")
        if not isinstance(value, str):
            raise RequestStop(f"{path}: {key} must be text in quotes, not {value!r}.")
    return raw


def _secret(path: Path, entries: dict[str, str], name: str) -> str:
    """From the file that is named, else from the environment; blank if neither has it."""
    named = entries.get(f"{name}_file")
    if named is None:
        return environment.secret(SECRETS[name])
    file = named_beside(path, named, f"{name}_file")
    try:
        refuse_open(file)
        return file.read_text(encoding="utf-8").strip()
    except OSError as e:
        raise RequestStop(f"{file}: cannot be read ({e.strerror}). It is {name}_file of {path}.") from None
    except UnicodeDecodeError:
        raise RequestStop(f"{file}: is no text in UTF-8. It is {name}_file of {path}.") from None
