"""A roster folder as an Aeries API v5 would tell it: rows of each area, as documented (reference "SIS sources", 1).

What Aeries has no place for is lost on the way, and what it has and the roster does not is made up:
- a section has one term: of several (`1|2|3`) it is the year;
- class records always have dates: blank ones become those of the year;
- at secondary schools the counselor's teacher number stands where elementary schools have the homeroom's (STU.CU), and
  elementary schools tell the homeroom teacher's staff id as the counselor's;
- students who have left are tagged inactive on `today`.
Numbers are numbers, except section numbers and group codes that are not written as one.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cersgroups.core.roster import grade_of

Cells = dict[str, str]
Row = dict[str, Any]

_SCHEDULE_TYPES = {
    "elementary": "Elementary",
    "elementary_master": "ElementaryAndMasterSchedule",
    "master": "MasterSchedule",
}
_GRADES = {"TK": -1, "KG": 0, **{f"{grade:02d}": grade for grade in range(1, 13)}}
_UNGRADED = 18
_ROLE_CODES = {"aide": "33", "substitute": "47"}


@dataclass
class Spelling:
    """How this Aeries tells what it tells in several ways. `counselors`: "staff" ids (v5), or teacher "number"s."""

    flex: str = "Flexible"
    counselors: str = "staff"
    blank_last_names: bool = False


class District:
    """The tables of a roster folder, by school, and their rows as Aeries gives them."""

    def __init__(self, folder: Path, spelling: Spelling, today: str) -> None:
        self._folder, self.spelling, self._today = folder, spelling, today
        [self.lea] = self._read("lea")
        self.schools = {row["school_id"]: row for row in self._read("schools")}
        self._students = {row["student_id"]: row for row in self._read("students")}
        self._by_school = {
            table: self._grouped(table, "school_id")
            for table in ("terms", "teachers", "sections", "section_staff", "enrollments", "rosters")
        }
        self._staff = {row["staff_id"]: row for row in self._read("staff")}
        self._records = {
            (school, row["teacher_number"]): row for school, rows in self._by_school["teachers"].items() for row in rows
        }

    def school_rows(self) -> Iterator[Row]:
        code = self.lea["lea_code"].ljust(7, "0")
        yield self._school("0", self.lea["name"], f"{code[:7]}0000000", "Elementary", reported=False)
        yield self._school("99", "Transfer School", "", "MasterSchedule", reported=False)
        for row in self.schools.values():
            kind = _SCHEDULE_TYPES.get(row["schedule"], self.spelling.flex if row["schedule"] == "flex" else "")
            yield self._school(row["school_id"], row["name"], row["cds_code"], kind, active=row["active"] != "false")

    def term_rows(self, school: str) -> Iterator[Row]:
        for row in self._of("terms", school):
            yield {
                "TermCode": row["term_code"],
                "TermDescription": f"Term {row['term_code']}",
                "StartDate": _moment(row["start_date"]),
                "EndDate": _moment(row["end_date"]),
                "FirstHalfEndDate": None,
                "SecondHalfStartDate": None,
                "TrackTerms": [],
            }

    def course_rows(self) -> Iterator[Row]:
        for row in self._read("courses"):
            yield {
                "ID": row["course_id"],
                "Title": row["title"],
                "LongDescription": row["title"],
                "DepartmentCode": row["department"],
                "SubjectArea1Code": row["subject_area"],
                "SubjectArea2Code": "",
                "SubjectArea3Code": "",
                "StateCourseCode": "9100",
                "InactiveStatusCode": _tag(row["active"]),
            }

    def staff_rows(self) -> Iterator[Row]:
        for place, row in enumerate(self._staff.values()):
            schools = row["school_ids"].split("|")
            yield {
                "SchoolAccessPermissions": [{"SchoolCode": _number(school)} for school in schools],
                "ID": _number(row["staff_id"]),
                "FirstName": row["first_name"],
                "LastName": row["last_name"],
                "LeaveDate": None,
                "InactiveStatusCode": _tag(row["active"], blank=" " if place % 3 else ""),
                "StateEducatorID": row["state_educator_id"],
                "EmailAddress": row["email"],
                "PrimaryAeriesSchool": _number(schools[0]),
            }

    def teacher_rows(self, school: str) -> Iterator[Row]:
        for row in self._of("teachers", school):
            yield {
                "SchoolCode": _number(school),
                "TeacherNumber": _number(row["teacher_number"]),
                "DisplayName": row["last_name"],
                "FirstName": row["first_name"],
                "LastName": "" if self.spelling.blank_last_names else row["last_name"],
                "EmailAddress": row["email"],
                "StaffID1": _number(row["staff_id"] or "0"),
                "StaffID2": 0,
                "StaffID3": 0,
                "InactiveStatusCode": _tag(row["active"]),
            }

    def student_rows(self, school: str, first: int, last: int) -> Iterator[Row]:
        """Of the student rows of a school, those from `first` to `last`, counted from 1."""
        for number, row in enumerate(self._of("enrollments", school)[first - 1 : last], start=first):
            student = self._students[row["student_id"]]
            column, counselor = self._people(school, row)
            left = bool(row["end_date"]) and row["end_date"] < self._today
            active = _tag(row["active"], inactive="*", blank=" " if number % 2 else "")
            yield {
                "StudentID": _number(row["student_id"]),
                "StudentNumber": number,
                "SchoolCode": _number(school),
                "StateStudentID": student["ssid"],
                "LastName": student["last_name"],
                "FirstName": student["first_name"],
                "MiddleName": "",
                "Gender": "X",
                "Grade": _GRADES.get(grade_of(row["grade"]) or "", _UNGRADED),
                "InactiveStatusCode": "I" if left else active,
                "SchoolEnterDate": _moment(row["start_date"]),
                "SchoolLeaveDate": _moment(row["end_date"]),
                "CounselorNumber": _number(counselor or "0"),
                "HomeRoomTeacherNumber": column or "0",
                "Track": "",
            }

    def section_rows(self, school: str) -> Iterator[Row]:
        staff = defaultdict(list)
        for member in self._of("section_staff", school):
            staff[member["section_number"]].append(self._member(school, member))
        for row in self._of("sections", school):
            terms = row["term_code"].split("|")
            yield {
                "SchoolCode": _number(school),
                "SectionNumber": _number(row["section_number"]),
                "Period": row["period"],
                "PeriodBlock": 1,
                "Semester": terms[0] if len(terms) == 1 else "Y",
                "CourseID": row["course_id"],
                "Room": "",
                "InactiveStatusCode": _tag(row["active"]),
                "Track": "",
                "PrimaryClass": row["primary_class"] == "true",
                "SectionStaffMembers": staff[row["section_number"]],
            }

    def class_rows(self, school: str) -> Iterator[Row]:
        year = [row for row in self._of("terms", school) if row["term_code"] == "Y"]
        first, last = (year[0]["start_date"], year[0]["end_date"]) if year else ("", "")
        for place, row in enumerate(self._of("rosters", school), start=1):
            yield {
                "StudentID": _number(row["student_id"]),
                "SchoolCode": _number(school),
                "SequenceNumber": place,
                "SectionNumber": _number(row["section_number"]),
                "CourseID": "",
                "DateStarted": _moment(row["start_date"] or first),
                "DateEnded": _moment(row["end_date"] or last),
            }

    def group_rows(self, school: str) -> Iterator[Row]:
        """Of one school, or of `all`."""
        members, staff = self._grouped("group_members", "group_code"), self._grouped("group_staff", "group_code")
        for row in self._read("student_groups"):
            if school not in ("all", row["school_id"] or "0"):
                continue
            code = row["group_code"]
            yield {
                "Students": [{"StudentId": _number(member["student_id"])} for member in members[code]],
                "Staff": [{"StaffId": _number(member["staff_id"])} for member in staff[code]],
                "GroupId": _number(code),
                "Name": row["name"],
                "Description": row["name"],
                "ExpirationDate": _moment(row["expires_on"]),
                "SchoolCode": _number(row["school_id"] or "0"),
                "IsCommunicationGroup": False,
                "ConfidentialGroup": row["confidential"] == "true",
            }

    def _school(self, code: str, name: str, cds: str, kind: str, active: bool = True, reported: bool = True) -> Row:
        return {
            "SchoolCode": _number(code),
            "Name": name,
            "InactiveStatusCode": "" if active else "I",
            "DoNotReport": not reported,
            "StateCountyID": cds[:2],
            "StateDistrictID": cds[2:7],
            "StateSchoolID": cds[7:],
            "ScheduleType": kind,
            "SessionType": "Regular",
            "AttendanceType": "Daily",
            "Tracks": 0,
            "UsingSectionStaffInMasterSchedule": kind == self.spelling.flex,
        }

    def _member(self, school: str, row: Cells) -> Row:
        record = self._records.get((school, row["teacher_number"]), {})
        staff_id = row["staff_id"] or record.get("staff_id", "")
        known = self._staff.get(staff_id) or record
        role = row.get("role") or "primary"
        return {
            "StaffID": _number(staff_id or "0"),
            "LastName": known.get("last_name", ""),
            "FirstName": known.get("first_name", ""),
            "IsPrimaryTeacher": role == "primary",
            "StaffRoleCode": _ROLE_CODES.get(role, ""),
            "StudentAccess": role != "aide",
            "StartDate": _moment(row.get("start_date", "")),
            "EndDate": _moment(row.get("end_date", "")),
            "InactiveStatusCode": _tag(row.get("active", "")),
        }

    def _people(self, school: str, row: Cells) -> tuple[str, str]:
        """STU.CU and the counselor as it is told."""
        homeroom, counselor = row.get("homeroom_teacher_number", ""), row.get("counselor_id", "")
        column = homeroom or (counselor if (school, counselor) in self._records else "")
        record = self._records.get((school, column))
        if self.spelling.counselors == "number" or record is None:
            return column, counselor or column
        return column, record["staff_id"] if not counselor or counselor == column else counselor

    def _of(self, table: str, school: str) -> list[Cells]:
        return self._by_school[table].get(school, [])

    def _grouped(self, table: str, column: str) -> defaultdict[str, list[Cells]]:
        grouped: defaultdict[str, list[Cells]] = defaultdict(list)
        for row in self._read(table):
            grouped[row[column]].append(row)
        return grouped

    def _read(self, table: str) -> Iterator[Cells]:
        path = self._folder / f"{table}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                reader = csv.reader(file)
                names = next(reader)
                for cells in reader:
                    yield dict(zip(names, cells, strict=True))


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and str(int(text)) == text else text


def _moment(day: str) -> str | None:
    return f"{day}T00:00:00" if day else None


def _tag(active: str, inactive: str = "I", blank: str = "") -> str:
    return inactive if active == "false" else blank
