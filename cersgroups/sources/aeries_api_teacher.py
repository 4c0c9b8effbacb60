"""Teacher records of one school of the Aeries API. Reference "SIS sources", 1.5."""

from dataclasses import dataclass
from typing import Any

from cersgroups.core.names import token
from cersgroups.sources.aeries_api_cell import flag, reading, reference, text
from cersgroups.sources.aeries_api_school import School
from cersgroups.sources.aeries_code import name_of
from cersgroups.sources.exchange import Answer
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries teachers"
_STAFF_IDS = ("StaffID1", "StaffID2", "StaffID3")


@dataclass(frozen=True)
class Record:
    """One teacher record; `staff_ids` are the people who share it, nobody at times."""

    number: str
    last_name: str
    first_name: str
    staff_ids: tuple[str, ...]


class Records:
    """The teacher records of one school: by number, by person, and those of nobody by name."""

    def __init__(self) -> None:
        self._by_number: dict[str, Record] = {}
        self._by_staff: dict[str, Record] = {}
        self._of_nobody: dict[str, list[Record]] = {}

    def read(self, answer: Answer, school: School, tables: RosterTables, tally: Tally) -> None:
        """Flex schools have teacher records by accident only: they are read, to understand numbers, and not written."""
        with reading(answer):
            for row in answer.rows():
                record = _record(row)
                if not record.number:
                    continue
                self._keep(record)
                if school.schedule == "flex":
                    continue
                if len(record.staff_ids) > 1:
                    key = f"{school.code}/{record.number}"
                    tally.add("aeries_teacher_team", LABEL, key, " ".join(record.staff_ids))
                _write(record, row, school, tables)

    def of_number(self, number: str) -> Record | None:
        return self._by_number.get(number)

    def of_staff(self, staff_id: str) -> Record | None:
        return self._by_staff.get(staff_id)

    def of_nobody(self, last_name: str, first_name: str) -> Record | None:
        """The only record without a person that has this name, however it is split or spelled."""
        found = self._of_nobody.get(_name(last_name, first_name), [])
        return found[0] if len(found) == 1 else None

    def _keep(self, record: Record) -> None:
        self._by_number[record.number] = record
        for staff_id in record.staff_ids:
            self._by_staff.setdefault(staff_id, record)
        if not record.staff_ids:
            self._of_nobody.setdefault(_name(record.last_name, record.first_name), []).append(record)


def _record(row: dict[str, Any]) -> Record:
    last, first = name_of(*(text(row.get(name)) for name in ("DisplayName", "FirstName", "LastName")))
    number = reference(row.get("TeacherNumber"))
    people = tuple(filter(None, (reference(row.get(name)) for name in _STAFF_IDS)))
    return Record(number, last or f"Teacher {number}", first, people)


def _write(record: Record, row: dict[str, Any], school: School, tables: RosterTables) -> None:
    tables.write(
        "teachers",
        school_id=school.code,
        teacher_number=record.number,
        staff_id=record.staff_ids[0] if record.staff_ids else "",
        last_name=record.last_name,
        first_name=record.first_name,
        email=text(row.get("EmailAddress")),
        active=flag(not text(row.get("InactiveStatusCode"))),
    )


def _name(last_name: str, first_name: str) -> str:
    return token(f"{last_name} {first_name}").casefold()
