"""A profile back as the mapping and the TOML text that core/profile.py reads."""

from dataclasses import asdict, fields
from typing import Any

from cersgroups.core.profile import Filters, Profile, StudentList, Users
from cersgroups.core.toml import quoted

_TABLES: dict[str, Filters | StudentList | Users] = {"filters": Filters(), "list": StudentList(), "users": Users()}


def to_mapping(profile: Profile) -> dict[str, Any]:
    """What `from_mapping` reads as this profile; what is as by default is left out."""
    raw: dict[str, Any] = {}
    for field in fields(Profile):
        value = getattr(profile, field.name)
        if field.name in _TABLES:
            default = asdict(_TABLES[field.name])
            table = {k: _plain(v) for k, v in asdict(value).items() if v != default[k]}
            if table:
                raw[field.name] = table
        elif value != field.default:
            raw[field.name] = _plain(value)
    return raw


def to_toml(profile: Profile) -> str:
    """The TOML text that `from_toml` reads as this profile."""
    raw = to_mapping(profile)
    tables = {key: raw.pop(key) for key in tuple(raw) if key in _TABLES}
    lines = [f"{key} = {quoted(value)}" for key, value in raw.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {quoted(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
