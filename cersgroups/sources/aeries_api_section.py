"""Sections of the Aeries API with their staff. Reference "SIS sources", 1.8.

The API names staff only by staff id, where the master schedule has teacher records.
"""

from typing import Any, NamedTuple

from cersgroups.sources.aeries_api_cell import day, flag, objects, reading, reference, text
from cersgroups.sources.aeries_api_school import School
from cersgroups.sources.aeries_api_staff import Staff
from cersgroups.sources.aeries_api_teacher import Records
from cersgroups.sources.aeries_api_term import Terms
from cersgroups.sources.aeries_code import role_of
from cersgroups.sources.exchange import Answer
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries sections"


class Sections:
    """Writes the sections of one school."""

    def __init__(
        self, school: School, terms: Terms, records: Records, staff: Staff, tables: RosterTables, tally: Tally
    ) -> None:
        self._school, self._terms, self._tables = school, terms, tables
        self._people = _People(school, records, staff, tally)

    def write(self, answer: Answer) -> None:
        """A flex school with a primary class tracks them: the API tells no more of it."""
        with reading(answer):
            for row in answer.rows():
                number = reference(row.get("SectionNumber"))
                primary_class = row.get("PrimaryClass") is True
                if primary_class and self._school.schedule == "flex":
                    self._school.tracks_primary_classes = True
                self._tables.write(
                    "sections",
                    school_id=self._school.code,
                    section_number=number,
                    course_id=text(row.get("CourseID")),
                    period=text(row.get("Period")),
                    term_code=self._terms.code(text(row.get("Semester")), text(row.get("Track"))),
                    primary_class=flag(primary_class),
                    active=flag(not text(row.get("InactiveStatusCode"))),
                )
                for member in self._people.of(number, objects(row, "SectionStaffMembers")):
                    self._tables.write(
                        "section_staff",
                        school_id=self._school.code,
                        section_number=number,
                        **member._asdict(),
                    )


class Member(NamedTuple):
    """One of the staff of a section, as the roster has it."""

    staff_id: str
    teacher_number: str
    role: str
    start_date: str
    end_date: str
    active: str


class _People:
    """Finds out who a section's staff are: staff, or teacher records without a person."""

    def __init__(self, school: School, records: Records, staff: Staff, tally: Tally) -> None:
        self._school, self._records, self._staff, self._tally = school, records, staff, tally

    def of(self, section: str, rows: list[dict[str, Any]]) -> list[Member]:
        """Each person, role and first day once; who has ended or is inactive stays so."""
        kept: dict[tuple[str, ...], Member] = {}
        for row in rows:
            member = self._member(row)
            key = f"{self._school.code}/{section}"
            if not member.staff_id and not member.teacher_number:
                self._tally.add("aeries_section_staff_no_person", LABEL, key, text(row.get("StaffID")))
                continue
            other = kept.setdefault(member[:4], member)
            if other is not member and other != member:
                self._tally.add("aeries_section_staff_repeated", LABEL, key, member.staff_id or member.teacher_number)
                kept[member[:4]] = max(other, member, key=_rank)
        return list(kept.values())

    def _member(self, row: dict[str, Any]) -> Member:
        staff_id, number = self._person(row)
        sees_students = row.get("StudentAccess") is not False
        return Member(
            staff_id,
            number,
            role_of(row.get("IsPrimaryTeacher") is True, text(row.get("StaffRoleCode")), sees_students),
            day(row.get("StartDate")),
            day(row.get("EndDate")),
            flag(not text(row.get("InactiveStatusCode"))),
        )

    def _person(self, row: dict[str, Any]) -> tuple[str, str]:
        """Staff id or teacher number, nothing if nobody is known; never a number that might be somebody else's."""
        staff_id = reference(row.get("StaffID"))
        if staff_id in self._staff:
            return staff_id, ""
        if self._school.schedule == "flex":
            return "", ""
        if staff_id:
            record = self._records.of_staff(staff_id)
        else:
            record = self._records.of_nobody(text(row.get("LastName")), text(row.get("FirstName")))
        return "", record.number if record else ""


def _rank(member: Member) -> tuple[str, str]:
    """The active one first, then the one that ends last; no end is the last."""
    return member.active, member.end_date or "9999"
