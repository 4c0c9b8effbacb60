"""The demo roster folder read back, with what its OneRoster rows need at hand."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

Row = dict[str, str]


class WrittenRoster:
    """A roster folder that this package has just written, so that it needs no checks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, table: str) -> Iterator[Row]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    @cached_property
    def lea(self) -> Row:
        return next(self.rows("lea"))

    @cached_property
    def schools(self) -> dict[str, Row]:
        """Active schools by school_id: bulk files have no word for inactive."""
        return {row["school_id"]: row for row in self.rows("schools") if row["active"] == "true"}

    @cached_property
    def courses(self) -> dict[str, Row]:
        return {row["course_id"]: row for row in self.rows("courses")}

    @cached_property
    def sections(self) -> dict[tuple[str, str], Row]:
        """Active sections by school_id and section_number."""
        return {
            (row["school_id"], row["section_number"]): row for row in self.rows("sections") if row["active"] == "true"
        }

    @cached_property
    def teachers(self) -> dict[tuple[str, str], Row]:
        """Teacher records by school_id and teacher_number."""
        return {(row["school_id"], row["teacher_number"]): row for row in self.rows("teachers")}

    def staff_id(self, school_id: str, teacher_number: str) -> str:
        """The staff behind a teacher record; blank if the record has none."""
        return self.teachers[school_id, teacher_number]["staff_id"]

    @cached_property
    def stays(self) -> list[Row]:
        """Enrollments of students who came."""
        return [row for row in self.rows("enrollments") if row["active"] == "true"]

    @cached_property
    def homerooms(self) -> list[tuple[str, str]]:
        """School_id and teacher_number of every homeroom."""
        return sorted(
            {(row["school_id"], row["homeroom_teacher_number"]) for row in self.stays if row["homeroom_teacher_number"]}
        )

    @cached_property
    def students(self) -> dict[str, list[Row]]:
        """The enrollments of each student who came, by student_id."""
        by_student: dict[str, list[Row]] = {}
        for stay in self.stays:
            by_student.setdefault(stay["student_id"], []).append(stay)
        return by_student


def exclusive(last_day: str) -> str:
    """The day after an inclusive last day, as OneRoster counts; blank stays blank."""
    return (date.fromisoformat(last_day) + timedelta(days=1)).isoformat() if last_day else ""
