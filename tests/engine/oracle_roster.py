"""The slow reader: a roster as design.md, "The roster", describes it, in plain loops. Shares nothing with the engine.

Rows are dictionaries; blank cells are None, dates are dates, flags are booleans, lists are tuples.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]

_DATES = ("start_date", "end_date", "expires_on")
_FLAGS = ("active", "tracks_primary_classes", "primary_class", "confidential")
_COLUMNS = {
    "schools": "school_id school_number name cds_code active tracks_primary_classes",
    "terms": "school_id term_code start_date end_date",
    "courses": "course_id title department subject_area active",
    "staff": "staff_id last_name first_name email active",
    "teachers": "school_id teacher_number staff_id last_name first_name email active",
    "sections": "school_id section_number course_id period term_code primary_class active",
    "section_staff": "school_id section_number staff_id teacher_number role start_date end_date active",
    "students": "student_id ssid",
    "enrollments": "student_id school_id grade active start_date end_date homeroom_teacher_number counselor_id",
    "rosters": "school_id section_number student_id start_date end_date",
    "student_groups": "group_code school_id name expires_on confidential",
    "group_members": "group_code student_id",
    "group_staff": "group_code staff_id",
}
_KEYS = {
    "schools": "school_id",
    "terms": "school_id term_code",
    "courses": "course_id",
    "staff": "staff_id",
    "teachers": "school_id teacher_number",
    "sections": "school_id section_number",
    "section_staff": "school_id section_number",
    "students": "student_id",
    "enrollments": "student_id school_id",
    "rosters": "school_id section_number student_id",
    "student_groups": "group_code",
    "group_members": "group_code student_id",
    "group_staff": "group_code staff_id",
}


@dataclass(frozen=True)
class Person:
    """Somebody: one staff_id is one person, a teacher record without one is a person of its own."""

    staff_id: str | None
    record: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        return self.staff_id or (self.record or ("", ""))[1]

    @property
    def order(self) -> tuple[str, str]:
        """By id as text; staff before a record of the same id."""
        return self.id, "" if self.staff_id else "record"


class Roster:
    """The tables, read and cleaned, and who is meant by what."""

    def __init__(self, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self.table: dict[str, list[Row]] = {name: _rows(name, tables.get(name, ())) for name in _COLUMNS}
        self._leave_out("terms", "schools")
        self._leave_out("teachers", "schools")
        self._leave_out("sections", "schools")
        self._leave_out("section_staff", "sections")
        self._leave_out("enrollments", "students")
        self._leave_out("enrollments", "schools")
        self._leave_out("rosters", "sections")
        self._leave_out("rosters", "students")
        self._leave_out("group_members", "student_groups")
        self._leave_out("group_members", "students")
        self._leave_out("group_staff", "student_groups")
        self._leave_out("group_staff", "staff")
        self._blank("teachers", "staff_id", "staff")
        self._blank("sections", "course_id", "courses")
        self._find_people()

    def find(self, table: str, **cells: Any) -> Row | None:
        return next(iter(self.rows(table, **cells)), None)

    def rows(self, table: str, **cells: Any) -> list[Row]:
        return [row for row in self.table[table] if all(row[name] == cell for name, cell in cells.items())]

    def _leave_out(self, table: str, target: str) -> None:
        """A row whose key refers to nothing is left out."""
        key = _KEYS[target].split()
        known = {tuple(row[c] for c in key) for row in self.table[target]}
        self.table[table] = [row for row in self.table[table] if tuple(row[c] for c in key) in known]

    def _blank(self, table: str, column: str, target: str) -> None:
        """Any other cell that refers to nothing counts as blank."""
        for row in self.table[table]:
            if not self.find(target, **{column: row[column]}):
                row[column] = None

    def _find_people(self) -> None:
        for row in self.table["section_staff"]:
            row["person"], row["person_live"] = self._section_person(row)
        self.table["section_staff"] = [row for row in self.table["section_staff"] if row["person"]]
        for row in self.table["enrollments"]:
            for role, column in (("homeroom", "homeroom_teacher_number"), ("counselor", "counselor_id")):
                row[role], row[f"{role}_live"] = self._either(row["school_id"], row[column])

    def _section_person(self, row: Row) -> tuple[Person | None, bool]:
        """`staff_id` means staff and `teacher_number` the record; the other reading only where that fits nothing."""
        school = row["school_id"]
        by_staff = self._staff(school, row["staff_id"])
        by_record = self._record(school, row["teacher_number"])
        if by_staff[0] and by_record[0]:
            return by_staff[0], by_staff[1] and by_record[1]
        if by_staff[0]:
            return by_staff
        if by_record[0]:
            return by_record
        other = self._staff(school, row["teacher_number"])
        return other if other[0] else self._record(school, row["staff_id"])

    def _either(self, school: str, value: str | None) -> tuple[Person | None, bool]:
        """A homeroom teacher or counselor: a value that fits both is the teacher record's."""
        by_record = self._record(school, value)
        return by_record if by_record[0] else self._staff(school, value)

    def _record(self, school: str, number: str | None) -> tuple[Person | None, bool]:
        record = self.find("teachers", school_id=school, teacher_number=number) if number else None
        if not record:
            return None, False
        return self.person_of(record), self._record_live(record)

    def _record_live(self, record: Row) -> bool:
        staff = self.find("staff", staff_id=record["staff_id"]) if record["staff_id"] else None
        return bool(record["active"] and (staff is None or staff["active"]))

    def _staff(self, school: str, staff_id: str | None) -> tuple[Person | None, bool]:
        if not staff_id or not self.find("staff", staff_id=staff_id):
            return None, False
        return Person(staff_id), self.staff_live(school, staff_id)

    def staff_live(self, school: str, staff_id: str) -> bool:
        """Staff who is active, and not at a school where all the person's teacher records are inactive."""
        staff = self.find("staff", staff_id=staff_id)
        records = self.rows("teachers", school_id=school, staff_id=staff_id)
        return bool(staff and staff["active"] and (not records or any(map(self._record_live, records))))

    def person_of(self, record: Row) -> Person:
        if record["staff_id"]:
            return Person(record["staff_id"])
        return Person(None, (record["school_id"], record["teacher_number"]))

    def named_at(self, school: str) -> set[Person]:
        """Teacher records of the school, and whom its sections, homerooms or counselors name, live or not."""
        people = {self.person_of(record) for record in self.rows("teachers", school_id=school)}
        people |= {row["person"] for row in self.rows("section_staff", school_id=school)}
        for row in self.rows("enrollments", school_id=school):
            people |= {person for person in (row["homeroom"], row["counselor"]) if person}
        return people

    def card(self, school: str, person: Person) -> tuple[str, str | None]:
        """The person's name ("Last First") and e-mail at the school."""
        records = [r for r in self.rows("teachers", school_id=school, active=True) if self.person_of(r) == person]
        if not person.staff_id:
            records = records or [r for r in self.rows("teachers", school_id=school) if self.person_of(r) == person]
        staff = self.find("staff", staff_id=person.staff_id) if person.staff_id else None
        best = min(records, key=lambda r: str(r["teacher_number"]), default=None) or staff or {}
        name = " ".join(part for part in (best.get("last_name"), best.get("first_name")) if part)
        return name, best.get("email") or (staff["email"] if staff else None)


def _rows(table: str, raw: Iterable[Mapping[str, str]]) -> list[Row]:
    """Typed rows with a filled key, each once."""
    rows: list[Row] = []
    for texts in raw:
        row = {column: _cell(column, texts.get(column, "")) for column in _COLUMNS[table].split()}
        if table == "section_staff":
            row["role"] = row["role"] or "primary"
            if not row["staff_id"] and not row["teacher_number"]:
                continue
        if all(row[column] for column in _KEYS[table].split()) and row not in rows:
            rows.append(row)
    return rows


def _cell(column: str, text: str) -> Any:
    text = text.strip()
    if column in _DATES:
        return date.fromisoformat(text) if text else None
    if column in _FLAGS:
        return text.lower() == "true" or (not text and column == "active")
    if column == "term_code" and "|" in text:
        return tuple(text.split("|"))
    if column == "grade":
        return f"0{text}" if len(text) == 1 and text.isdigit() else text.upper() or None
    return text or None
