"""Staff and teacher records of the Aeries database, with the e-mails that were chosen."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_code import name_of
from cersgroups.sources.aeries_database_cell import active, day, reference, text
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.aeries_database_school import Schools
from cersgroups.sources.roster_table import joined

RECORD, STAFF, ACCOUNT = "TCH", "STF", "UGN"
EMAIL_ORDERS = ("TCH, STF", "TCH, STF, UGN", "TCH, UGN, STF", "STF, TCH", "STF, UGN, TCH", "UGN, STF, TCH")
"""Whose e-mail counts, the first that is not blank; the first of these is the default."""


@dataclass
class Person:
    """One of the staff, with all schools that they were met at."""

    cells: dict[str, str]
    schools: set[str] = field(default_factory=set)

    @property
    def email(self) -> str:
        return self.cells["email"]


People = dict[str, Person]
"""By staff id. In memory, because schools are only known once teacher records and section staff have been read."""


Records = dict[tuple[str, str], tuple[str, ...]]
"""Who shares a teacher record, by school and teacher number: nobody at times, several where a team teaches."""


def read_staff(reading: Reading, email_order: str) -> People:
    """Everybody in STF. The e-mail is that of STF or of the account (UGN), whichever the order names first."""
    order = [name for name in email_order.split(", ") if name != RECORD]
    with_accounts = ACCOUNT in order
    rows = reading.rows(statement.staff(with_accounts), "STF, UGN" if with_accounts else "STF")
    return {
        staff_id: _person(reading, staff_id, list(of_one), order)
        for staff_id, of_one in groupby(rows, lambda row: text(row.ID))
        if reference(staff_id)
    }


def _person(reading: Reading, staff_id: str, rows: list[Row[Any]], order: list[str]) -> Person:
    accounts = list(dict.fromkeys(text(row.account).casefold() for row in rows if text(row.account)))
    if len(accounts) > 1:
        reading.tally.add("aeries_several_accounts", "UGN", staff_id)
    row, left = rows[0], day(rows[0].LD)
    if left and left < reading.as_of.isoformat() and not text(row.TG):
        reading.tally.add("aeries_staff_left", "STF", staff_id, left)
    emails = {STAFF: text(row.EM), ACCOUNT: next((text(row.account) for row in rows if text(row.account)), "")}
    cells = {
        "last_name": text(row.LN),
        "first_name": text(row.FN),
        "email": next((emails[name] for name in order if emails[name]), ""),
        "state_educator_id": text(row.SID),
        "active": active(row.TG),
    }
    return Person(cells, {reference(row.PSC)} - {""})


def write_teachers(reading: Reading, schools: Schools, people: People, email_order: str) -> Records:
    """Write `teachers`; where TCH is not first in the order, its e-mail counts only for those who have no other.

    Flex schools have teacher records by accident only: they are returned, to understand numbers, and not written.
    """
    records: Records = {}
    for row in reading.rows(statement.teachers(), "TCH"):
        school_id, number = text(row.SC), reference(row.TN)
        if not number or school_id not in schools:
            continue  # number 0 means nobody
        shared = tuple(filter(None, (reference(row.ID), reference(row.ID2), reference(row.ID3))))
        records[school_id, number] = shared
        if schools[school_id].schedule == "flex":
            continue
        if len(shared) > 1:
            reading.tally.add("aeries_teacher_team", "TCH", f"{school_id}/{number}", " ".join(shared))
        for staff_id in shared:
            if staff_id in people:
                people[staff_id].schools.add(school_id)
        _write_teacher(reading, row, shared, people, email_order)
    return records


def _write_teacher(reading: Reading, row: Row[Any], shared: tuple[str, ...], people: People, email_order: str) -> None:
    number, staff_id = reference(row.TN), shared[0] if shared else ""
    last_name, first_name = name_of(text(row.TE), text(row.TF), text(row.TLN))
    needed = email_order.startswith(RECORD) or staff_id not in people or not people[staff_id].email
    reading.tables.write(
        "teachers",
        school_id=text(row.SC),
        teacher_number=number,
        staff_id=staff_id,
        last_name=last_name or f"Teacher {number}",
        first_name=first_name,
        email=text(row.EM) if needed else "",
        active=active(row.TG),
    )


def write_staff(reading: Reading, people: People) -> None:
    """Write `staff`, with the schools that others have noted."""
    for staff_id, person in people.items():
        schools = tuple(sorted(person.schools, key=lambda school_id: (len(school_id), school_id)))
        reading.tables.write("staff", staff_id=staff_id, school_ids=joined(schools), **person.cells)
