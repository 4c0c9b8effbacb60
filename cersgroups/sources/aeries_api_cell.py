"""Cells of Aeries API answers as texts of the roster: numbers, padded blanks, nulls, days."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from cersgroups.core.error import DataStop
from cersgroups.core.storable import storable
from cersgroups.sources.exchange import Answer

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]*(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)


class BadCell(ValueError):  # noqa: N818 - told as a Stop
    """A cell that cannot be read without guessing."""


def text(value: Any) -> str:
    """Null and blanks are blank; numbers as they are written."""
    return storable(str(value)).strip() if value is not None else ""


def reference(value: Any) -> str:
    """An id or number that refers to something; 0 is none."""
    found = text(value)
    return "" if found == "0" else found


def day(value: Any) -> str:
    """The day of `2026-08-12T00:00:00`; null and blank are open. Raises BadCell for anything else."""
    return "" if value is None else _day(str(value).strip())


@lru_cache(maxsize=100_000)
def _day(value: str) -> str:
    match = _DAY.fullmatch(value)
    if value and not match:
        raise BadCell(f"{value!r:.100} is no date such as 2026-08-12T00:00:00")
    return match[1] if match else ""


def flag(value: bool) -> str:
    return "true" if value else "false"


def objects(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in a list of the row, none for null. Raises BadCell for anything else."""
    found = row.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadCell(f"{name} is no list of objects")
    return found


@contextmanager
def reading(answer: Answer) -> Iterator[Answer]:
    """Closes the answer at the end; a cell that cannot be read is told with its request (DataStop)."""
    try:
        yield answer
    except BadCell as e:
        raise DataStop(f"{answer.request}: {e}. Ask whoever runs Aeries.") from None
    except RecursionError:
        raise DataStop(f"{answer.request}: a cell holds lists within lists. Ask whoever runs Aeries.") from None
    finally:
        answer.close()
