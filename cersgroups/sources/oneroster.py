"""OneRoster 1.1 and 1.2 CSV, bulk, as roster tables (DEVELOPING.md, "Command line", says what maps to what).

The order of reading: manifest, orgs, sessions, courses and classes, roles and users, enrollments (a stream).
In memory are the orgs, sessions, classes, users (a few texts each) and the homerooms; of other enrollments
only their keys' hashes.
"""

from collections.abc import Callable
from pathlib import Path

from cersgroups.core.error import DataStop
from cersgroups.sources.archive import Archive
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.oneroster_class import Classes, write_classes, write_courses
from cersgroups.sources.oneroster_enrollment import write_enrollments
from cersgroups.sources.oneroster_export import Export
from cersgroups.sources.oneroster_homeroom import (
    HomeroomTeachers,
    Timetable,
    write_school_enrollments,
    write_teachers,
)
from cersgroups.sources.oneroster_layout import MARKS, NOT_NEEDED_FILES, READ_FILES, Version
from cersgroups.sources.oneroster_manifest import read_manifest
from cersgroups.sources.oneroster_org import Orgs, find_district, read_orgs
from cersgroups.sources.oneroster_place import complete_mapping, count_places
from cersgroups.sources.oneroster_role import read_roles
from cersgroups.sources.oneroster_session import Session, Sessions, read_sessions, school_year
from cersgroups.sources.oneroster_user import write_users
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

Progress = Callable[[str, float], None]

LABELS = {
    "lea": "orgs.csv",
    "schools": "orgs.csv",
    "terms": "academicSessions.csv",
    "courses": "courses.csv",
    "staff": "users.csv",
    "teachers": "users.csv",
    "students": "users.csv",
    "sections": "classes.csv",
    "section_staff": "enrollments.csv",
    "enrollments": "users.csv",
    "rosters": "enrollments.csv",
}
"""Which file of an export each roster table is made of, for sentences."""


def is_oneroster(archive: Archive) -> bool:
    """True if a file is there that only a OneRoster export has."""
    return any(archive.find(f"{mark}.csv") for mark in MARKS)


def write_roster(
    archive: Archive,
    folder: Path,
    mapping: Mapping,
    supplied: frozenset[str],
    tally: Tally,
    progress: Progress | None = None,
    served_by: str = "",
) -> Version:
    """Write the roster tables of an export into `folder`; returns its version. `served_by`: see Export.

    Raises DataStop for whatever cannot be read without guessing. `folder` may then hold some of the tables.
    """
    export = Export(archive, tally, exclusive=mapping.end_date == "exclusive", served_by=served_by)
    export.on_read = _meter(archive, progress) if progress else None
    read_manifest(export)
    _note_unused(archive, tally)
    with RosterTables(folder) as tables:
        _write_tables(export, mapping, supplied, tables)
    return export.version


def _write_tables(export: Export, mapping: Mapping, supplied: frozenset[str], tables: RosterTables) -> None:
    orgs = read_orgs(export)
    _check_org_places(export, mapping)
    sessions = read_sessions(export)
    write_courses(export, orgs, tables)
    classes = write_classes(export, tables)
    roles = read_roles(export)
    if None in (mapping.ssid, mapping.seid, mapping.cds):
        counts = count_places(export, roles, [school for school in orgs.schools if school.active])
        mapping = complete_mapping(mapping, counts, export, supplied)
    users = write_users(export, roles, mapping, tables)
    found = write_enrollments(export, classes, users, tables)
    terms = _terms(orgs, sessions, classes)
    teachers = HomeroomTeachers(found.homerooms, classes, Timetable(sessions, terms), export)
    write_school_enrollments(orgs, users, found, teachers, tables, export)
    write_teachers(teachers, classes, users, tables)
    for school_id, own in terms.items():
        for term in own:
            tables.write(
                "terms",
                school_id=school_id,
                term_code=term.session_id,
                start_date=term.start,
                end_date=term.end,
            )
    _write_orgs(export, orgs, sessions, classes, mapping, tables)


def _check_org_places(export: Export, mapping: Mapping) -> None:
    """Stop at a mapped place of orgs for which there is no column."""
    columns = {column.casefold() for column in export.header("orgs")}
    for place in (mapping.cds, mapping.school_number):
        if place and place.casefold() not in columns:
            raise DataStop(
                f"{export.title}: the mapping says {place}, but {export.noun('orgs')} has no such column. "
                "Correct the mapping."
            )


def _write_orgs(
    export: Export, orgs: Orgs, sessions: Sessions, classes: Classes, mapping: Mapping, tables: RosterTables
) -> None:
    district = find_district(orgs, export)
    year = school_year(sessions, classes.session_uses(), export)
    tables.write(
        "lea",
        lea_code=district.at("identifier") or district.org_id,
        name=district.name,
        school_year=str(year),
    )
    schedules = classes.schedules()
    for school in orgs.schools:
        tables.write(
            "schools",
            school_id=school.org_id,
            school_number=school.at(mapping.school_number or "identifier") or school.org_id,
            name=school.name,
            cds_code=school.at(mapping.cds) if mapping.cds else "",
            active="true" if school.active else "false",
            schedule=schedules.get(school.org_id, ""),
        )


def _terms(orgs: Orgs, sessions: Sessions, classes: Classes) -> dict[str, list[Session]]:
    used = classes.sessions_by_school()
    anywhere = {session_id for own in used.values() for session_id in own}
    return {school.org_id: sessions.of_school(used.get(school.org_id, set()), anywhere) for school in orgs.schools}


def _note_unused(archive: Archive, tally: Tally) -> None:
    known = {name.casefold() for name in READ_FILES} | NOT_NEEDED_FILES | {"manifest"}
    for key, member in archive.members.items():
        if key.removesuffix(".csv") not in known:
            tally.add("source_file_not_used", member.name, value=member.name)


def _meter(archive: Archive, progress: Progress) -> Callable[[str, int], None]:
    """Tells the part of the bytes that has been read; users.csv and classes.csv are read twice."""
    total = 1
    for name in READ_FILES:
        member = archive.find(f"{name}.csv")
        total += (2 if name in ("users", "classes") else 1) * (member.size if member else 0)
    read = 0

    def on_read(name: str, size: int) -> None:
        nonlocal read
        read += size
        progress(f"reading {name}", min(read / total, 1.0))

    return on_read
