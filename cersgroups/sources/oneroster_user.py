"""users.csv: students and staff."""

import sys
from dataclasses import dataclass, field

from cersgroups.core.error import DataStop
from cersgroups.core.roster import grade_of
from cersgroups.sources.mapping import METADATA, USER_IDS, Mapping
from cersgroups.sources.oneroster_date import later_end
from cersgroups.sources.oneroster_export import Export, Reading
from cersgroups.sources.oneroster_list import items
from cersgroups.sources.oneroster_place import user_place_columns, values_at_places
from cersgroups.sources.oneroster_role import ROLE_COLUMNS, Assignment, Roles
from cersgroups.sources.roster_table import RosterTables, joined

_COLUMNS = ("sourcedId", *ROLE_COLUMNS, "givenName", "familyName", "email", "enabledUser", "grades")
_TRUE = ("true", "1", "yes", "")
_FALSE = ("false", "0", "no")


@dataclass(frozen=True, slots=True)
class Student:
    """What the enrollments need to know: the grade, and the orgs with their days."""

    grade: str
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """What teacher records and sections need to know. `last_day` is when the last role ends ("" never)."""

    last_name: str
    first_name: str
    email: str
    active: str
    last_day: str


@dataclass
class Users:
    """Students and staff by sourcedId; a user can be both."""

    students: dict[str, Student] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    user_id: str
    first_name: str
    last_name: str
    email: str
    enabled: str
    grades: str
    values: dict[str, str]

    def at(self, place: str | None) -> str:
        """The value at a place of the mapping, or blank."""
        wanted = (place or "").casefold()
        return next((value for known, value in self.values.items() if known.casefold() == wanted), "")


def write_users(export: Export, roles: Roles, mapping: Mapping, tables: RosterTables) -> Users:
    """Read users.csv and write students and staff. Raises DataStop if a mapped place is nowhere filled."""
    users = Users()
    places = user_place_columns(export)
    reading = export.read("users", (*_COLUMNS, *places))
    wanted = _wanted(reading, mapping)
    for user_id, role, org_ids, given, family, email, enabled, grades, *cells in reading.active():
        assignments = roles.of(reading, user_id, role, org_ids)
        values = values_at_places(reading, user_id, places, cells)
        for place in values if wanted else ():
            wanted.pop(place.casefold(), None)
        row = _Row(user_id, given, family, email, enabled, grades, values)
        students = tuple(a for a in assignments if a.kind == "student")
        staff = tuple(a for a in assignments if a.kind == "staff")
        if students:
            users.students[user_id] = _write_student(reading, tables, row, row.at(mapping.ssid), students)
        if staff:
            users.staff[user_id] = _write_staff(reading, tables, row, row.at(mapping.seid), staff)
    for place in wanted.values():
        hint = "" if export.served_by else "; `cersgroups roster inspect` shows the places"
        raise DataStop(f"{reading.file.label}: the mapping says {place}, which no user has. Correct the mapping{hint}.")
    return users


def _wanted(reading: Reading, mapping: Mapping) -> dict[str, str]:
    """The mapped places that some user must fill, by their lower case. Raises DataStop for a missing column."""
    chosen = [place for place in (mapping.ssid, mapping.seid) if place]
    for place in chosen:
        column = "userIds" if place.startswith(USER_IDS) else place
        if not reading.file.has(column):
            raise DataStop(
                f"{reading.file.label}: the mapping says {place}, but there is no column {column}. "
                f"Correct the mapping; columns that begin with {METADATA} are exports' own."
            )
    return {place.casefold(): place for place in chosen}


def _write_student(
    reading: Reading, tables: RosterTables, row: _Row, ssid: str, assignments: tuple[Assignment, ...]
) -> Student:
    tables.write("students", student_id=row.user_id, ssid=ssid, last_name=row.last_name, first_name=row.first_name)
    return Student(_grade(reading, row), assignments)


def _write_staff(
    reading: Reading, tables: RosterTables, row: _Row, seid: str, assignments: tuple[Assignment, ...]
) -> Staff:
    last_day = assignments[0].end
    for assignment in assignments[1:]:
        last_day = later_end(last_day, assignment.end)
    if last_day:
        reading.note("oneroster_staff_role_ends", row.user_id, last_day)
    staff = Staff(row.last_name, row.first_name, row.email, _active(reading, row), last_day)
    tables.write(
        "staff",
        staff_id=row.user_id,
        last_name=staff.last_name,
        first_name=staff.first_name,
        email=staff.email,
        state_educator_id=seid,
        active=staff.active,
        school_ids=joined(tuple(dict.fromkeys(a.org_id for a in assignments if a.org_id))),
    )
    return staff


def _active(reading: Reading, row: _Row) -> str:
    enabled = row.enabled.casefold()
    if enabled not in (*_TRUE, *_FALSE):
        reading.note("oneroster_enabled_user_unknown", row.user_id, row.enabled)
    return "true" if enabled in _TRUE else "false"


def _grade(reading: Reading, row: _Row) -> str:
    """The first of the user's grades as the roster writes it; blank with a finding if it is none."""
    grades = items(row.grades)
    if len(grades) > 1:
        reading.note("oneroster_several_grades", row.user_id, row.grades)
    first = grades[0] if grades else ""
    grade = "KG" if first.upper() == "K" else grade_of(first)
    if grade is None:
        reading.note("oneroster_grade_unknown", row.user_id, first)
    return sys.intern(grade or "")
