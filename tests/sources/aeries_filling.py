"""A roster folder as an Aeries database would hold it: the way back, for tests and measurements.

School, staff and student ids must be numbers. What Aeries cannot hold is written as close as it gets: a section has
one term (of several: the year), grades have numbers.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

import psycopg

Row = dict[str, str]
Cells = tuple[object, ...]

_SCHEDULES = {"elementary": "0", "elementary_master": "1", "master": "2", "flex": "3"}
_SPANS = {"elementary": (-1, 5), "elementary_master": (-1, 5), "master": (6, 8), "flex": (9, 12)}
"""Lowest and highest grade."""
_GRADES = {"TK": -1, "KG": 0, "UG": 14}
_ROLES = {"aide": "33", "substitute": "47"}


class Filling:
    """The rows of each table of Aeries."""

    def __init__(self, roster: Path) -> None:
        self._roster = roster

    def rows(self, table: str) -> Iterator[Row]:
        with (self._roster / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    @cached_property
    def schools(self) -> dict[str, Row]:
        return {row["school_id"]: row for row in self.rows("schools")}

    @cached_property
    def flex(self) -> list[str]:
        return [school_id for school_id, row in self.schools.items() if row["schedule"] == "flex"]

    @cached_property
    def periods(self) -> dict[tuple[str, str], int]:
        """The number of each flex period by school and title."""
        titles = {(row["school_id"], row["period"]) for row in self.rows("sections") if row["period"]}
        return {key: number for number, key in enumerate(sorted(titles), start=1) if key[0] in self.flex}

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        """The first number of each student at each school."""
        found: dict[tuple[str, str], int] = {}
        counts: Counter[str] = Counter()
        for row in self.rows("enrollments"):
            counts[row["school_id"]] += 1
            found.setdefault((row["school_id"], row["student_id"]), counts[row["school_id"]])
        return found

    def loc(self) -> Iterator[Cells]:
        lea = next(self.rows("lea"))
        code = lea["lea_code"]
        yield 0, lea["name"], code[:2], code[2:], "0000000", " ", False, "2", -1, 12
        for row in self.schools.values():
            cds = row["cds_code"]
            closed = "I" if row["active"] == "false" else ""
            shape = (_SCHEDULES[row["schedule"]], *_SPANS[row["schedule"]])
            yield row["school_id"], row["name"], cds[:2], cds[2:7], cds[7:], closed, False, *shape

    def opt(self) -> Iterator[Cells]:
        for school_id, row in self.schools.items():
            flag = "True" if row["tracks_primary_classes"] == "true" else "False"
            yield school_id, "TrackPrimaryClasses", flag
            yield school_id, "UseStaffIDBasedCounselorTracking", str(school_id in self.flex)

    def trm(self) -> Iterator[Cells]:
        for row in self.rows("terms"):
            yield row["school_id"], row["term_code"], row["start_date"], row["end_date"]

    def crs(self) -> Iterator[Cells]:
        for row in self.rows("courses"):
            yield row["course_id"], row["title"], row["department"], row["subject_area"], _inactive(row)

    def stf(self) -> Iterator[Cells]:
        for row in self.rows("staff"):
            school = row["school_ids"].split("|")[0] or 0
            name = (row["last_name"], row["first_name"])
            yield row["staff_id"], *name, row["email"], row["state_educator_id"], _inactive(row), school

    def ugn(self) -> Iterator[Cells]:
        for row in self.rows("staff"):
            yield row["staff_id"], f"user{row['staff_id']}", row["email"], "never read", "adteacher"

    def tch(self) -> Iterator[Cells]:
        for row in self.rows("teachers"):
            last, first = row["last_name"], row["first_name"]
            display = f"{last}, {first}" if first else last
            key = (row["school_id"], row["teacher_number"])
            yield *key, display, first, last, row["email"], row["staff_id"] or 0, 0, 0, _inactive(row)

    def ftf(self) -> Iterator[Cells]:
        for (school_id, title), number in self.periods.items():
            yield school_id, number, title

    def mst(self) -> Iterator[Cells]:
        teachers: dict[tuple[str, str], list[str]] = {}
        for row in self.rows("section_staff"):
            if row["teacher_number"]:
                teachers.setdefault((row["school_id"], row["section_number"]), []).append(row["teacher_number"])
        for row in self.rows("sections"):
            key = (row["school_id"], row["section_number"])
            number = self.periods.get((row["school_id"], row["period"]), 0)
            term = "Y" if "|" in row["term_code"] else row["term_code"]
            three = [*teachers.get(key, []), 0, 0, 0][:3]
            primary = row["primary_class"] == "true"
            period = "" if number else row["period"]
            yield *key, period, number, row["course_id"], term, *three, primary, _inactive(row)

    def sse(self) -> Iterator[Cells]:
        for row in self.rows("section_staff"):
            if row["staff_id"]:
                primary = row["role"] in ("", "primary")
                days = (row["start_date"] or None, row["end_date"] or None)
                who = (row["school_id"], row["section_number"], row["staff_id"])
                yield *who, primary, _ROLES.get(row["role"], ""), *days, _inactive(row)

    def stu(self) -> Iterator[Cells]:
        students = {row["student_id"]: row for row in self.rows("students")}
        counts: Counter[str] = Counter()
        for row in self.rows("enrollments"):
            school_id, student = row["school_id"], students[row["student_id"]]
            counts[school_id] += 1
            by_staff = school_id in self.flex
            cu = row["homeroom_teacher_number"] or ("" if by_staff else row["counselor_id"]) or 0
            yield (
                *(school_id, counts[school_id], row["student_id"], student["ssid"]),
                *(student["last_name"], student["first_name"], _grade(row["grade"]), _inactive(row)),
                *(cu, row["counselor_id"] or 0 if by_staff else 0),
                *(row["start_date"] or None, row["end_date"] or None),
            )

    def car(self) -> Iterator[Cells]:
        for place, row in enumerate(self.rows("rosters"), start=1):
            number = self.numbers[row["school_id"], row["student_id"]]
            days = (row["start_date"] or None, row["end_date"] or None)
            yield row["school_id"], number, place, row["section_number"], *days

    def sec(self) -> Iterator[Cells]:
        for row in self.rows("rosters"):
            number = self.numbers[row["school_id"], row["student_id"]]
            yield row["school_id"], number, row["section_number"]

    def sgd(self) -> Iterator[Cells]:
        for row in self.rows("student_groups"):
            yield row["group_code"], row["name"], row["expires_on"] or None, row["confidential"] == "true"

    def sgm(self) -> Iterator[Cells]:
        for row in self.rows("group_members"):
            yield row["group_code"], row["student_id"]

    def sgs(self) -> Iterator[Cells]:
        for row in self.rows("group_staff"):
            yield row["group_code"], row["staff_id"]


def _inactive(row: Row) -> str:
    return "I" if row["active"] == "false" else " "


def _grade(grade: str) -> int:
    return _GRADES[grade] if grade in _GRADES else int(grade)


_COLUMNS: dict[str, tuple[str, Callable[[Filling], Iterable[Cells]]]] = {
    "LOC": ("CD NM CC DC SC TG DNR E LO HI", Filling.loc),
    "OPT": ("SC NM CD", Filling.opt),
    "TRM": ("SC TM D1 D2", Filling.trm),
    "CRS": ("CN CO DC S1 TG", Filling.crs),
    "STF": ("ID LN FN EM SID TG PSC", Filling.stf),
    "UGN": ("SID UN EM PW UTY", Filling.ugn),
    "TCH": ("SC TN TE TF TLN EM ID ID2 ID3 TG", Filling.tch),
    "FTF": ("SC SQ STI", Filling.ftf),
    "MST": ("SC SE PD FSQ CN SM TN TN2 TN3 PC STG", Filling.mst),
    "SSE": ("SC SE ID PR SR SD ED TG", Filling.sse),
    "STU": ("SC SN ID CID LN FN GR TG CU CNS ED LD", Filling.stu),
    "CAR": ("SC SN SQ SE DS DE", Filling.car),
    "SEC": ("SC SN SE", Filling.sec),
    "SGD": ("GI GN DX CG", Filling.sgd),
    "SGM": ("GI ID", Filling.sgm),
    "SGS": ("GI ID", Filling.sgs),
}


def fill(connection: psycopg.Connection, filling: Filling) -> None:
    """Every table of the schema (aeries_schema.py)."""
    for table, (names, rows) in _COLUMNS.items():
        columns = ", ".join(f'"{name}"' for name in names.split())
        with connection.cursor().copy(f'COPY dbo."{table}" ({columns}) FROM STDIN'.encode()) as copy:
            for cells in rows(filling):
                copy.write_row(cells)
