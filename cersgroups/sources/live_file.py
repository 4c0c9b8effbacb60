"""The settings of a live source as a TOML file, for commands that need no database. Secrets never stand in it.

kind = "aeries_api"
secret_file = "aeries-secret.toml"   # beside this file; readable by its owner only: certificate = "..."
[settings]
address = "https://aeries.example.org"

A secret comes from the environment, as CERSGROUPS_SECRET_CERTIFICATE for `certificate`, else from secret_file.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cersgroups.core import environment
from cersgroups.core.error import RequestStop
from cersgroups.core.secret_file import named_beside, refuse_open
from cersgroups.core.toml import parsed
from cersgroups.sources.live import Field, LiveKind, SettingMissing, Settings
from cersgroups.sources.live_kind import live_kind

PREFIX = "CERSGROUPS_SECRET_"
_KEYS = ("kind", "secret_file", "settings")


@dataclass(frozen=True)
class LiveFile:
    """The kind of source, and all of its settings with the secrets."""

    kind: LiveKind
    settings: Settings = field(repr=False)


def read_live_file(path: Path) -> LiveFile:
    """The settings, complete. Raises RequestStop, naming the file, for what is wrong or missing."""
    raw = _toml(path)
    _refuse_unknown(path, raw)
    if not isinstance(raw.get("kind"), str):
        raise RequestStop(f'{path}: there is no kind. Write kind = "..." at its top, such as aeries_api.')
    settings = raw.get("settings", {})
    if not isinstance(settings, dict):
        raise RequestStop(f"{path}: settings is no table. Write [settings] and the settings below it.")
    try:
        kind = live_kind(raw["kind"])
    except RequestStop as stop:
        raise RequestStop(f"{path}: {stop}") from None
    values = {**{name: _text(path, name, value) for name, value in settings.items()}, **_secrets(path, kind, raw)}
    try:
        return LiveFile(kind, kind.complete(values))
    except SettingMissing as stop:
        raise RequestStop(f"{path}: {stop} {_where(stop.field)}") from None
    except RequestStop as stop:
        raise RequestStop(f"{path}: {stop}") from None


def _secrets(path: Path, kind: LiveKind, raw: dict[str, Any]) -> dict[str, str]:
    names = [one.name for one in kind.fields if one.secret]
    inside = [name for name in names if name in raw.get("settings", {})]
    if inside:
        raise RequestStop(
            f"{path}: the secret {inside[0]} stands in it, where others may read it. Put it into the environment as "
            f"{PREFIX}{inside[0].upper()}, or into a file that only you can read, and name that as secret_file."
        )
    stored = _stored(path, raw["secret_file"]) if "secret_file" in raw else {}
    return {name: environment.secret(f"{PREFIX}{name.upper()}") or stored.get(name, "") for name in names}


def _stored(path: Path, name: Any) -> dict[str, str]:
    if not isinstance(name, str):
        raise RequestStop(f"{path}: secret_file must be the path of a file, in quotes.")
    file = named_beside(path, name, "secret_file")
    content = _toml(file)
    refuse_open(file)
    return {key: _text(file, key, value) for key, value in content.items()}


def _where(missing: Field) -> str:
    """Where to put it."""
    if missing.secret:
        return f"Put it into the environment as {PREFIX}{missing.name.upper()}, or into secret_file."
    return f'Write {missing.name} = "..." below [settings].'


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise RequestStop(f"{path}: cannot be read ({e.strerror}). Give the path of a TOML file.") from None
    except UnicodeDecodeError as e:
        raise RequestStop(f"{path}: is no text in UTF-8 (byte {e.start + 1:,}). Save it as UTF-8.") from None
    return parsed(text, str(path))


def _refuse_unknown(path: Path, raw: dict[str, Any]) -> None:
    unknown = sorted(raw.keys() - set(_KEYS))
    if unknown:
        raise RequestStop(f"{path}: unknown key {unknown[0]!r}. Known here: {', '.join(_KEYS)}.")


def _text(path: Path, name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RequestStop(f"{path}: {name} must be text in quotes.")
    return str(value)
