"""courses.csv and classes.csv: courses, sections, and the homeroom classes."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from cersgroups.sources.oneroster_export import Export, Reading
from cersgroups.sources.oneroster_list import first, items
from cersgroups.sources.oneroster_org import Orgs
from cersgroups.sources.roster_table import RosterTables, joined

_COLUMNS = [
    "sourcedId",
    "title",
    "courseSourcedId",
    "classCode",
    "classType",
    "schoolSourcedId",
    "termSourcedIds",
    "subjects",
    "periods",
]


@dataclass(frozen=True)
class Class:
    """One class: a section of its school, or a homeroom (then `section_number` is blank)."""

    class_id: str
    school_id: str
    section_number: str
    sessions: tuple[str, ...]

    @property
    def is_homeroom(self) -> bool:
        return not self.section_number


@dataclass
class Classes:
    """All classes by sourcedId, and the sessions they are in."""

    by_id: dict[str, Class] = field(default_factory=dict)

    def session_uses(self) -> Counter[str]:
        """How many classes are in each session."""
        return Counter(session for known in self.by_id.values() for session in known.sessions)

    def sessions_by_school(self) -> dict[str, set[str]]:
        used: defaultdict[str, set[str]] = defaultdict(set)
        for known in self.by_id.values():
            used[known.school_id].update(known.sessions)
        return used

    def schedules(self) -> dict[str, str]:
        """The schedule of each school that has classes.

        Only homerooms: elementary. Both: elementary_master. Only scheduled classes: flex, because OneRoster
        gives staff by section and no teacher records, as flex schools do.
        """
        kinds: defaultdict[str, set[bool]] = defaultdict(set)
        for known in self.by_id.values():
            kinds[known.school_id].add(known.is_homeroom)
        names = {(True,): "elementary", (False, True): "elementary_master", (False,): "flex"}
        return {school_id: names[tuple(sorted(found))] for school_id, found in kinds.items()}


def write_courses(export: Export, orgs: Orgs, tables: RosterTables) -> None:
    """Read courses.csv, if it is there, and write the courses."""
    if not export.has("courses"):
        return
    reading = export.read("courses", ("sourcedId", "title", "orgSourcedId", "subjects"))
    for course_id, title, org_id, subjects in reading.active():
        tables.write(
            "courses",
            course_id=course_id,
            title=title,
            department=orgs.department(org_id),
            subject_area=first(subjects),
        )


def write_classes(export: Export, tables: RosterTables) -> Classes:
    """Read classes.csv, if it is there, and write the sections (and the courses if courses.csv is missing)."""
    classes = Classes()
    if not export.has("classes"):
        return classes
    numbers = _section_numbers(export)
    made: dict[str, str] | None = None if export.has("courses") else {}
    reading = export.read("classes", _COLUMNS)
    for row in reading.active():
        class_id, title, course_id, code, kind, school_id, terms, subjects, periods = row
        sessions = items(terms)
        if _is_homeroom(reading, class_id, kind):
            classes.by_id[class_id] = Class(class_id, school_id, "", sessions)
            continue
        number = numbers[class_id]
        if number != code:
            reading.note("oneroster_class_code_not_usable", class_id, code)
        classes.by_id[class_id] = Class(class_id, school_id, number, sessions)
        if made is not None:
            course_id = course_id or class_id
            _make_course(reading, tables, made, course_id, title, first(subjects))
        tables.write(
            "sections",
            school_id=school_id,
            section_number=number,
            course_id=course_id,
            period=_period(reading, class_id, periods),
            term_code=joined(sessions),
        )
    return classes


def _section_numbers(export: Export) -> dict[str, str]:
    """By class: its classCode where no other class of the school has it or is called so, else its sourcedId."""
    rows = list(export.read("classes", ("sourcedId", "classCode", "schoolSourcedId"), quiet=True).active())
    codes = Counter((school_id, code) for _, code, school_id in rows)
    ids = {class_id for class_id, _, _ in rows}
    return {
        class_id: code if code and codes[school_id, code] == 1 and (code not in ids or code == class_id) else class_id
        for class_id, code, school_id in rows
    }


def _is_homeroom(reading: Reading, class_id: str, kind: str) -> bool:
    if kind not in ("homeroom", "scheduled"):
        known = kind.casefold() in ("homeroom", "scheduled")
        reading.note("oneroster_value_case" if known else "oneroster_class_type_unknown", class_id, kind)
    return kind.casefold() == "homeroom"


def _period(reading: Reading, class_id: str, periods: str) -> str:
    found = items(periods)
    if not found:
        reading.note("oneroster_period_blank", class_id)
    elif len(found) > 1:
        reading.note("oneroster_several_periods", class_id, periods)
    return first(periods)


def _make_course(
    reading: Reading, tables: RosterTables, made: dict[str, str], course_id: str, title: str, subject: str
) -> None:
    """A course with the title of its first class."""
    known = made.get(course_id)
    if known is None:
        made[course_id] = title
        reading.note("oneroster_course_made", course_id, title)
        tables.write("courses", course_id=course_id, title=title, subject_area=subject)
    elif known != title:
        reading.note("oneroster_course_title_differs", course_id, title)
