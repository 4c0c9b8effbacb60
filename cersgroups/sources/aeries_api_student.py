"""Students of the Aeries API and their enrollments. Reference "SIS sources", 1.4.

A student has a row per school and stay; inactive ones are among them.
"""

from collections import Counter
from typing import Any, NamedTuple

from cersgroups.core.error import DataStop
from cersgroups.sources.aeries_api_cell import day, flag, reading, reference, text
from cersgroups.sources.aeries_api_request import STUDENTS, Aeries
from cersgroups.sources.aeries_api_school import School
from cersgroups.sources.aeries_api_staff import Staff
from cersgroups.sources.aeries_api_teacher import Records
from cersgroups.sources.aeries_code import grade_of_number, has_homerooms
from cersgroups.sources.exchange import Refused
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries students"
_READINGS = 3
"""The list is read again where it changed while it was read."""


class Row(NamedTuple):
    """What is used of one row; `status` is blank for active students."""

    student_id: str
    number: str
    ssid: str
    last_name: str
    first_name: str
    grade: str
    status: str
    start: str
    end: str
    homeroom: str
    counselor: str


def fetch_students(aeries: Aeries, school: School) -> list[Row]:
    """All students of a school, page by page. Raises DataStop if a page is cut short, or the list keeps changing."""
    for _ in range(_READINGS):
        rows = _read(aeries, school)
        numbers = Counter(row.number for row in rows)
        if len(numbers) == len(rows):
            return rows
    raise DataStop(
        f"Aeries: GET /schools/{school.code}/students: the list changed while it was read, {_READINGS} times. "
        "Sync at an hour in which nobody enrolls students."
    )


def _read(aeries: Aeries, school: School) -> list[Row]:
    rows: list[Row] = []
    while True:
        page = _page(aeries, school, len(rows) + 1, len(rows) + aeries.page_size)
        rows += page
        if len(page) < aeries.page_size:
            if page and _page(aeries, school, len(rows) + 1, len(rows) + 1):
                raise DataStop(
                    f"Aeries: GET /schools/{school.code}/students: the page of {aeries.page_size} students held only "
                    f"{len(page)}, and there are more behind it: it was cut short. Try a smaller page size."
                )
            return rows


def _page(aeries: Aeries, school: School, first: int, last: int) -> list[Row]:
    try:
        answer = aeries.get(f"schools/{school.code}/students", STUDENTS, StartingRecord=first, EndingRecord=last)
    except Refused as refused:
        if refused.http_status == 404 and first > 1:
            return []  # nothing behind the last
        raise
    with reading(answer):
        page = [_row(row) for row in answer.rows()]
    if len(page) > last - first + 1:
        raise DataStop(f"{answer.request}: {len(page)} students came, more than were asked for. Raise the page size.")
    return page


def _row(row: dict[str, Any]) -> Row:
    return Row(
        reference(row.get("StudentID")),
        text(row.get("StudentNumber")),
        text(row.get("StateStudentID")),
        text(row.get("LastName")),
        text(row.get("FirstName")),
        text(row.get("Grade")),
        text(row.get("InactiveStatusCode")),
        day(row.get("SchoolEnterDate")),
        day(row.get("SchoolLeaveDate")),
        reference(row.get("HomeRoomTeacherNumber")),
        reference(row.get("CounselorNumber")),
    )


class Students:
    """Everybody by student_id; the active row of a student counts more than another."""

    def __init__(self, staff: Staff, tables: RosterTables, tally: Tally) -> None:
        self._staff, self._tables, self._tally = staff, tables, tally
        self._known: dict[str, tuple[bool, str, str, str]] = {}

    def __contains__(self, student_id: object) -> bool:
        return student_id in self._known

    def write_enrollments(self, school: School, records: Records, rows: list[Row]) -> None:
        people = _People(school, records, self._staff, self._tally)
        for row in self._each_once(school, rows):
            self._keep(row)
            grade, active = grade_of_number(row.grade), not row.status
            if active and not grade:
                self._tally.add("aeries_grade_none", LABEL, f"{school.code}/{row.student_id}", row.grade)
            homeroom, counselor = people.of(row, grade)
            self._tables.write(
                "enrollments",
                student_id=row.student_id,
                school_id=school.code,
                grade=grade,
                active=flag(active),
                start_date=row.start,
                end_date=row.end,
                homeroom_teacher_number=homeroom,
                counselor_id=counselor,
            )

    def write(self) -> None:
        """One row of each student, once all schools are read."""
        for student_id, (_, ssid, last_name, first_name) in self._known.items():
            self._tables.write("students", student_id=student_id, ssid=ssid, last_name=last_name, first_name=first_name)

    def _each_once(self, school: School, rows: list[Row]) -> list[Row]:
        """One row for each student and first day: the active one, of several the one with the highest number."""
        kept: dict[tuple[str, str], Row] = {}
        for row in rows:
            if not row.student_id:
                continue
            other = kept.setdefault((row.student_id, row.start), row)
            if other is not row:
                self._tally.add("aeries_enrollment_repeated", LABEL, f"{school.code}/{row.student_id}", row.start)
                kept[row.student_id, row.start] = max(other, row, key=_rank)
        return list(kept.values())

    def _keep(self, row: Row) -> None:
        new = (not row.status, row.ssid, row.last_name, row.first_name)
        old = self._known.setdefault(row.student_id, new)
        if old is new:
            return
        if old[1] != row.ssid and old[1] and row.ssid:
            self._tally.add("aeries_ssid_differs", LABEL, row.student_id)
        if (new[0], bool(new[1])) > (old[0], bool(old[1])):
            self._known[row.student_id] = new


def _rank(row: Row) -> tuple[bool, int, str]:
    return not row.status, len(row.number), row.number


class _People:
    """Who a student's homeroom teacher and counselor are: both may come from one column, STU.CU."""

    def __init__(self, school: School, records: Records, staff: Staff, tally: Tally) -> None:
        self._school, self._records, self._staff, self._tally = school, records, staff, tally
        self._told: set[str] = set()

    def of(self, row: Row, grade: str) -> tuple[str, str]:
        """homeroom_teacher_number and counselor_id."""
        record = self._records.of_number(row.homeroom)
        if has_homerooms(self._school.schedule, grade):
            same = (row.homeroom, *(record.staff_ids if record else ()))
            return self._known_as(row.homeroom), "" if row.counselor in same else self._known_as(row.counselor)
        if not row.counselor and record and not record.staff_ids:
            return "", row.homeroom  # a counselor's record without a person has no staff id to be named by
        return "", self._known_as(row.counselor)

    def _known_as(self, number: str) -> str:
        """The number; at a flex school, whose records are not in the roster, the staff id that it stands for."""
        if self._school.schedule != "flex":
            return number
        record = self._records.of_number(number)
        if not record or not record.staff_ids:
            return number
        meant = record.staff_ids[0]
        if number in self._staff and number != meant and number not in self._told:
            self._told.add(number)
            self._tally.add("aeries_counselor_fits_both", LABEL, f"{self._school.code}/{number}", meant)
        return meant
