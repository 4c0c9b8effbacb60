"""Reading settings from the environment, with a sentence for a value that cannot be meant."""

import os
from urllib.parse import urlsplit

from cersgroups.core.error import RequestStop

_MOST_DIGITS = 9


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """Raises RequestStop unless the variable is true, false or not set."""
    value = text(name).casefold()
    if value in ("", "true", "yes", "on", "1", "false", "no", "off", "0"):
        return value in ("true", "yes", "on", "1") if value else default
    raise RequestStop(f"{name} is {value!r}. Write true or false.")


def number(name: str, default: int) -> int:
    """Raises RequestStop unless the variable is a whole number from 0 or not set."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise RequestStop(f"{name} is {value!r}. Write a whole number.")
    if len(value) > _MOST_DIGITS:
        raise RequestStop(f"{name} has {len(value):,} digits. Write a whole number of at most {_MOST_DIGITS}.")
    return int(value)


def choice(name: str, *values: str) -> str:
    """One of these, the first if the variable is not set. Raises RequestStop for anything else."""
    value = text(name, values[0])
    if value not in values:
        raise RequestStop(f"{name} is {value!r}. Write {', '.join(values[:-1])} or {values[-1]}.")
    return value


def address(name: str, default: str = "") -> str:
    """An address with a scheme. Raises RequestStop if it cannot be taken apart; it never says what was given: there may
    be a password in it."""
    value = text(name, default)
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
