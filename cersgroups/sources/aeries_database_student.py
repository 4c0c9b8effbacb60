"""Students, their enrollments and the rosters of sections, of the Aeries database."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_code import grade_of_number, has_homerooms
from cersgroups.sources.aeries_database_cell import active, day, reference, text
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.aeries_database_school import Schools
from cersgroups.sources.aeries_database_staff import Records


def write_students(reading: Reading, schools: Schools, records: Records) -> None:
    """Write `students` and `enrollments`: STU has a row for each school that a student is or was at."""
    students = _Students(reading, schools, records)
    rows = reading.rows(statement.students(), "STU")
    for student_id, of_one in groupby(rows, lambda row: reference(row.ID)):
        here = [row for row in of_one if text(row.SC) in schools]
        if student_id and here:
            students.write(student_id, sorted(here, key=lambda row: text(row.TG) != ""))


class _Students:
    """Writes students; of the rows of one, active ones come first."""

    def __init__(self, reading: Reading, schools: Schools, records: Records) -> None:
        self._reading, self._schools, self._records = reading, schools, records

    def write(self, student_id: str, rows: list[Row[Any]]) -> None:
        """The student, and an enrollment for each school and first day."""
        ssids = list(dict.fromkeys(ssid for row in rows if (ssid := text(row.CID))))
        if len(ssids) > 1:
            self._reading.tally.add("aeries_ssid_differs", "STU", student_id)
        self._reading.tables.write(
            "students",
            student_id=student_id,
            ssid=ssids[0] if ssids else "",
            last_name=text(rows[0].LN),
            first_name=text(rows[0].FN),
        )
        seen: set[tuple[str, str]] = set()
        for row in rows:
            key = (text(row.SC), day(row.ED))
            if key in seen:
                self._reading.tally.add("aeries_enrollment_repeated", "STU", f"{key[0]}/{student_id}", key[1])
                continue
            seen.add(key)
            self._enroll(student_id, row, *key)

    def _enroll(self, student_id: str, row: Row[Any], school_id: str, start: str) -> None:
        is_active, grade = active(row.TG), grade_of_number(text(row.GR))
        if is_active == "true" and not grade:
            self._reading.tally.add("aeries_grade_none", "STU", f"{school_id}/{student_id}", text(row.GR))
        homeroom, counselor = self._homeroom_and_counselor(row, school_id, grade)
        self._reading.tables.write(
            "enrollments",
            student_id=student_id,
            school_id=school_id,
            grade=grade,
            active=is_active,
            start_date=start,
            end_date=_last_day(self._reading, row, start),
            homeroom_teacher_number=homeroom,
            counselor_id=counselor,
        )

    def _homeroom_and_counselor(self, row: Row[Any], school_id: str, grade: str) -> tuple[str, str]:
        """STU.CU is the one or the other; STU.CNS is the counselor where the school counts them by staff id.

        At a flex school, whose teacher records are not in the roster, a number stands for the staff of its record.
        """
        school, named = self._schools[school_id], reference(row.CU)
        if has_homerooms(school.schedule, grade):
            return named, reference(row.CNS) if school.counselor_by_staff_id else ""
        if school.counselor_by_staff_id:
            return "", reference(row.CNS)
        people = self._records.get((school_id, named), ()) if school.schedule == "flex" else ()
        return "", people[0] if people else named


def _last_day(reading: Reading, row: Row[Any], start: str) -> str:
    """Blank for an active student who left before entering: the day is of an earlier stay."""
    end = day(row.LD)
    if end and end < start and not text(row.TG):
        reading.tally.add("aeries_left_before_entering", "STU", f"{text(row.SC)}/{text(row.ID)}", end)
        return ""
    return end


def write_rosters(reading: Reading, schools: Schools, tell: Callable[[str, float], None]) -> None:
    """Write `rosters`; of rows of one student in one section from one day the one that lasts longest.

    `tell` is called with each school that begins and the part of the schools that is done.
    """
    dated = {text(row.SC) for row in reading.rows(statement.schools_with_attendance(), "CAR")}
    met: dict[str, None] = {}
    rows = reading.rows(statement.rosters(), "CAR, SEC, STU")
    for (school_id, section_number, student_id, start), of_one in groupby(rows, _seat):
        if school_id not in schools:
            continue
        if school_id not in met:
            tell(school_id, len(met) / len(schools))
            met[school_id] = None
        ends = [day(row.DE) for row in of_one]
        end = "" if "" in ends else max(ends)
        if len(set(ends)) > 1:
            reading.tally.add("aeries_roster_repeated", "CAR", f"{school_id}/{section_number}", student_id)
        if start and end and end < start:
            reading.tally.add("aeries_roster_without_days", "CAR", f"{school_id}/{section_number}", student_id)
            continue
        reading.tables.write(
            "rosters",
            school_id=school_id,
            section_number=section_number,
            student_id=student_id,
            start_date=start,
            end_date=end,
        )
    for school_id in met:
        if school_id not in dated:
            reading.tally.add("aeries_rosters_undated", "CAR", school_id)


def _seat(row: Row[Any]) -> tuple[str, str, str, str]:
    return text(row.SC), text(row.SE), text(row.ID), day(row.DS)
