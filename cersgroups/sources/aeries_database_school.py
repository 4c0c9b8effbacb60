"""LEA, schools and terms of the Aeries database, with what the other tables need to know of a school."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from cersgroups.core.error import DataStop
from cersgroups.core.roster import year_name
from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_code import cds_of, schedule_by_grades, schedule_of
from cersgroups.sources.aeries_database_cell import active, day, flag, text, written
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.live import school_year_of

DISTRICT = "0"
"""The code of the district's own row in LOC, and of its options."""

_NOT_FLEX = ("0", "1", "2")
_NO_GRADES = (0, -1)

_TRACKS, _BY_STAFF_ID, _SECTION_STAFF = statement.OPTIONS


@dataclass(frozen=True)
class School:
    """What the other tables need to know of a school.

    `schedule` is blank if it is none that we know. `section_staff`: whether SSE says who teaches, None if that is not
    known either; `counselor_by_staff_id`: whether STU.CNS says who counsels.
    """

    schedule: str
    section_staff: bool | None
    counselor_by_staff_id: bool


Schools = Mapping[str, School]
"""Those that are active and reported, by id: of others nothing else is read."""


def write_schools(reading: Reading) -> Schools:
    """Write `lea` and `schools`; inactive ones are listed only. Raises DataStop if no active one is there."""
    options = _options(reading)
    with_sections = {text(row.SC) for row in reading.rows(statement.schools_with_sections(), "MST")}
    rows = list(reading.rows(statement.schools(), "LOC"))
    schools = {}
    for row in rows:
        school_id = text(row.CD)
        if school_id != DISTRICT and _is_reported(reading, row):
            school = _school(row, options, school_id in with_sections)
            _write_school(reading, row, school, _ticked(options, school_id, _TRACKS))
            if is_read(row):
                schools[school_id] = school
    if not schools:
        raise DataStop("Aeries database: LOC holds no active school. Check that this is an Aeries database.")
    _write_lea(reading, rows)
    return schools


def is_read(row: Row[Any]) -> bool:
    """Whether more than its name is read of a school (a row of LOC): it is active, reported, and not the district."""
    return text(row.CD) != DISTRICT and active(row.TG) == "true" and not flag(row.DNR)


def _is_reported(reading: Reading, row: Row[Any]) -> bool:
    if flag(row.DNR):
        reading.tally.add("aeries_school_left_out", "LOC", text(row.CD), text(row.NM), "Do Not Report")
    return not flag(row.DNR)


def _options(reading: Reading) -> dict[tuple[str, str], bool]:
    return {(text(row.SC), text(row.NM)): flag(row.CD) for row in reading.rows(statement.options(), "OPT")}


def _ticked(options: dict[tuple[str, str], bool], school_id: str, name: str) -> bool:
    """The school's own choice, else the district's."""
    return options.get((school_id, name), options.get((DISTRICT, name), False))


def _school(row: Row[Any], options: dict[tuple[str, str], bool], has_sections: bool) -> School:
    """Of the codes of LOC.E only flex is documented; of schools with another the grades tell the shape."""
    school_id, schedule, is_other = text(row.CD), schedule_of(text(row.E)), text(row.E) in _NOT_FLEX
    if not schedule and is_other:
        schedule = schedule_by_grades(*_grades(row), has_sections)
    chosen = _ticked(options, school_id, _SECTION_STAFF)
    return School(
        schedule,
        True if schedule == "flex" or chosen else False if schedule or is_other else None,
        _ticked(options, school_id, _BY_STAFF_ID),
    )


def _grades(row: Row[Any]) -> tuple[int, int]:
    """Lowest and highest; none if they are no numbers."""
    try:
        return int(text(row.LO)), int(text(row.HI))
    except ValueError:
        return _NO_GRADES


def _cds(row: Row[Any]) -> str:
    return cds_of(text(row.CC), text(row.DC), text(row.SC))


def _write_school(reading: Reading, row: Row[Any], school: School, tracks: bool) -> None:
    school_id, name, cds_code = text(row.CD), text(row.NM), _cds(row)
    if active(row.TG) == "false":
        reading.tally.add("aeries_school_inactive", "LOC", school_id, name)
    else:
        if not school.schedule:
            reading.tally.add("aeries_schedule_unknown", "LOC", school_id, text(row.E), name)
        if not cds_code:
            reading.tally.add("aeries_school_without_cds", "LOC", school_id, name)
    reading.tables.write(
        "schools",
        school_id=school_id,
        school_number=school_id,
        name=name or school_id,
        cds_code=cds_code,
        active=active(row.TG),
        schedule=school.schedule,
        tracks_primary_classes=written(tracks),
    )


def _write_lea(reading: Reading, rows: Sequence[Row[Any]]) -> None:
    """The district's row names it; its code is the county and district of most schools if that row lacks one."""
    own = next((row for row in rows if text(row.CD) == DISTRICT), None)
    code = cds_of(text(own.CC), text(own.DC), "1")[:7] if own is not None else ""
    name = text(own.NM) if own is not None else ""
    if not code or not name:
        reading.tally.add("aeries_district_missing", "LOC", DISTRICT)
    if not code:
        codes = Counter(cds[:7] for row in rows if (cds := _cds(row)))
        code = codes.most_common(1)[0][0] if codes else DISTRICT
    school_year = str(school_year_of(reading.as_of))
    reading.tables.write("lea", lea_code=code, name=name or f"LEA {code}", school_year=school_year)


def write_terms(reading: Reading, schools: Schools) -> None:
    """Write `terms`. Raises DataStop if they are of another school year, or none has days."""
    rows = [row for row in reading.rows(statement.terms(), "TRM") if text(row.SC) in schools]
    check_year(rows, school_year_of(reading.as_of))
    for row in rows:
        start, end = day(row.D1), day(row.D2)
        if start and end:
            reading.tables.write(
                "terms", school_id=text(row.SC), term_code=text(row.TM), start_date=start, end_date=end
            )
        else:
            reading.tally.add("aeries_term_without_dates", "TRM", f"{text(row.SC)}/{text(row.TM)}")


def check_year(terms: Iterable[Row[Any]], school_year: int) -> None:
    """Raises DataStop unless most of the terms that have days are of that school year."""
    days = [(day(row.D1), day(row.D2)) for row in terms]
    years = Counter(_school_year(start, end) for start, end in days if start and end)
    if not years:
        raise DataStop("Aeries database: TRM holds no term with days: no section would be live. Enter them in Aeries.")
    held = years.most_common(1)[0][0]
    if held != school_year:
        raise DataStop(
            f"Aeries database: its terms are of {year_name(held)}, and {year_name(school_year)} was asked for. "
            "Enter the database of that year; {year} in its name stands for the two digits of the year it begins in."
        )


def _school_year(start: str, end: str) -> int:
    """Of the day in the middle: a year may begin before July."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return school_year_of(first + timedelta(days=(last - first).days // 2))
