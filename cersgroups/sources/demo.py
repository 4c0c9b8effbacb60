"""The demo district: the roster folder of an invented Californian LEA, for tests and for trying things out.

The same number of students, seed and version give the same bytes. Schools are made and written one by
one, so that memory does not grow with the district. Deliberate faults, such as real rosters have:

- students without SSID (0.5 %) or with a malformed one (0.1 %); staff without e-mail (2 %), with an
  e-mail that is no address (0.2 %), and teacher records whose e-mail is blank or differs;
- one student in 4,999 (the 18th first) has the grade `UG`, which is none;
- in secondary schools: section 9002 names a course that does not exist, section 9004 has no period, and
  one student's counselor is nobody;
- at the master-schedule school a teacher record `Vacant` without a person teaches a section, at the flex
  school one section has only an aide and one only co-teachers.

No other cell refers to nothing.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cersgroups.core.error import RequestStop
from cersgroups.core.roster import TABLES
from cersgroups.sources.demo_calendar import Calendar
from cersgroups.sources.demo_course import catalogue
from cersgroups.sources.demo_draft import Draft, Stay, Visitor, flag
from cersgroups.sources.demo_group import write_district_group, write_groups
from cersgroups.sources.demo_homeroom import write_elementary
from cersgroups.sources.demo_school import GRADES, School, chance, place_name, schools
from cersgroups.sources.demo_section import write_secondary
from cersgroups.sources.demo_staff import Staff
from cersgroups.sources.demo_student import write_enrollments, write_students

FEWEST_STUDENTS, MOST_STUDENTS = 50, 10_000_000
SCHOOL_YEARS = range(2000, 2101)

_LEA_CODE = "9970000"
_FIRST_STAFF_ID = 100_001
_STUDENTS_PER_COUNSELOR = 350
_NOBODY = "999999"

Progress = Callable[[int], None]
"""Called after each school with the number of its students."""


@dataclass(frozen=True)
class District:
    """What to make: enrolled students, seed, and the school year by its second half."""

    students: int
    seed: int = 1
    school_year: int = 2027

    def check(self) -> None:
        """Raises RequestStop for numbers out of range."""
        if not FEWEST_STUDENTS <= self.students <= MOST_STUDENTS:
            raise RequestStop(
                f"--students {self.students}: a demo district has {FEWEST_STUDENTS} to {MOST_STUDENTS:,} students."
            )
        if self.school_year not in SCHOOL_YEARS:
            raise RequestStop(f"--school-year {self.school_year}: give the second half of the year, such as 2027.")


@dataclass
class Counts:
    """What was written: rows by table, and schools by schedule."""

    rows: Counter[str] = field(default_factory=Counter)
    schools: Counter[str] = field(default_factory=Counter)


def write_roster(folder: Path, district: District, progress: Progress = lambda _: None) -> Counts:
    """Write a roster folder; it appears only when it is complete.

    Raises RequestStop if the folder exists and is not empty, or the district is out of range.
    """
    district.check()
    refuse_to_overwrite(folder)
    counts = Counts()
    with aside(folder) as unfinished:
        unfinished.mkdir(parents=True)
        with ExitStack() as stack:
            files = {
                name: stack.enter_context((unfinished / f"{name}.csv").open("wb", buffering=1 << 18)) for name in TABLES
            }
            for name, table in TABLES.items():
                files[name].write((",".join(table.column_names) + "\n").encode())
            for draft in drafts(district):
                for name, lines in draft.lines.items():
                    files[name].write("".join(lines).encode())
                    counts.rows[name] += len(lines)
                counts.schools[draft.school.schedule] += 1
                progress(draft.school.size)
    return counts


def refuse_to_overwrite(path: Path) -> None:
    """Raises RequestStop if there is a file, or a folder with something in it."""
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists() or path.is_symlink():
        raise RequestStop(f"{path}: exists already. Give a path that is new (or an empty folder), or remove it.")


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the name `path` if all goes well, else it is removed."""
    unfinished = path.absolute().with_name(f".{path.absolute().name}.unfinished")
    _remove(unfinished)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield unfinished
        unfinished.replace(path.absolute())
    finally:
        _remove(unfinished)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def drafts(district: District) -> Iterator[Draft]:
    """The district's schools one by one, with the lines of their rows; what is common is with the first."""
    plan = schools(district.students, district.seed)
    place = place_name(chance(district.seed, "district"))
    domain = "".join(c for c in place.lower() if c.isascii() and c.isalpha()) + "usd.example"
    next_staff, arrivals, visitor = _FIRST_STAFF_ID, list[Stay](), None
    for school, following in zip(plan, [*plan[1:], None], strict=True):
        draft = Draft(
            school,
            chance(district.seed, f"school {school.index}"),
            Calendar(district.school_year - (0 if school.active else 1)),
            domain,
            next_staff,
            following,
            arrivals,
            visitor,
        )
        if school.index == 0:
            _write_district(draft, district, f"{place} Unified School District")
        _write_school(draft, district.seed)
        yield draft
        next_staff, arrivals, visitor = draft.next_staff, draft.departures, draft.sends


def _write_district(draft: Draft, district: District, name: str) -> None:
    draft.add(
        "lea",
        lea_code=_LEA_CODE,
        name=name,
        time_zone="America/Los_Angeles",
        school_year=str(district.school_year),
    )
    for course in catalogue(GRADES["elementary_master"]):
        draft.add(
            "courses",
            course_id=course.course_id,
            title=course.title,
            department=course.department,
            subject_area=course.subject_area,
            active=flag(course.active),
        )
    write_district_group(draft)


def _write_school(draft: Draft, seed: int) -> None:
    school = draft.school
    _write_school_row(draft, school)
    for code, term in draft.calendar.terms(school.schedule).items():
        draft.add("terms", school_id=school.school_id, term_code=code, start_date=term.start, end_date=term.end)
    if not school.size:
        return
    staff = Staff(draft)
    stays = write_students(draft, seed)
    homerooms: dict[str, str] = {}
    counselors: dict[str, str] = {}
    if school.schedule in ("master", "flex"):
        write_secondary(draft, staff, stays)
        counselors = _counselors(staff, stays)
    else:
        homerooms = write_elementary(draft, staff, stays)
    _welcome(staff, draft.visitor)
    staff.hire_former()
    write_enrollments(draft, stays, homerooms, counselors)
    write_groups(draft, staff, stays)


def _write_school_row(draft: Draft, school: School) -> None:
    draft.add(
        "schools",
        school_id=school.school_id,
        school_number=school.school_id,
        name=school.name,
        cds_code=school.cds_code,
        active=flag(school.active),
        schedule=school.schedule,
        tracks_primary_classes=flag(school.schedule == "flex"),
    )


def _welcome(staff: Staff, visitor: Visitor | None) -> None:
    if visitor is not None:
        staff.welcome(visitor)


def _counselors(staff: Staff, stays: list[Stay]) -> dict[str, str]:
    """The counselor of each student, in equal shares; one student's is nobody."""
    hired = staff.hire(1 + len(stays) // _STUDENTS_PER_COUNSELOR)
    assigned = {stay.student_id: hired[place * len(hired) // len(stays)].reference for place, stay in enumerate(stays)}
    assigned[stays[-1].student_id] = _NOBODY
    return assigned
