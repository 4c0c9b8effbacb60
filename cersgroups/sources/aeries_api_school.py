"""Schools of the Aeries API: which are fetched, and the district they belong to. Reference "SIS sources", 1.2."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cersgroups.core.error import DataStop
from cersgroups.sources.aeries_api_cell import flag, reading, text
from cersgroups.sources.aeries_api_request import Aeries
from cersgroups.sources.aeries_code import cds_of, schedule_of
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries schools"
_DISTRICT = "0"
_DISTRICT_DIGITS = 7
"""County and district: the part of the CDS code that is the LEA's."""


@dataclass
class School:
    """One school; `tracks_primary_classes` is known once its sections have been read."""

    code: str
    name: str
    cds_code: str
    active: bool
    schedule: str
    tracks_primary_classes: bool = False

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def has_sections(self) -> bool:
        """Elementary schools without a master schedule have none."""
        return self.schedule != "elementary"

    def write(self, tables: RosterTables) -> None:
        tables.write(
            "schools",
            school_id=self.code,
            school_number=self.code,
            name=self.name,
            cds_code=self.cds_code,
            active=flag(self.active),
            schedule=self.schedule,
            tracks_primary_classes=flag(self.tracks_primary_classes),
        )


@dataclass
class Schools:
    """The schools of the roster, inactive ones among them, and the district's code and name."""

    lea_code: str
    lea_name: str
    all: list[School] = field(default_factory=list)

    @property
    def fetched(self) -> list[School]:
        return [school for school in self.all if school.active]


def read_schools(aeries: Aeries, left_out: str, tally: Tally) -> Schools:
    """`left_out`: codes with commas between them. Raises DataStop if no school is left."""
    with reading(aeries.get("schools")) as answer:
        rows = list(answer.rows())
    unwanted = set(left_out.replace(",", " ").split())
    for code in sorted(unwanted - {text(row.get("SchoolCode")) for row in rows}):
        tally.add("aeries_school_to_leave_out_unknown", LABEL, code)
    kept = [row for row in rows if text(row.get("SchoolCode")) != _DISTRICT and _is_wanted(row, unwanted, tally)]
    schools = [_school(row, tally) for row in kept]
    if not any(school.active for school in schools):
        raise DataStop(f"{answer.request}: there is no active school that is reported. Check what the API may see.")
    code, name = _district(rows, schools, tally)
    return Schools(code, name, schools)


def _is_wanted(row: dict[str, Any], unwanted: set[str], tally: Tally) -> bool:
    code = text(row.get("SchoolCode"))
    reason = "chosen to be left out" if code in unwanted else "Do Not Report" if row.get("DoNotReport") is True else ""
    if reason:
        tally.add("aeries_school_left_out", LABEL, code, text(row.get("Name")), reason)
    return not reason


def _school(row: dict[str, Any], tally: Tally) -> School:
    code, kind = text(row.get("SchoolCode")), text(row.get("ScheduleType"))
    school = School(
        code,
        text(row.get("Name")) or code,
        cds_of(*(text(row.get(part)) for part in ("StateCountyID", "StateDistrictID", "StateSchoolID"))),
        not text(row.get("InactiveStatusCode")),
        schedule_of(kind),
    )
    if not school.active:
        tally.add("aeries_school_inactive", LABEL, code, school.name)
        return school
    if not school.schedule:
        tally.add("aeries_schedule_unknown", LABEL, code, kind, school.name)
    if not school.cds_code:
        tally.add("aeries_school_without_cds", LABEL, code, school.name)
    return school


def _district(rows: list[dict[str, Any]], schools: list[School], tally: Tally) -> tuple[str, str]:
    """Code and name by the row of school 0, else by the district that most schools belong to."""
    row = next((row for row in rows if text(row.get("SchoolCode")) == _DISTRICT), {})
    own = cds_of(text(row.get("StateCountyID")), text(row.get("StateDistrictID")), "1")[:_DISTRICT_DIGITS]
    usual = Counter(school.cds_code[:_DISTRICT_DIGITS] for school in schools if school.cds_code).most_common(1)
    code = own or (usual[0][0] if usual else schools[0].code)
    name = text(row.get("Name"))
    if not name or not own:
        tally.add("aeries_district_missing", LABEL, _DISTRICT, code)
    return code, name or f"LEA {code}"
