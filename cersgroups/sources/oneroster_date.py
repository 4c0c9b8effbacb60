"""Days of OneRoster exports, as ISO text: `""` is open, and text order is day order.

Dates are ISO 8601 (OneRoster CSV binding); real exports add a time of day. `endDate` is exclusive by the
specification, while many student information systems put the last day there (reference "SIS sources", 3.1).
"""

import re
from datetime import date, timedelta
from functools import lru_cache

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T ][0-9:.,+\-Z ]*)?", re.ASCII)
_EARLIEST = date(1900, 1, 1)


@lru_cache(maxsize=100_000)
def day(text: str) -> tuple[str, bool]:
    """The day in `text` and whether a time of day was cut off. Raises ValueError if it is no date."""
    if not text:
        return "", False
    match = _DATE.fullmatch(text)
    if not match or date.fromisoformat(match[1]) < _EARLIEST:
        raise ValueError(text)
    return match[1], match[2] is not None


@lru_cache(maxsize=100_000)
def before(day: str) -> str:
    """The day before; open stays open."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day else ""


@lru_cache(maxsize=100_000)
def after(day: str) -> str:
    """The day after; open stays open, and so does the last day there is."""
    if not day or day == date.max.isoformat():
        return ""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def earlier_end(a: str, b: str) -> str:
    """The earlier of two last days, where `""` is never."""
    return min(a, b) if a and b else a or b


def later_end(a: str, b: str) -> str:
    """The later of two last days, where `""` is never."""
    return max(a, b) if a and b else ""


def is_empty(begin: str, end: str) -> bool:
    """True if no day lies between them."""
    return bool(begin and end and end < begin)
