"""Courses of the Aeries API. Reference "SIS sources", 1.7: department and subject areas are codes."""

from cersgroups.sources.aeries_api_cell import flag, reading, text
from cersgroups.sources.exchange import Answer
from cersgroups.sources.roster_table import RosterTables

LABEL = "Aeries courses"
_SUBJECT_AREAS = ("SubjectArea1Code", "SubjectArea2Code", "SubjectArea3Code")


def write_courses(answer: Answer, tables: RosterTables) -> None:
    """The first subject area that is filled counts."""
    with reading(answer):
        for row in answer.rows():
            tables.write(
                "courses",
                course_id=text(row.get("ID")),
                title=text(row.get("Title")) or text(row.get("LongDescription")),
                department=text(row.get("DepartmentCode")),
                subject_area=next(filter(None, (text(row.get(name)) for name in _SUBJECT_AREAS)), ""),
                active=flag(not text(row.get("InactiveStatusCode"))),
            )
