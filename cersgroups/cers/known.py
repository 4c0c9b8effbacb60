"""What the receiver knows beforehand: schools, school years and subjects."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

ALL_SUBJECTS = "All"

_JULY = 7
_YEARS_BACK = 5
_YEARS_AHEAD = 1


def school_year_of(day: date) -> int:
    """The school year that `day` lies in, named by its second half: a new one starts on 1 July."""
    return day.year + (day.month >= _JULY)


def usual_years(day: date) -> frozenset[int]:
    """The school years that a receiver may be expected to know on `day`: from five back to one ahead."""
    now = school_year_of(day)
    return frozenset(range(now - _YEARS_BACK, now + _YEARS_AHEAD + 1))


@dataclass(frozen=True)
class Known:
    """`schools` None: every school in the file is known. `subjects`: codes besides blank and All."""

    schools: frozenset[str] | None
    years: frozenset[int]
    subjects: tuple[str, ...] = ("ELA", "Math")

    def has_school(self, school: str) -> bool:
        return self.schools is None or school in self.schools

    def has_subject(self, subject: str) -> bool:
        """Case is ignored (vectors 210-229)."""
        return subject.lower() in self._lower_subjects

    @cached_property
    def _lower_subjects(self) -> frozenset[str]:
        return frozenset(code.lower() for code in (*self.subjects, ALL_SUBJECTS))
