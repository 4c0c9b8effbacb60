"""Which entry of the audit log each address leaves (entry.md), and which ones somebody has left."""

import re
from pathlib import Path

from cersgroups.actions.actor import memberships_of
from cersgroups.records.audit import AuditEntry
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from tests.engine.roster_files import DISTRICT, rows
from tests.people import email_of

TABLE = Path(__file__).with_name("entry.md")
NEW_ADMIN = "fay@another.example"
"""Whom somebody without an account becomes by the link for a first admin."""

Cell = tuple[str, str]

_STUDENTS = re.compile("|".join(row["ssid"] for row in rows(DISTRICT["students"]) if row["ssid"]))


def read_entries() -> dict[Cell, list[str]]:
    """Of entry.md: by method and address, the actions that are noted."""
    found: dict[Cell, list[str]] = {}
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if cells[0] in ("GET", "POST"):
            method, route, entry = cells
            assert (method, route) not in found, line
            found[method, route] = [] if entry.startswith("none: ") else [entry]
    return found


def entries_of(who: str) -> list[AuditEntry]:
    """Of all LEAs of this person, oldest first."""
    person = Person.objects.filter(email=NEW_ADMIN if who == "nobody" else email_of(who)).first()
    found: list[AuditEntry] = []
    for membership in memberships_of(person) if person else []:
        with lea_scope(membership.lea_id):
            found += AuditEntry.objects.filter(lea_id=membership.lea_id)
    return sorted(found, key=lambda entry: entry.pk)


def left_since(before: list[AuditEntry], who: str, door: str = "page") -> list[str]:
    """What was noted since. Each entry says who it was, by which door and from where."""
    known = {entry.pk for entry in before}
    new = [entry for entry in entries_of(who) if entry.pk not in known]
    email = NEW_ADMIN if who == "nobody" else email_of(who)
    assert {(e.actor_email, e.door, e.ip) for e in new} <= {(email, door, "127.0.0.1")}
    assert all(("by_token" in e.detail) is (door == "API") for e in new)
    return [entry.action for entry in new]


def names_a_student(text: str) -> bool:
    return _STUDENTS.search(text) is not None
