"""What Aeries' codes mean, the same through its API and in its database.

Source: reference "SIS sources", 1.2 (schools), 1.4 (grades, STU.CU), 1.5 (teachers), 1.8 (section staff).
"""

import re

from cersgroups.core.roster import GRADES

_NO_SCHOOL = "0000000"
_CDS_PARTS = (2, 5, 7)
_SCHEDULES = {
    "elementary": "elementary",
    "elementaryandmasterschedule": "elementary_master",
    "masterschedule": "master",
    "flex": "flex",
    "flexible": "flex",
    "3": "flex",  # LOC.E (Aeries article 14000130190); what 0 to 2 mean is not documented
}
_GRADES = {"-1": "TK", "0": "KG", **{str(grade): f"{grade:02d}" for grade in range(1, 13)}}
_WITH_HOMEROOMS = ("elementary", "elementary_master")
_LAST_WITH_HOMEROOMS = "06"
_OF_LOWER_SCHOOLS, _LAST_OF_LOWER_SCHOOLS = 4, 8
_AIDE, _SUBSTITUTE = "33", "47"
"""Staff roles that Aeries brings along; districts may have others."""


def schedule_of(schedule_type: str) -> str:
    """The roster's schedule for a ScheduleType or LOC.E, blank if it is unknown; `Flex` is also spelled `Flexible`."""
    return _SCHEDULES.get(re.sub(r"[^a-z0-9]", "", schedule_type.casefold()), "")


def schedule_by_grades(lowest: int, highest: int, has_sections: bool) -> str:
    """The shape of a school that is not flex, by its grades as STU.GR numbers them (-1 is TK, 0 KG).

    Blank for one with grades from below 5 to above 8, and for grades that are none.
    """
    if highest < lowest or (lowest <= _OF_LOWER_SCHOOLS and highest > _LAST_OF_LOWER_SCHOOLS):
        return ""
    if lowest <= _OF_LOWER_SCHOOLS or highest <= int(_LAST_WITH_HOMEROOMS):
        return "elementary_master" if has_sections else "elementary"
    return "master"


def grade_of_number(grade: str) -> str:
    """The roster's grade for STU.GR: -1 is TK, 0 KG; blank for preschool (-2), 13 to 18 and whatever is no number."""
    return _GRADES.get(grade, "")


def cds_of(county: str, district: str, school: str) -> str:
    """The 14 digits of LOC.CC, DC and SC, each padded; blank if one is missing or no number, or the school's is 0."""
    parts = [part.zfill(length) for part, length in zip((county, district, school), _CDS_PARTS, strict=True)]
    is_code = all(
        part and whole.isascii() and whole.isdigit() and len(whole) == length
        for part, whole, length in zip((county, district, school), parts, _CDS_PARTS, strict=True)
    )
    return "".join(parts) if is_code and parts[2] != _NO_SCHOOL else ""


def role_of(is_primary: bool, role_code: str, sees_students: bool) -> str:
    """The roster's role of one of a section's staff.

    The codes of SSE.SR are each district's own: those that say so are aides and substitutes, and so is an aide
    who may not see the students; everybody else is `co`.
    """
    if is_primary:
        return "primary"
    code = role_code.casefold().lstrip("0")
    if code in ("ta", _AIDE) or "aide" in code or "para" in code or not sees_students:
        return "aide"
    return "substitute" if code == _SUBSTITUTE or "sub" in code else "co"


def has_homerooms(schedule: str, grade: str) -> bool:
    """Whether the teacher number of a student (STU.CU) is the homeroom's; else it is the counselor's.

    Where the school's schedule is unknown, students up to grade 06 have homerooms.
    """
    if schedule:
        return schedule in _WITH_HOMEROOMS
    return grade in GRADES and GRADES.index(grade) <= GRADES.index(_LAST_WITH_HOMEROOMS)


def name_of(display: str, first: str, last: str) -> tuple[str, str]:
    """Last and first name of a teacher record; where its last name is blank, the display name ("Last, First") tells."""
    if last:
        return last, first
    shown_last, _, shown_first = display.partition(",")
    return shown_last.strip(), first or shown_first.strip()
