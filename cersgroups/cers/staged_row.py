"""A row as the loader stages it: trimmed, blanks missing, checked against the widths of the columns.

Source: the receiver's warehouse schema (upload_student_group) and vectors 083, 087, 100-132, 155-201.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cersgroups.cers.collation import fold

_BEYOND = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
_YEAR = re.compile(r"[ \t]*([+-]?)0*([0-9]{1,5}) *")
_MAX_YEAR = 32_767
_UNIMPORTANT = "\t\n\v\f\r "
"""What the database cuts off beyond the width of a column without a word."""

_FIELDS = ("group_name", "school_natural_id", "school_year", "subject_code", "student_ssid", "group_user_login")
_WIDTHS = (255, 40, 0, 10, 65, 255)
_MAY_BE_NULL = (False, False, False, True, True, True)


class LoadFailure(Exception):  # noqa: N818 - the database's answer, not a fault of this software
    """The database refuses row `row`, and with it the whole file. `code` is the hazard's, `reason` ends a sentence."""

    def __init__(self, row: int, code: str, reason: str) -> None:
        super().__init__(f"row {row} {reason}")
        self.row = row
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One staged row; None is a missing value."""

    name: str
    school: str
    year: int
    subject: str | None
    ssid: str | None
    login: str | None

    def as_list(self) -> list[str | int | None]:
        return [self.name, self.school, self.year, self.subject, self.ssid, self.login]


def stage(fields: Sequence[bytes | None], row: int) -> StagedRow:
    """Row number `row` with its `fields` as LOAD DATA reads them. Raises LoadFailure."""
    if len(fields) < 3:
        blank = not any(fields)
        raise LoadFailure(
            row,
            "blank_line" if blank else "short_row",
            "is a blank line" if blank else "has too few fields",
        )
    padded = [*fields, None, None, None]
    year = _year(padded[2], row)
    name, school, subject, ssid, login = (_text(padded[i], i, row) for i in (0, 1, 3, 4, 5))
    assert name is not None  # noqa: S101 - _text refuses a missing name and school
    assert school is not None  # noqa: S101
    return StagedRow(name, school, year, subject, ssid, login)


def _year(value: bytes | None, row: int) -> int:
    text = (value or b"").decode("utf-8", "replace")
    found = _YEAR.fullmatch(text)
    if found is None or int(found[2]) > _MAX_YEAR:
        raise LoadFailure(row, "year_not_a_number", f"has {text!r} where the loader reads the school year")
    return int(found[1] + found[2])


def _text(value: bytes | None, index: int, row: int) -> str | None:
    text = None if value is None else _decode(value, _FIELDS[index], row)
    if _MAY_BE_NULL[index]:
        if text is None:
            return None
        text = text.replace("\r", "") if _FIELDS[index] == "group_user_login" else text
    elif text is None:
        raise LoadFailure(row, "value_is_null", f"has a {_FIELDS[index]} that the loader reads as missing (NULL)")
    text = text.strip(" ")
    limit = _WIDTHS[index]
    if text[limit:].strip(_UNIMPORTANT):
        raise LoadFailure(row, "value_too_long", f"has a {_FIELDS[index]} of more than {limit} characters")
    text = text[:limit]
    return text if not _MAY_BE_NULL[index] or fold(text) else None


def _decode(value: bytes, field: str, row: int) -> str:
    if _BEYOND.search(value):
        raise LoadFailure(row, "four_byte_character", f"has an emoji or other four-byte character in {field}")
    try:
        return value.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise LoadFailure(row, "not_utf8", f"has bytes in {field} that are no UTF-8") from None
