"""Courses, sections and who teaches them, of the Aeries database."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_code import role_of
from cersgroups.sources.aeries_database_cell import active, day, flag, forbids, reference, text, written
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.aeries_database_school import Schools
from cersgroups.sources.aeries_database_staff import People, Records


def write_courses(reading: Reading) -> None:
    """Write `courses`; department and subject area are Aeries' codes."""
    for row in reading.rows(statement.courses(), "CRS"):
        reading.tables.write(
            "courses",
            course_id=text(row.CN),
            title=text(row.CO) or text(row.CN),
            department=text(row.DC),
            subject_area=text(row.S1),
            active=active(row.TG),
        )


def write_section_staff(reading: Reading, schools: Schools, people: People) -> frozenset[str]:
    """Write `section_staff` of schools that set staff for sections (SSE); returns those schools.

    Flex schools do, and others that chose it; one whose scheduling type we do not know does if it has such rows.
    """
    met = {school_id for school_id, school in schools.items() if school.section_staff}
    rows = reading.rows(statement.section_staff(), "SSE")
    for (school_id, section_number, staff_id), of_one in groupby(rows, _person_key):
        school = schools.get(school_id)
        if staff_id and school and school.section_staff is not False:
            met.add(school_id)
            if staff_id in people:
                people[staff_id].schools.add(school_id)
            _write_person(reading, school_id, section_number, staff_id, list(of_one))
    return frozenset(met)


def _person_key(row: Row[Any]) -> tuple[str, str, str]:
    return text(row.SC), text(row.SE), reference(row.ID)


def _write_person(reading: Reading, school_id: str, section_number: str, staff_id: str, rows: list[Row[Any]]) -> None:
    """One row for each role and first day; of several the active one, of those the one that lasts longest."""
    kept: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
        role = role_of(flag(row.PR), text(row.SR), not forbids(row.SAC))
        key, found = (role, day(row.SD)), (active(row.TG), day(row.ED))
        other = kept.setdefault(key, found)
        if other != found:
            reading.tally.add("aeries_section_staff_repeated", "SSE", f"{school_id}/{section_number}", staff_id)
            kept[key] = max(other, found, key=lambda cells: (cells[0], cells[1] or "9999"))
    for (role, start), (is_active, end) in kept.items():
        reading.tables.write(
            "section_staff",
            school_id=school_id,
            section_number=section_number,
            staff_id=staff_id,
            role=role,
            start_date=start,
            end_date=end,
            active=is_active,
        )


def write_sections(reading: Reading, schools: Schools, by_staff: frozenset[str], records: Records) -> None:
    """Write `sections`, and `section_staff` of all schools but `by_staff` from the teacher numbers in them."""
    periods = _FlexPeriods(reading)
    for row in reading.rows(statement.sections(), "MST"):
        school_id, section_number = text(row.SC), text(row.SE)
        if school_id not in schools:
            continue
        reading.tables.write(
            "sections",
            school_id=school_id,
            section_number=section_number,
            course_id=text(row.CN),
            period=periods.of(row),
            term_code=text(row.SM),
            primary_class=written(flag(row.PC)),
            active=active(row.STG),
        )
        if school_id not in by_staff:
            for who in _teachers(row, school_id, records):
                reading.tables.write(
                    "section_staff", school_id=school_id, section_number=section_number, active="true", **who
                )


def _teachers(row: Row[Any], school_id: str, records: Records) -> Iterator[dict[str, str]]:
    """Teacher numbers with their roles, the first primary whatever its role says; then who is in a team with them."""
    roles = {reference(row.TN): "primary"}
    for cell, code in ((row.TN2, row.SR2), (row.TN3, row.SR3)):
        roles.setdefault(reference(cell), role_of(False, text(code), True))
    team: dict[str, None] = {}
    for number, role in roles.items():
        if number:
            yield {"teacher_number": number, "role": role}
            team |= dict.fromkeys(records.get((school_id, number), ())[1:])
    for staff_id in team:
        yield {"staff_id": staff_id, "role": "co"}


class _FlexPeriods:
    """The titles of flex periods by school and number."""

    def __init__(self, reading: Reading) -> None:
        rows = reading.rows(statement.flex_periods(), "FTF")
        self._titles = {(text(row.SC), reference(row.SQ)): text(row.STI) for row in rows}
        self._tally = reading.tally

    def of(self, row: Row[Any]) -> str:
        """The title of a section's flex period, else its period."""
        number = reference(row.FSQ)
        title = self._titles.get((text(row.SC), number), "")
        if number and not title:
            self._tally.add("aeries_flex_period_missing", "MST", f"{text(row.SC)}/{text(row.SE)}", number)
        return title or text(row.PD)
