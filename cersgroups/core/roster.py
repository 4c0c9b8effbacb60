"""The tables that every source must produce (DEVELOPING.md, "The roster").

All ids are text, trimmed; dates are inclusive last days; booleans are true/false; lists use `|`.
A folder of `<table>.csv` files with these columns is a "roster folder".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "date", "boolean", "integer", "list", "grade"]

ROSTER_FOLDER: Final = "roster folder"
"""What a snapshot made of one says of its source."""

LIST_SEPARATOR = "|"
GRADES = ("TK", "KG", *(f"{grade:02d}" for grade in range(1, 13)))
ROLES = ("primary", "co", "substitute", "aide")
SCHEDULES = ("elementary", "elementary_master", "master", "flex")


@dataclass(frozen=True)
class Column:
    """One column of a table. `default` is what a blank cell means; `choices` are the only values allowed."""

    name: str
    kind: Kind = "text"
    required: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One roster table. `key` are the columns that name a row; those in `may_be_blank` may stay blank."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    may_be_blank: tuple[str, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _table(name: str, key: str, columns: Sequence[Column], may_be_blank: str = "") -> Table:
    return Table(name, tuple(columns), tuple(key.split()), tuple(may_be_blank.split()))


def _must(name: str, kind: Kind = "text") -> Column:
    return Column(name, kind, required=True)


def _flag(name: str, default: bool = False) -> Column:
    return Column(name, "boolean", default="true" if default else "false")


_ACTIVE = _flag("active", default=True)
_START = Column("start_date", "date")
_END = Column("end_date", "date")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "lea",
            "lea_code",
            [_must("lea_code"), _must("name"), Column("time_zone"), _must("school_year", "integer")],
        ),
        _table(
            "schools",
            "school_id",
            [
                _must("school_id"),
                _must("school_number"),
                _must("name"),
                Column("cds_code"),
                _ACTIVE,
                Column("schedule", choices=SCHEDULES),
                _flag("tracks_primary_classes"),
            ],
        ),
        _table(
            "terms",
            "school_id term_code",
            [
                _must("school_id"),
                _must("term_code"),
                _must("start_date", "date"),
                _must("end_date", "date"),
            ],
        ),
        _table(
            "courses",
            "course_id",
            [_must("course_id"), _must("title"), Column("department"), Column("subject_area"), _ACTIVE],
        ),
        _table(
            "staff",
            "staff_id",
            [
                _must("staff_id"),
                _must("last_name"),
                Column("first_name"),
                Column("email"),
                Column("state_educator_id"),
                _ACTIVE,
                Column("school_ids", "list"),
            ],
        ),
        _table(
            "teachers",
            "school_id teacher_number",
            [
                _must("school_id"),
                _must("teacher_number"),
                Column("staff_id"),
                _must("last_name"),
                Column("first_name"),
                Column("email"),
                _ACTIVE,
            ],
        ),
        _table(
            "sections",
            "school_id section_number",
            [
                _must("school_id"),
                _must("section_number"),
                _must("course_id"),
                Column("period"),
                _must("term_code", "list"),
                _flag("primary_class"),
                _ACTIVE,
            ],
        ),
        _table(
            "section_staff",
            "school_id section_number staff_id teacher_number role start_date",
            [
                _must("school_id"),
                _must("section_number"),
                Column("staff_id"),
                Column("teacher_number"),
                Column("role", default="primary", choices=ROLES),
                _START,
                _END,
                _ACTIVE,
            ],
            # one of staff_id and teacher_number is needed: engine/reference.py
            may_be_blank="staff_id teacher_number role start_date",
        ),
        _table(
            "students",
            "student_id",
            [_must("student_id"), Column("ssid"), Column("last_name"), Column("first_name")],
        ),
        _table(
            "enrollments",
            "student_id school_id start_date",
            [
                _must("student_id"),
                _must("school_id"),
                _must("grade", "grade"),
                _ACTIVE,
                _START,
                _END,
                Column("homeroom_teacher_number"),
                Column("counselor_id"),
            ],
            may_be_blank="start_date",
        ),
        _table(
            "rosters",
            "school_id section_number student_id start_date",
            [_must("school_id"), _must("section_number"), _must("student_id"), _START, _END],
            may_be_blank="start_date",
        ),
        _table(
            "student_groups",
            "group_code",
            [
                _must("group_code"),
                Column("school_id"),
                _must("name"),
                Column("expires_on", "date"),
                _flag("confidential"),
            ],
        ),
        _table("group_members", "group_code student_id", [_must("group_code"), _must("student_id")]),
        _table("group_staff", "group_code staff_id", [_must("group_code"), _must("staff_id")]),
    )
}


def grade_of(text: str) -> str | None:
    """The grade as the roster writes it (`TK`, `KG`, `01`..`12`), or None if it is none. `1` is `01`."""
    grade = text.strip().upper()
    grade = grade.zfill(2) if grade.isascii() and grade.isdigit() else grade
    return grade if grade in GRADES else None


def year_name(school_year: int) -> str:
    """2027 is 2026-27."""
    return f"{school_year - 1}-{school_year % 100:02d}"
