"""One school of the demo district in the making: its dice, its dates, and its lines so far, by table."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from cersgroups.core.roster import TABLES
from cersgroups.sources.demo_calendar import Calendar
from cersgroups.sources.demo_name import Name
from cersgroups.sources.demo_school import School

_NEEDS_QUOTES = re.compile(r'[",\r\n]')


class Stay(NamedTuple):
    """One enrollment of a student at this school; a blank `end` is open. Dates are ISO text, inclusive."""

    student_id: str
    grade: str
    start: str
    end: str = ""
    active: bool = True


class Visitor(NamedTuple):
    """A teacher of another school who also teaches here."""

    staff_id: str
    name: Name
    email: str


@dataclass
class Draft:
    """`arrivals` and `visitor` come from the school before; `next_school` is None at the last school."""

    school: School
    rng: Random
    calendar: Calendar
    domain: str
    next_staff: int
    next_school: School | None = None
    arrivals: list[Stay] = field(default_factory=list)
    visitor: Visitor | None = None
    lines: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in TABLES})

    departures: list[Stay] = field(default_factory=list)
    sends: Visitor | None = None

    @property
    def school_id(self) -> str:
        return self.school.school_id

    def add(self, table: str, **cells: str) -> None:
        """Add one row; cells that are not given stay blank."""
        names = TABLES[table].column_names
        if not cells.keys() <= set(names):
            raise KeyError(f"{table} has no columns {cells.keys() - set(names)}")
        self.lines[table].append(line([cells.get(name, "") for name in names]))


def line(cells: list[str]) -> str:
    """One CSV record with its newline; cells are quoted only where they must be."""
    return ",".join([quoted(cell) for cell in cells]) + "\n"


def quoted(cell: str) -> str:
    if _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def flag(value: bool) -> str:
    return "true" if value else "false"
