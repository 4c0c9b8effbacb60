"""Student groups of the Aeries API. Reference "SIS sources", 1.10: members are `StudentId`, spelled so here only."""

from collections.abc import Container
from typing import Any

from cersgroups.sources.aeries_api_cell import day, flag, objects, reading, reference, text
from cersgroups.sources.aeries_api_school import Schools
from cersgroups.sources.exchange import Answer
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries student groups"


class Groups:
    """Writes all student groups; expired and confidential ones stay so."""

    def __init__(
        self, schools: Schools, students: Container[str], staff: Container[str], tables: RosterTables, tally: Tally
    ) -> None:
        self._schools = {school.code for school in schools.all}
        self._known = {"StudentId": students, "StaffId": staff}
        self._tables, self._tally = tables, tally
        self._codes: set[str] = set()

    def write(self, answer: Answer) -> None:
        with reading(answer):
            for row in answer.rows():
                code = self._write(row)
                for member in self._members(row, "Students", "StudentId", code):
                    self._tables.write("group_members", group_code=code, student_id=member)
                for member in self._members(row, "Staff", "StaffId", code):
                    self._tables.write("group_staff", group_code=code, staff_id=member)

    def _write(self, row: dict[str, Any]) -> str:
        code, school = text(row.get("GroupId")), reference(row.get("SchoolCode"))
        if code in self._codes:
            code = f"{code}/{school}"
            self._tally.add("aeries_group_repeated", LABEL, code)
        self._codes.add(code)
        if not isinstance(row.get("ConfidentialGroup"), bool):
            self._tally.add("aeries_group_confidential_unknown", LABEL, code)
        self._tables.write(
            "student_groups",
            group_code=code,
            school_id=school if school in self._schools else "",
            name=text(row.get("Name")) or text(row.get("Description")),
            expires_on=day(row.get("ExpirationDate")),
            confidential=flag(row.get("ConfidentialGroup") is not False),
        )
        return code

    def _members(self, row: dict[str, Any], name: str, column: str, code: str) -> list[str]:
        """Those that the roster knows, each once."""
        named = dict.fromkeys(reference(member.get(column)) for member in objects(row, name))
        known = [member for member in named if member in self._known[column]]
        for member in named if len(known) < len(named) else ():
            if member not in self._known[column]:
                self._tally.add("aeries_group_member_unknown", LABEL, code, member)
        return known
