"""Class rosters of one school of the Aeries API: CAR, the history of who sat where. Reference "SIS sources", 1.9."""

from cersgroups.sources.aeries_api_cell import day, reading, reference
from cersgroups.sources.aeries_api_school import School
from cersgroups.sources.exchange import Answer
from cersgroups.sources.oneroster_date import is_empty
from cersgroups.sources.oneroster_span import Spans
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries classes"


def write_rosters(answer: Answer, school: School, tables: RosterTables, tally: Tally) -> None:
    """Every record with its dates: which are live on a day is the build's to say."""
    spans = Spans()
    with reading(answer):
        for row in answer.rows():
            section, student = reference(row.get("SectionNumber")), reference(row.get("StudentID"))
            start, end = day(row.get("DateStarted")), day(row.get("DateEnded"))
            key = f"{school.code}/{section}/{student}"
            if is_empty(start, end):
                tally.add("aeries_roster_without_days", LABEL, key, f"{start} to {end}")
                continue
            span = spans.add(key, start, end)
            if span is None or span[2]:
                tally.add("aeries_roster_repeated", LABEL, key, start)
            if span is not None:
                tables.write(
                    "rosters",
                    school_id=school.code,
                    section_number=section,
                    student_id=student,
                    start_date=span[0],
                    end_date=span[1],
                )
