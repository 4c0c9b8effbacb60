"""Staff of the Aeries API. Reference "SIS sources", 1.6."""

from collections.abc import Collection
from typing import Any

from cersgroups.core.roster import LIST_SEPARATOR
from cersgroups.sources.aeries_api_cell import day, flag, objects, reading, reference, text
from cersgroups.sources.exchange import Answer
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries staff"


class Staff:
    """Who is known: the last name of everybody by staff_id."""

    def __init__(self) -> None:
        self.last_names: dict[str, str] = {}

    def __contains__(self, staff_id: object) -> bool:
        return staff_id in self.last_names

    def write(self, answer: Answer, tables: RosterTables, tally: Tally, schools: Collection[str], as_of: str) -> None:
        """`schools` are those of the roster; `as_of` in ISO, by which somebody may have left."""
        with reading(answer):
            for row in answer.rows():
                staff_id, last_name = reference(row.get("ID")), text(row.get("LastName"))
                active = not text(row.get("InactiveStatusCode"))
                left = day(row.get("LeaveDate"))
                if active and left and left < as_of:
                    tally.add("aeries_staff_left", LABEL, staff_id, left)
                self.last_names[staff_id] = last_name
                tables.write(
                    "staff",
                    staff_id=staff_id,
                    last_name=last_name,
                    first_name=text(row.get("FirstName")),
                    email=text(row.get("EmailAddress")),
                    state_educator_id=text(row.get("StateEducatorID")),
                    active=flag(active),
                    school_ids=LIST_SEPARATOR.join(code for code in _schools(row) if code in schools),
                )


def _schools(row: dict[str, Any]) -> list[str]:
    """The primary school first, then those that the account has access to, each once."""
    granted = objects(row, "SchoolAccessPermissions")
    codes = [text(row.get("PrimaryAeriesSchool")), *(text(grant.get("SchoolCode")) for grant in granted)]
    return list(dict.fromkeys(codes))
