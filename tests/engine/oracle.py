"""The slow builder: design.md, "Building", steps 1 to 8, in plain loops, written from the text and not from the engine.

The engine's files are compared with it, byte by byte, on many small invented rosters.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anyascii import anyascii

from cersgroups.core.profile import Profile
from tests.engine.oracle_roster import Person, Roster, Row

_GRADES = ["TK", "KG", *(f"{n:02d}" for n in range(1, 13))]


class OracleStop(Exception):  # noqa: N818 - it stands for the engine's stops
    """The build stops; the text says at which rule: choice, name, users or empty."""


@dataclass
class Group:
    """A group of one profile; `meaning` is the teacher, grade, student group or list it is of."""

    profile: Profile
    school: Row
    tokens: list[str]
    meaning: tuple[str, Any]
    teacher: Person | None = None
    ssids: set[str] = field(default_factory=set)
    users: set[tuple[str, bool]] = field(default_factory=set)
    subject: str = ""

    @property
    def part(self) -> str:
        return "_".join([*self.tokens, *([self.subject] if self.subject else [])])

    @property
    def shown(self) -> str:
        return _shown(self.part, self.profile)


def build(tables: Mapping[str, Sequence[Mapping[str, str]]], profiles: Sequence[Profile], as_of: date) -> bytes:
    """The bytes of the file. Raises OracleStop."""
    roster = Roster(tables)
    groups = [group for profile in profiles for group in _Builder(roster, profile, as_of).groups()]
    rows = sorted(_chunks(_united(groups)), key=lambda chunk: chunk[:3])
    if not rows:
        raise OracleStop("empty")
    lines = ["group_name,school_natural_id,school_year,subject_code,student_ssid,group_user_login"]
    for cds, name, n, group, ssids, users in rows:
        for i in range(max(len(ssids), len(users))):
            student = ssids[i] if i < len(ssids) else ""
            user = users[i] if i < len(users) else ""
            number = f" {n}" if group.profile.name_style == "readable" else f"_{n}"
            year, subject = group.profile.school_year, group.profile.subject
            lines.append(f"{name}{number},{cds},{year},{subject},{student},{user}")
    return "".join(f"{line}\n" for line in lines).encode()


def token(text: str | None) -> str:
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in anyascii(text or ""))
    return "-".join(word for word in letters.split("-") if word) or "None"


class _Builder:
    """The groups of one profile."""

    def __init__(self, roster: Roster, profile: Profile, as_of: date) -> None:
        self.roster, self.profile, self.as_of = roster, profile, as_of
        self.made: dict[tuple[Any, ...], Group] = {}
        self.exists = self._existing_choices()

    def groups(self) -> list[Group]:
        for school in self._schools():
            if self.profile.type == "classes":
                self._classes(school)
            else:
                for enrollment in self._live_enrollments(school):
                    self._by_enrollment(school, enrollment)
        for group in self.made.values():
            for staff_id in self.exists.get("additional", ()):
                staff = self.roster.find("staff", staff_id=staff_id)
                if staff and staff["active"]:
                    _add_user(group, staff["email"], teacher=group.teacher == Person(staff_id))
        return list(self.made.values())

    def _existing_choices(self) -> dict[str, set[str]]:
        """What exists of every list; none of a list's values stops."""
        column = {"departments": ("courses", "department"), "subject_areas": ("courses", "subject_area")}
        column |= {"courses": ("courses", "course_id"), "grades": ("enrollments", "grade")}
        column |= {"teachers": ("staff", "staff_id"), "counselors": ("staff", "staff_id")}
        column |= {"student_groups": ("student_groups", "group_code"), "schools": ("schools", "school_id")}
        column |= {"additional": ("staff", "staff_id"), "students": ("students", "student_id")}
        lists = {**self.profile.filters.chosen(), "schools": self.profile.schools}
        lists["grades"] = tuple(
            f"0{grade}" if grade in list("123456789") else grade for grade in lists.get("grades", ())
        )
        lists |= {"additional": self.profile.users.additional, "students": self.profile.list.students}
        exists = {}
        for name, values in lists.items():
            table, key = column[name]
            known = {row[key] for row in self.roster.table[table]}
            if name in ("teachers", "counselors"):
                known |= {f"{r['school_id']}/{r['teacher_number']}" for r in self.roster.table["teachers"]}
            if name == "students":
                known |= {row["ssid"] for row in self.roster.table["students"] if _valid_ssid(row["ssid"])}
            exists[name] = {value for value in values if value in known}
            if values and not exists[name]:
                raise OracleStop("choice")
        return exists

    def _schools(self) -> Iterator[Row]:
        """The profile's schools that are live and have a CDS code of 14 digits."""
        for school in self.roster.table["schools"]:
            has_cds = re.fullmatch("[0-9]{14}", school["cds_code"] or "")
            if school["school_id"] in self.exists["schools"] and has_cds and self._live_terms(school):
                yield school

    def _live_terms(self, school: Row) -> set[str]:
        terms = self.roster.rows("terms", school_id=school["school_id"])
        return {t["term_code"] for t in terms if t["start_date"] <= self.as_of <= t["end_date"]}

    def _live(self, row: Row) -> bool:
        starts, ends = row["start_date"] or date.min, row["end_date"] or date.max
        return starts <= self.as_of <= ends and bool(row.get("active", True))

    def _live_enrollments(self, school: Row) -> list[Row]:
        return [row for row in self.roster.rows("enrollments", school_id=school["school_id"]) if self._live(row)]

    def _group(self, school: Row, key: Any, tokens: list[str], meaning: tuple[str, Any]) -> Group:
        at = (school["school_id"], key)
        if at not in self.made:
            self.made[at] = Group(self.profile, school, [token(school["school_number"]), *tokens], meaning)
        return self.made[at]

    def _add_student(self, group: Group, student_id: str) -> None:
        student = self.roster.find("students", student_id=student_id)
        if student and _valid_ssid(student["ssid"]):
            group.ssids.add(student["ssid"])

    def _chosen(self, name: str, value: str | None) -> bool:
        return value in self.exists[name] if getattr(self.profile.filters, name) else True

    def _person_chosen(self, name: str, school: Row, person: Person) -> bool:
        """As staff_id, or as school_id/teacher_number of a record of that school."""
        records = self.roster.rows("teachers", school_id=school["school_id"])
        ids = {f"{r['school_id']}/{r['teacher_number']}" for r in records if self.roster.person_of(r) == person}
        ids |= {person.staff_id} if person.staff_id else set()
        return bool(ids & self.exists[name]) if getattr(self.profile.filters, name) else True

    def _classes(self, school: Row) -> None:
        filters = self.profile.filters
        if self.profile.primary_classes_only:
            chosen = [s for s in self.roster.table["schools"] if s["school_id"] in self.exists["schools"]]
            narrowed = filters.departments or filters.subject_areas or filters.courses or filters.teachers
            if not narrowed and not all(s["tracks_primary_classes"] for s in chosen):
                return
        for section in self.roster.rows("sections", school_id=school["school_id"]):
            course = self.roster.find("courses", course_id=section["course_id"])
            terms = section["term_code"] if isinstance(section["term_code"], tuple) else (section["term_code"],)
            if section["active"] and course and set(terms) & self._live_terms(school):
                self._section(school, section, course)

    def _section(self, school: Row, section: Row, course: Row) -> None:
        key = {"school_id": school["school_id"], "section_number": section["section_number"]}
        staff = [r for r in self.roster.rows("section_staff", **key) if self._live(r) and r["person_live"]]
        passes = self._chosen("departments", course["department"]) and self._chosen("courses", course["course_id"])
        passes = passes and self._chosen("subject_areas", course["subject_area"])
        passes = passes and (section["primary_class"] or not self.profile.primary_classes_only)
        if self.profile.filters.teachers:
            passes = passes and any(self._person_chosen("teachers", school, r["person"]) for r in staff)
        named = [r for r in staff if r["role"] == "primary"] or [r for r in staff if r["role"] != "aide"]
        if not passes or not named:
            return
        teacher: Person = min((r["person"] for r in named), key=lambda person: person.order)
        pattern = self.profile.name_pattern
        if pattern == "teacher_course":
            raw = course["title"]
        else:
            raw = section["period" if pattern == "teacher_period" else "section_number"]
        tokens = [self._person_token(school, teacher), token(raw)]
        group = self._group(school, (teacher, raw), tokens, ("teacher", teacher))
        group.teacher = teacher
        for row in staff:
            if row["role"] in self.profile.users.roles:
                email = self.roster.card(school["school_id"], row["person"])[1]
                _add_user(group, email, teacher=row["person"] == teacher)
        enrolled = {row["student_id"] for row in self._live_enrollments(school)}
        for row in self.roster.rows("rosters", **key):
            if self._live(row) and row["student_id"] in enrolled:
                self._add_student(group, row["student_id"])

    def _by_enrollment(self, school: Row, enrollment: Row) -> None:
        student = enrollment["student_id"]
        if self.profile.type == "elementary_teacher":
            self._by_person(school, enrollment, "homeroom", "teachers", [])
        elif self.profile.type == "counselor":
            self._by_person(school, enrollment, "counselor", "counselors", ["Counselor"])
        elif self.profile.type == "grade":
            grade = enrollment["grade"]
            if grade in _GRADES and self._chosen("grades", grade):
                self._add_student(self._group(school, grade, [f"Grade-{grade}"], ("grade", grade)), student)
        elif self.profile.type == "student_group":
            for member in self.roster.rows("group_members", student_id=student):
                self._by_student_group(school, student, member["group_code"])
        else:
            row = self.roster.find("students", student_id=student) or {}
            if self._listed(row):
                name = self.profile.list.name
                self._add_student(self._group(school, name, [token(name)], ("list", name)), student)

    def _listed(self, student: Row) -> bool:
        """By SSID; by student_id only where the value is nobody's SSID."""
        ssids = {row["ssid"] for row in self.roster.table["students"] if _valid_ssid(row["ssid"])}
        wanted = self.exists["students"]
        return student["ssid"] in wanted & ssids or student["student_id"] in wanted - ssids

    def _by_person(self, school: Row, enrollment: Row, role: str, filter_name: str, more: list[str]) -> None:
        person = enrollment[role]
        if person and enrollment[f"{role}_live"] and self._person_chosen(filter_name, school, person):
            tokens = [self._person_token(school, person), *more]
            group = self._group(school, person, tokens, ("counselor" if more else "teacher", person))
            group.teacher = person
            _add_user(group, self.roster.card(school["school_id"], person)[1], teacher=True)
            self._add_student(group, enrollment["student_id"])

    def _by_student_group(self, school: Row, student: str, code: str) -> None:
        row = self.roster.find("student_groups", group_code=code) or {}
        expired = row["expires_on"] is not None and row["expires_on"] < self.as_of
        by_code = bool(self.profile.filters.student_groups) and self._chosen("student_groups", code)
        if expired or not self._chosen("student_groups", code) or (row["confidential"] and not by_code):
            return
        same = [g for g in self.roster.table["student_groups"] if _same(token(g["name"]), token(row["name"]))]
        name = token(row["name"]) + (f"-{token(code)}" if len(same) > 1 else "")
        group = self._group(school, code, [name], ("student_group", code))
        self._add_student(group, student)
        if "group_staff" in self.profile.users.roles:
            for staff in self.roster.rows("group_staff", group_code=code):
                if self.roster.staff_live(school["school_id"], staff["staff_id"]):
                    person = Person(staff["staff_id"])
                    _add_user(group, self.roster.card(school["school_id"], person)[1], teacher=False)

    def _person_token(self, school: Row, person: Person) -> str:
        """With the id when another person under the school's CDS code has the same token ignoring case."""
        own = token(self.roster.card(school["school_id"], person)[0])
        for other_school in self.roster.rows("schools", cds_code=school["cds_code"]):
            for other in self.roster.named_at(other_school["school_id"]):
                if other != person and _same(token(self.roster.card(other_school["school_id"], other)[0]), own):
                    return f"{own}-{token(person.id)}"
        return own


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _valid_ssid(ssid: str | None) -> bool:
    return bool(re.fullmatch("[0-9]{10}", ssid or ""))


def _add_user(group: Group, email: str | None, *, teacher: bool) -> None:
    is_address = email is not None and email.count("@") == 1 and all(email.split("@"))
    is_formula = (email or "").startswith(("=", "+", "-"))
    storable = all("!" <= c <= "~" and c not in ',"\\' for c in email or "")
    if email and is_address and not is_formula and storable and len(email) <= 255:
        group.users.add((email, teacher))


def _shown(part: str, profile: Profile) -> str:
    return re.sub("[_-]", " ", part) if profile.name_style == "readable" else part


def _united(groups: Sequence[Group]) -> dict[tuple[str, str], list[Group]]:
    """Groups by CDS code and final name before n: those that become one."""
    equal: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in groups:
        equal[group.school["cds_code"], group.shown.lower()].append(group)
    final: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for (cds, _), same in equal.items():
        if len({group.meaning for group in same}) > 1:
            raise OracleStop("name")
        first = min(same, key=lambda group: (group.shown, group.part))
        subjects = {group.profile.subject for group in same}
        for group in same:
            part = first.part + (f"_{group.profile.subject}" if len(subjects) > 1 else "")
            final[cds, _shown(_fitted(part), group.profile)].append(group)
    if len({(cds, name.lower()) for cds, name in final}) < len(final):
        raise OracleStop("name")
    return final


def _fitted(part: str) -> str:
    if len(part) <= 96:
        return part
    mark = "-" + hashlib.sha256(part.encode()).hexdigest()[:4]
    tokens = part.split("_")
    longest = max(len(t) for t in tokens)
    at = max(i for i, t in enumerate(tokens) if len(t) == longest)
    room = longest - (len(part) - 96) - len(mark)
    kept = tokens[at][:room].rstrip("-") if room > 0 else ""
    if not kept:
        return part[:91].rstrip("-") + mark
    return "_".join([*tokens[:at], kept + mark, *tokens[at + 1 :]])


def _chunks(
    final: Mapping[tuple[str, str], list[Group]],
) -> Iterator[tuple[str, str, int, Group, list[str], list[str]]]:
    for (cds, name), same in final.items():
        ssids = sorted({ssid for group in same for ssid in group.ssids})
        users = _users(same)
        if ssids and len(",".join(users)) > 10_000:
            raise OracleStop("users")
        for n, start in enumerate(range(0, len(ssids), 200), 1):
            yield cds, name, n, same[0], ssids[start : start + 200], users


def _users(same: Sequence[Group]) -> list[str]:
    """Each address once, in its spelling first in byte order; the teacher's first, then by lower case."""
    spellings: dict[str, list[str]] = defaultdict(list)
    teachers = set()
    for email, teacher in {user for group in same for user in group.users}:
        spellings[email.lower()].append(email)
        if teacher:
            teachers.add(email.lower())
    return [min(spellings[key]) for key in sorted(spellings, key=lambda key: (key not in teachers, key))]
