"""Cells of the Aeries database as texts of the roster: padded blanks, numbers of any type, NULL, days with a time."""

import re
from datetime import date, datetime
from decimal import Decimal

from cersgroups.core.storable import storable

_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.ASCII)
_FIRST_YEAR = 1901
"""SQL Server makes 1900-01-01 of a blank that is written into a date."""

_YES = frozenset(("true", "1", "-1", "y", "yes", "t"))
_NO = frozenset(("false", "0", "n", "no", "f"))


class CellError(ValueError):
    """A cell that cannot be read without guessing; says what was expected, never what it holds."""


def text(cell: object) -> str:
    """Trimmed; NULL is blank, and a number without fraction is written without.

    Raises CellError for bytes and for a number that is none.
    """
    if cell is None:
        return ""
    if isinstance(cell, bytes | bytearray | memoryview):
        raise CellError("a cell holds bytes where text belongs")
    return _number(cell) if isinstance(cell, float | Decimal) else storable(str(cell)).strip()


def _number(cell: float | Decimal) -> str:
    """All of its digits, never as 1e+16: it may be an id."""
    number = Decimal(str(cell))
    if not number.is_finite():
        raise CellError("a number is none")
    found = f"{number:f}"
    found = found.rstrip("0").rstrip(".") if "." in found else found
    return "0" if found == "-0" else found


def reference(cell: object) -> str:
    """A number that refers to somebody or something; 0 is none."""
    found = text(cell)
    return found if found.strip("0") else ""


def flag(cell: object) -> bool:
    """A check box, however it is stored; blank is not ticked."""
    return text(cell).casefold() in _YES


def forbids(cell: object) -> bool:
    """Whether a check box says no in so many words; blank does not."""
    return text(cell).casefold() in _NO


def written(value: bool) -> str:
    """A boolean as the roster has it."""
    return "true" if value else "false"


def active(status: object) -> str:
    """Only a blank status code (TG, STG) means active."""
    return written(not text(status))


def day(cell: object) -> str:
    """The day as ISO text, without its time; NULL is open. Raises CellError if it is no date."""
    if cell is None:
        return ""
    if not isinstance(cell, date):
        match = _ISO_DAY.fullmatch(str(cell).strip())
        if match is None:
            if not str(cell).strip():
                return ""
            raise CellError("a date is none")
        try:
            cell = date.fromisoformat(match[1])
        except ValueError:
            raise CellError("a date is none") from None
    found = cell.date() if isinstance(cell, datetime) else cell
    return found.isoformat() if found.year >= _FIRST_YEAR else ""
