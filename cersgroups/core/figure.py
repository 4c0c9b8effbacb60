"""Figures of an extract: what people would rather look at than read. Counted once, when the extract is built."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter

from cersgroups.core.roster import GRADES
from cersgroups.core.student_group import MAX_STUDENTS

SIZE_STEP = 10
"""Groups are counted by size in steps of so many students: 1 to 10, 11 to 20, ..., 191 to 200."""

SIZE_STEPS = MAX_STUDENTS // SIZE_STEP

NO_GRADE = "no grade"


@dataclass(frozen=True)
class Share:
    """Students enrolled on the day at one school in one grade (blank: none known); how many are in a group there."""

    school_id: str
    school_number: str
    school: str
    grade: str
    enrolled: int
    in_group: int

    @property
    def percent(self) -> float:
        """0 to 100; 0 where nobody is enrolled."""
        return 100 * self.in_group / self.enrolled if self.enrolled else 0.0

    @property
    def school_name(self) -> str:
        return f"{self.school_number} {self.school}".strip()

    @property
    def grade_name(self) -> str:
        return self.grade or NO_GRADE


@dataclass(frozen=True)
class Figures:
    """`shares` by school and grade; `sizes`: how many groups of each step of size."""

    shares: tuple[Share, ...]
    sizes: tuple[int, ...]

    def total(self) -> Share:
        """All schools and grades together."""
        return _sum(self.shares)

    def by_school(self) -> list[Share]:
        """All grades of a school together; the lowest share first, for that is where something may be missing."""
        return sorted(_sums(self.shares, attrgetter("school_id")), key=lambda s: (s.percent, s.school_name))

    def by_grade(self) -> list[Share]:
        """All schools together, in the order of grades; an unknown grade last."""
        return sorted(_sums(self.shares, attrgetter("grade")), key=_grade_order)

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def from_text(text: str) -> Figures:
    """What `as_text` wrote."""
    stored = json.loads(text)
    shares = sorted((Share(**share) for share in stored["shares"]), key=lambda s: (s.school_name, *_grade_order(s)))
    return Figures(tuple(shares), tuple(stored["sizes"]))


def step_name(step: int) -> str:
    """`1 to 10` for the first step of size (0)."""
    return f"{step * SIZE_STEP + 1} to {(step + 1) * SIZE_STEP}"


def _sums(shares: Iterable[Share], by: Callable[[Share], str]) -> list[Share]:
    return [_sum(tuple(of_one)) for _, of_one in groupby(sorted(shares, key=by), by)]


def _sum(shares: tuple[Share, ...]) -> Share:
    def common(name: str) -> str:
        values = {getattr(share, name) for share in shares}
        return values.pop() if len(values) == 1 else ""

    names = {name: common(name) for name in ("school_id", "school_number", "school", "grade")}
    return Share(**names, enrolled=sum(s.enrolled for s in shares), in_group=sum(s.in_group for s in shares))


def _grade_order(share: Share) -> tuple[int, str]:
    return (GRADES.index(share.grade) if share.grade in GRADES else len(GRADES), share.grade)
