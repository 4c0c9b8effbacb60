"""Classes by teacher and period in plain Python: csv, dictionaries and sets, the whole roster in memory.

What a district's own script would be, but true to DEVELOPING.md, "Building": for the demo roster it must give
the same bytes as `cersgroups build`, and so it is also a second oracle of the engine. Run it as
`python -m tests.bench.plain_python ROSTER FILE`. It takes every school of the roster, and the forms that the
demo roster has: no cell to trim, no duplicate rows, one file.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from tests.bench.plain_csv import during, rows
from tests.bench.plain_people import People, Person, token

HEADER = ("group_name", "school_natural_id", "school_year", "subject_code", "student_ssid", "group_user_login")
AS_OF = "2026-11-23"
SUBJECT = "ELA"
_CHUNK = 200
_LONGEST = 96

Section = tuple[str, str]
"""school_id and section_number."""


class School(NamedTuple):
    number: str
    cds_code: str
    terms: frozenset[str]


class Teaching(NamedTuple):
    """A live row of section_staff."""

    assists: bool
    id: str
    person: Person


@dataclass
class Group:
    name: str
    students: set[str] = field(default_factory=set)
    users: dict[str, tuple[bool, str]] = field(default_factory=dict)

    def admit(self, email: str, teaches: bool) -> None:
        """One more user; of several spellings the first in byte order stays."""
        taught, spelled = self.users.get(email.lower(), (False, email))
        self.users[email.lower()] = (taught or teaches, min(spelled, email))

    def logins(self) -> list[str]:
        return [email for _, _, email in sorted((not t, key, email) for key, (t, email) in self.users.items())]


Groups = dict[tuple[str, str], Group]
"""By CDS code and name in lower case."""


def write_classes(folder: Path, target: Path) -> int:
    """Write the file of the roster folder's classes by teacher and period on AS_OF; returns its rows."""
    year = next(rows(folder, "lea", "school_year", "lea_code"))[0]
    written = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for (cds_code, _), group in sorted(_groups(folder).items(), key=lambda item: (item[0][0], item[1].name)):
            for name, student, login in _records(group):
                writer.writerow((name, cds_code, year, SUBJECT, student, login))
                written += 1
    return written


def _records(group: Group) -> Iterator[tuple[str, str, str]]:
    students, users = sorted(group.students), group.logins()
    for start in range(0, len(students), _CHUNK):
        name = f"{group.name}_{start // _CHUNK + 1}"
        for student, login in zip_longest(students[start : start + _CHUNK], users, fillvalue=""):
            yield name, student, login


def _groups(folder: Path) -> Groups:
    people = People(folder)
    cds_codes = {school: cds_code for school, cds_code, _ in rows(folder, "schools", "school_id", "cds_code", "name")}
    schools = _live_schools(folder)
    periods = _live_sections(folder, schools)
    staff, named = _section_staff(folder, people)
    named |= {(school, record.person) for (school, _), record in people.records.items()}
    named |= _named_by_enrollments(folder, people)
    tokens = people.tokens(cds_codes, named)
    groups: Groups = {}
    group_of: dict[Section, Group] = {}
    for section, period in periods.items():
        teachers = [teaching for teaching in staff[section] if teaching is not None]
        if not teachers:
            continue
        school = schools[section[0]]
        person = min(teachers).person
        name = "_".join((token(school.number), tokens[section[0], person], token(period)))
        if len(name) > _LONGEST:
            raise ValueError(f"{name} is longer than this script can write")
        group = group_of[section] = groups.setdefault((school.cds_code, name.lower()), Group(name))
        group.name = min(group.name, name)
        for teaching in teachers:
            if email := people.card(section[0], teaching.person)[1]:
                group.admit(email, teaching.person == person)
    _fill(folder, group_of)
    return groups


def _live_schools(folder: Path) -> dict[str, School]:
    terms = defaultdict(set)
    for school, code, start, end in rows(folder, "terms", "school_id", "term_code", "start_date", "end_date"):
        if start <= AS_OF <= end:
            terms[school].add(code)
    return {
        school: School(number, cds_code, frozenset(terms[school]))
        for school, number, cds_code in rows(folder, "schools", "school_id", "school_number", "cds_code")
        if school in terms and len(cds_code) == 14 and cds_code.isdigit()
    }


def _live_sections(folder: Path, schools: dict[str, School]) -> dict[Section, str]:
    """The period of each live section."""
    courses = {course for course, _ in rows(folder, "courses", "course_id", "title")}
    columns = ("school_id", "section_number", "course_id", "period", "term_code", "active")
    return {
        (school, number): period
        for school, number, course, period, terms, active in rows(folder, "sections", *columns)
        if active != "false" and course in courses and school in schools
        if not schools[school].terms.isdisjoint(terms.split("|"))
    }


def _section_staff(folder: Path, people: People) -> tuple[dict[Section, list[Teaching]], set[tuple[str, Person]]]:
    """The live staff of each section without aides, and everybody who is named, live or not."""
    staff: dict[Section, list[Teaching]] = defaultdict(list)
    everybody = set()
    columns = ("school_id", "section_number", "staff_id", "teacher_number", "role", "active", "start_date", "end_date")
    for school, number, staff_id, teacher, role, active, *dates in rows(folder, "section_staff", *columns):
        found = people.named(school, teacher or staff_id)
        if found is None:
            continue
        person, live = found
        everybody.add((school, person))
        if live and active != "false" and role != "aide" and during(dates[0], dates[1], AS_OF):
            staff[school, number].append(Teaching((role or "primary") != "primary", person[1], person))
    return staff, everybody


def _named_by_enrollments(folder: Path, people: People) -> set[tuple[str, Person]]:
    values = {
        (school, value)
        for school, *both in rows(folder, "enrollments", "school_id", "homeroom_teacher_number", "counselor_id")
        for value in both
        if value
    }
    return {(school, found[0]) for school, value in values if (found := people.named(school, value))}


def _fill(folder: Path, group_of: dict[Section, Group]) -> None:
    """Put the students of the roster rows into the groups: those with an SSID who are enrolled there."""
    ssids = {
        student: ssid
        for student, ssid in rows(folder, "students", "student_id", "ssid")
        if len(ssid) == 10 and ssid.isascii() and ssid.isdigit()
    }
    enrolled = {
        (school, student)
        for school, student, active, start, end in rows(
            folder, "enrollments", "school_id", "student_id", "active", "start_date", "end_date"
        )
        if active != "false" and during(start, end, AS_OF)
    }
    columns = ("school_id", "section_number", "student_id", "start_date", "end_date")
    for school, number, student, start, end in rows(folder, "rosters", *columns):
        group = group_of.get((school, number))
        if group and (school, student) in enrolled and student in ssids and during(start, end, AS_OF):
            group.students.add(ssids[student])


if __name__ == "__main__":
    write_classes(Path(sys.argv[1]), Path(sys.argv[2]))
