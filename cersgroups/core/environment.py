"""Reading settings from the environment, with a sentence for a value that cannot be meant.

Nothing else reads a variable that is ours. Each is declared in environment_setting.py, with the default that holds
here; a reader raises KeyError for a name that is not. `worked_out` is for a setting whose default follows from others.
"""

import os
from urllib.parse import urlsplit

from cersgroups.core.environment_setting import SETTINGS
from cersgroups.core.error import RequestStop

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_MOST_DIGITS = 9


def text(name: str, worked_out: str = "") -> str:
    setting = SETTINGS[name]
    return os.environ.get(name, "").strip() or setting.default or worked_out


def secret(name: str) -> str:
    """With the blanks around it: they may belong to a password."""
    return os.environ.get(SETTINGS[name].name, "")


def of_others() -> dict[str, str]:
    """The environment for a program that is not ours: none of our settings, and so no secret of ours."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}


def flag(name: str, worked_out: bool = False) -> bool:
    """Raises RequestStop unless the variable is true, false or not set."""
    value = text(name, str(worked_out)).casefold()
    if value not in (*_YES, *_NO):
        raise RequestStop(f"{name} is {value!r}. Write true or false.")
    return value in _YES


def number(name: str, worked_out: int = 0) -> int:
    """Raises RequestStop unless the variable is a whole number from 0 or not set."""
    value = text(name, str(worked_out))
    if not _is_whole_number(value):
        raise RequestStop(f"{name} is {value!r}. Write a whole number.")
    if len(value) > _MOST_DIGITS:
        raise RequestStop(f"{name} has {len(value):,} digits. Write a whole number of at most {_MOST_DIGITS}.")
    return int(value)


def days(name: str, least: int, most: int) -> int | None:
    """None if the variable is not set. Raises RequestStop unless it is a whole number from `least` to `most`."""
    value = text(name)
    if not value:
        return None
    if not (_is_whole_number(value) and len(value) <= _MOST_DIGITS and least <= int(value) <= most):
        raise RequestStop(
            f"{name} is {value[:40]!r}. Write a whole number of days from {least} to {most}, or leave it blank: "
            f"for ever."
        )
    return int(value)


def _is_whole_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def choice(name: str) -> str:
    """One of the setting's choices. Raises RequestStop for anything else."""
    value, choices = text(name), SETTINGS[name].choices
    if value not in choices:
        listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
        raise RequestStop(f"{name} is {value!r}. Write {listed}.")
    return value


def address(name: str, worked_out: str = "") -> str:
    """An address with a scheme. Raises RequestStop if it cannot be taken apart; it never says what was given: there may
    be a password in it."""
    value = text(name, worked_out)
    try:
        _port = urlsplit(value).port
    except ValueError:
        raise RequestStop(
            f"{name} is no address: its host or its port cannot be meant. Name one host; in a user name or password "
            f"write / as %2F, # as %23, ? as %3F and @ as %40."
        ) from None
    return value


def hosts(name: str) -> list[str]:
    """Names or IP addresses of servers, separated by commas. Raises RequestStop for more than that."""
    for host in names(name):
        if set("/[]@?") & set(host) or host.count(":") == 1:
            raise RequestStop(f"{name} holds {host!r}. Write the name of a server alone, such as sis.district.example.")
    return names(name)


def names(name: str) -> list[str]:
    """The values of a list separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]
