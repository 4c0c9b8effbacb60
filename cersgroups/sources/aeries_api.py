"""Aeries by its API v5: the roster of one school year, fetched whole. What to enter and to grant: docs/sources.md.

Some six requests a school, several schools at a time; each answer is read in the order of the schools, so that the same
data gives the same tables.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from cersgroups.core.error import DataStop
from cersgroups.core.roster import year_name
from cersgroups.sources import (
    aeries_api_course,
    aeries_api_group,
    aeries_api_roster,
    aeries_api_school,
    aeries_api_section,
    aeries_api_staff,
    aeries_api_student,
    aeries_api_teacher,
    aeries_api_term,
)
from cersgroups.sources import aeries_api_request as permission
from cersgroups.sources.address import checked_address, host_of
from cersgroups.sources.aeries_api_check import check_aeries
from cersgroups.sources.aeries_api_course import write_courses
from cersgroups.sources.aeries_api_group import Groups
from cersgroups.sources.aeries_api_request import Aeries, in_order
from cersgroups.sources.aeries_api_roster import write_rosters
from cersgroups.sources.aeries_api_school import School, Schools, read_schools
from cersgroups.sources.aeries_api_section import Sections
from cersgroups.sources.aeries_api_staff import Staff
from cersgroups.sources.aeries_api_student import Students, fetch_students
from cersgroups.sources.aeries_api_teacher import Records
from cersgroups.sources.aeries_api_term import Terms
from cersgroups.sources.exchange import Patience
from cersgroups.sources.live import Check, Field, LiveKind, Progress, Settings, Target, whole_number
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

SYNCING = Patience()
TESTING = Patience(silence=30, attempts=2)


def check(settings: Settings, as_of: date) -> list[Check]:
    """See LiveKind."""
    given = AERIES_API.complete(settings)
    with Aeries(given, as_of, TESTING) as aeries:
        return list(check_aeries(aeries, given["left_out_schools"]))


def fetch(settings: Settings, target: Target) -> None:
    """See LiveKind."""
    given = AERIES_API.complete(settings)
    with Aeries(given, target.as_of, SYNCING) as aeries, RosterTables(target.folder) as tables:
        target.progress("Aeries installation", 0)
        time_zone = aeries.time_zone()
        schools = read_schools(aeries, given["left_out_schools"], target.tally)
        tables.write(
            "lea",
            lea_code=schools.lea_code,
            name=schools.lea_name,
            time_zone=time_zone,
            school_year=str(aeries.school_year),
        )
        _Sync(aeries, schools, tables, target.tally).run(target.progress)
        for school in schools.all:
            school.write(tables)


class _Step(NamedTuple):
    """What is fetched (by any thread), and what is done with it (in order)."""

    what: str
    fetch: Callable[[], Any]
    use: Callable[[Any], None]


class _Sync:
    """One run through the schools."""

    def __init__(self, aeries: Aeries, schools: Schools, tables: RosterTables, tally: Tally) -> None:
        self._aeries, self._schools, self._tables, self._tally = aeries, schools, tables, tally
        self._staff = Staff()
        self._students = Students(self._staff, tables, tally)
        self._terms: list[Terms] = []

    def run(self, progress: Progress) -> None:
        steps = [*self._district_steps()]
        for school in self._schools.fetched:
            steps += self._school_steps(school)
        groups = Groups(self._schools, self._students, self._staff, self._tables, self._tally)
        steps.append(self._get("student groups", "schools/all/StudentGroups", permission.GROUPS, groups.write))
        with closing(in_order([step.fetch for step in steps], self._aeries.at_once)) as answers:
            for done, (step, answer) in enumerate(zip(steps, answers, strict=True)):
                progress(step.what, done / len(steps))
                step.use(answer)
        self._check_terms()
        self._students.write()

    def _get(self, what: str, path: str, grant: str, use: Callable[[Any], None]) -> _Step:
        return _Step(what, partial(self._aeries.get, path, grant), use)

    def _district_steps(self) -> Iterator[_Step]:
        tables, today = self._tables, self._aeries.as_of.isoformat()
        codes = {school.code for school in self._schools.all}
        staff = partial(self._staff.write, tables=tables, tally=self._tally, schools=codes, as_of=today)
        yield self._get("courses", "courses", permission.COURSES, partial(write_courses, tables=tables))
        yield self._get("staff", "staff", permission.STAFF, staff)

    def _school_steps(self, school: School) -> Iterator[_Step]:
        tables, tally = self._tables, self._tally
        here, records, terms = f"schools/{school.code}", Records(), Terms(school, tally)
        self._terms.append(terms)
        read = partial(records.read, school=school, tables=tables, tally=tally)
        own = partial(terms.write, tables=tables)
        yield self._get(f"terms of {school.label}", f"{here}/terms", permission.TERMS, own)
        yield self._get(f"teachers of {school.label}", f"{here}/teachers", permission.TEACHERS, read)
        yield _Step(
            f"students of {school.label}",
            partial(fetch_students, self._aeries, school),
            partial(self._students.write_enrollments, school, records),
        )
        if school.has_sections:
            sections = Sections(school, terms, records, self._staff, tables, tally)
            rosters = partial(write_rosters, school=school, tables=tables, tally=tally)
            yield self._get(f"sections of {school.label}", f"{here}/sections", permission.SECTIONS, sections.write)
            yield self._get(f"classes of {school.label}", f"{here}/classes", permission.CLASSES, rosters)

    def _check_terms(self) -> None:
        """Raises DataStop if no term has dates, or all dates are of other years: nothing would be live."""
        year = self._aeries.school_year
        first, last = date(year - 1, 7, 1).isoformat(), date(year, 6, 30).isoformat()
        if not any(terms.latest >= first and terms.earliest <= last for terms in self._terms if terms.latest):
            raise DataStop(
                f"Aeries: GET /schools/{self._schools.fetched[0].code}/terms, and those of the other schools: no term "
                f"has a start and an end date in {year_name(year)}. Enter the dates on Aeries' page Terms."
            )


AERIES_API = LiveKind(
    kind="aeries_api",
    label="Aeries API",
    fields=(
        Field(
            "address",
            "Base address",
            "What stands before /api/v5, such as https://district.example/aeries.",
            check=checked_address,
            host=host_of,
        ),
        Field("certificate", "Certificate", "32 letters and digits, from Aeries' page API Security.", secret=True),
        Field(
            "school_year",
            "School year",
            "By its second half: 2027 is 2026-27. Blank: the current one.",
            required=False,
            check=whole_number(2000, 2100),
            shown=lambda year: year_name(int(year)),
        ),
        Field(
            "concurrency",
            "Requests at a time",
            "Fewer burden Aeries less, more are quicker.",
            required=False,
            default="4",
            check=whole_number(1, 16),
        ),
        Field(
            "page_size",
            "Students in one request",
            "Fewer, if Aeries takes too long to answer.",
            required=False,
            default="1000",
            check=whole_number(10, 100_000),
        ),
        Field(
            "left_out_schools",
            "Schools to leave out",
            "Their Aeries codes with commas between them. Schools with Do Not Report are left out anyway.",
            required=False,
        ),
    ),
    check=check,
    fetch=fetch,
    labels={
        "lea": aeries_api_school.LABEL,
        "schools": aeries_api_school.LABEL,
        "terms": aeries_api_term.LABEL,
        "courses": aeries_api_course.LABEL,
        "staff": aeries_api_staff.LABEL,
        "teachers": aeries_api_teacher.LABEL,
        "students": aeries_api_student.LABEL,
        "enrollments": aeries_api_student.LABEL,
        "sections": aeries_api_section.LABEL,
        "section_staff": aeries_api_section.LABEL,
        "rosters": aeries_api_roster.LABEL,
        "student_groups": aeries_api_group.LABEL,
        "group_members": aeries_api_group.LABEL,
        "group_staff": aeries_api_group.LABEL,
    },
)
