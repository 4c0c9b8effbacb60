"""Students, their enrollments and the rosters of sections, of the Aeries database."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_code import grade_of_number, has_homerooms
from cersgroups.sources.aeries_database_cell import active, day, reference, text
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.aeries_database_school import School

_UNKNOWN = School("", None, False)


def write_students(reading: Reading, schools: Mapping[str, School]) -> None:
    """Write `students` and `enrollments`: STU has a row for each school that a student is or was at."""
    rows = reading.rows(statement.students(), "STU")
    for student_id, of_one in groupby(rows, lambda row: reference(row.ID)):
        if student_id:
            records = sorted(of_one, key=lambda row: text(row.TG) != "")
            _write_student(reading, student_id, records)
            _write_enrollments(reading, student_id, records, schools)


def _write_student(reading: Reading, student_id: str, records: list[Row[Any]]) -> None:
    """`records`: active ones first."""
    ssids = list(dict.fromkeys(ssid for row in records if (ssid := text(row.CID))))
    if len(ssids) > 1:
        reading.tally.add("aeries_several_ssids", "STU", student_id)
    row = records[0]
    reading.tables.write(
        "students",
        student_id=student_id,
        ssid=ssids[0] if ssids else "",
        last_name=text(row.LN),
        first_name=text(row.FN),
    )


def _write_enrollments(
    reading: Reading, student_id: str, records: list[Row[Any]], schools: Mapping[str, School]
) -> None:
    seen: set[tuple[str, str]] = set()
    for row in records:
        school_id, start = text(row.SC), day(row.ED)
        if (school_id, start) in seen:
            reading.tally.add("aeries_enrollment_repeated", "STU", f"{school_id} {student_id}", start)
            continue
        seen.add((school_id, start))
        grade = grade_of_number(text(row.GR))
        homeroom, counselor = _homeroom_and_counselor(row, schools.get(school_id, _UNKNOWN), grade)
        reading.tables.write(
            "enrollments",
            student_id=student_id,
            school_id=school_id,
            grade=grade,
            active=active(row.TG),
            start_date=start,
            end_date=_last_day(reading, row, start),
            homeroom_teacher_number=homeroom,
            counselor_id=counselor,
        )


def _homeroom_and_counselor(row: Row[Any], school: School, grade: str) -> tuple[str, str]:
    """STU.CU is the one or the other; STU.CNS is the counselor where the school counts them by staff id."""
    named = reference(row.CU)
    homerooms = has_homerooms(school.schedule, grade)
    counselor = reference(row.CNS) if school.counselor_by_staff_id else "" if homerooms else named
    return named if homerooms else "", counselor


def _last_day(reading: Reading, row: Row[Any], start: str) -> str:
    """Blank for an active student who left before entering: the day is of an earlier stay."""
    end = day(row.LD)
    if end and end < start and not text(row.TG):
        reading.tally.add("aeries_left_before_entering", "STU", f"{text(row.SC)} {text(row.ID)}", end)
        return ""
    return end


def write_rosters(reading: Reading, schools: Mapping[str, School]) -> None:
    """Write `rosters`; of rows of one student in one section from one day the one that lasts longest."""
    dated = {text(row.SC) for row in reading.rows(statement.schools_with_attendance(), "CAR")}
    undated: set[str] = set()
    rows = reading.rows(statement.rosters(), "CAR, SEC, STU")
    for (school_id, section_number, student_id, start), of_one in groupby(rows, _seat):
        if school_id not in dated:
            undated.add(school_id)
        reading.tables.write(
            "rosters",
            school_id=school_id,
            section_number=section_number,
            student_id=student_id,
            start_date=start,
            end_date=_latest([day(row.DE) for row in of_one]),
        )
    for school_id in sorted(undated & schools.keys()):
        reading.tally.add("aeries_rosters_undated", "CAR", school_id)


def _seat(row: Row[Any]) -> tuple[str, str, str, str]:
    return text(row.SC), text(row.SE), text(row.ID), day(row.DS)


def _latest(ends: list[str]) -> str:
    return "" if "" in ends else max(ends)
