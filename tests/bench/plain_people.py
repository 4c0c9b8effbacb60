"""Who is who at each school, in plain Python: teacher records, staff, their names, e-mails and tokens.

The rules are DEVELOPING.md, "Building" (1, 4, 5); no code is shared with the engine, so that it can contradict it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii

from tests.bench.plain_csv import rows

Person = tuple[str, str]
"""("", staff_id), or (school_id, teacher_number) for a teacher record without staff."""

_ADDRESS = re.compile(r'(?=[!-~]{1,255}$)(?![-+=])[^@,"\\]+@[^@,"\\]+')


def token(text: str) -> str:
    return re.sub("[^A-Za-z0-9]+", "-", anyascii(text)).strip("-") or "None"


class Staff(NamedTuple):
    last: str
    first: str
    email: str
    active: bool


class Record(NamedTuple):
    """A teacher record; `live` if both it and its staff are active."""

    person: Person
    last: str
    first: str
    email: str
    active: bool
    live: bool


class People:
    """Everybody in the roster's staff and teachers."""

    def __init__(self, folder: Path) -> None:
        self.staff: dict[str, Staff] = {}
        self.records: dict[tuple[str, str], Record] = {}
        self.records_of: dict[tuple[str, Person], list[tuple[str, Record]]] = defaultdict(list)
        for staff_id, last, first, email, active in rows(
            folder, "staff", "staff_id", "last_name", "first_name", "email", "active"
        ):
            self.staff[staff_id] = Staff(last, first, email, active != "false")
        for school, number, staff_id, last, first, email, active in rows(
            folder, "teachers", "school_id", "teacher_number", "staff_id", "last_name", "first_name", "email", "active"
        ):
            self._add(school, number, staff_id, Staff(last, first, email, active != "false"))

    def _add(self, school: str, number: str, staff_id: str, cells: Staff) -> None:
        staff = self.staff.get(staff_id)
        person = ("", staff_id) if staff else (school, number)
        live = cells.active and (staff is None or staff.active)
        record = Record(person, *cells, live)
        self.records[school, number] = record
        self.records_of[school, person].append((number, record))

    def named(self, school: str, value: str) -> tuple[Person, bool] | None:
        """Whom a number or id means at a school, and whether that person is active there; None for nobody."""
        if record := self.records.get((school, value)):
            return record.person, record.live
        if staff := self.staff.get(value):
            own = self.records_of.get((school, ("", value)))
            return ("", value), staff.active and (not own or any(record.live for _, record in own))
        return None

    def card(self, school: str, person: Person) -> tuple[str, str]:
        """The full name and the e-mail (blank unless CERS can store it) that a person has at a school."""
        own = sorted(self.records_of.get((school, person), ()))
        active = [record for _, record in own if record.active]
        staff = self.staff.get(person[1]) if not person[0] else None
        sources: list[Record | Staff] = [*active[:1], *([staff] if staff else [record for _, record in own])]
        last, first = next(((s.last, s.first) for s in sources if s.last or s.first), ("", ""))
        email = next((s.email for s in (*active[:1], staff) if s and s.email), "")
        return f"{last} {first}".strip(), email if _ADDRESS.fullmatch(email) else ""

    def tokens(self, cds_codes: dict[str, str], named: Iterable[tuple[str, Person]]) -> dict[tuple[str, Person], str]:
        """By school and person the token of the name, with the id where another person under that CDS code has it."""
        own = {(school, person): token(self.card(school, person)[0]) for school, person in named}
        bearers: dict[tuple[str, str], set[Person]] = defaultdict(set)
        for (school, person), name in own.items():
            bearers[cds_codes[school], name.lower()].add(person)
        return {
            (school, person): name
            if len(bearers[cds_codes[school], name.lower()]) == 1
            else f"{name}-{token(person[1])}"
            for (school, person), name in own.items()
        }
