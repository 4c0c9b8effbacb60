"""The student groups of the demo district: programs of each school, and one of the whole district."""

from typing import NamedTuple

from cersgroups.sources.demo_draft import Draft, Stay, flag
from cersgroups.sources.demo_staff import Member, Staff

DISTRICT_GROUP = "ELOP"
_SURELY_IN_DISTRICT_GROUP = 260
"""So many students of the first schools: more than one group of CERS may hold (200)."""
_EVERY_IN_DISTRICT_GROUP = 40
_A_LARGE_SCHOOL = 600


class Program(NamedTuple):
    """`share` of a school's students are in it; `{school}` in its name stands for the school's."""

    code: str
    name: str
    share: float
    expires_on: str = ""
    confidential: bool = False


def write_groups(draft: Draft, staff: Staff, stays: list[Stay]) -> None:
    """Write this school's groups with members and staff, and its members of the district's group."""
    students = list(dict.fromkeys(stay.student_id for stay in stays))
    for program in _programs(draft):
        count = round(len(students) * program.share)
        members = sorted(draft.rng.sample(students, count))
        leaders = draft.rng.sample(staff.members, min(2, len(staff.members)))
        _write_group(draft, program, members, leaders)
    _write_district_members(draft, students)


def write_district_group(draft: Draft) -> None:
    """The row of the group that all schools share; it belongs to no school."""
    draft.add(
        "student_groups",
        group_code=DISTRICT_GROUP,
        name="Expanded Learning (ELO-P)",
        confidential="false",
    )


def _programs(draft: Draft) -> list[Program]:
    first, autumn_end = draft.calendar.start, draft.calendar.autumn_end
    programs = [
        *(Program(f"EL{level}", f"EL Level {level} – {{school}}", 0.05) for level in range(1, 5)),
        Program("504", "504 Plan – {school}", 0.04, confidential=True),
        Program("BRIDGE", "Summer Bridge {school}", 0.06, expires_on=f"{first.year}-07-31"),
        Program("INT", "Fall Intervention: {school}", 0.05, expires_on=autumn_end.isoformat()),
    ]
    if draft.school.schedule in ("master", "flex"):
        programs.append(Program("AVID", "AVID", 0.08))
    if draft.school.schedule == "flex" and draft.school.size >= _A_LARGE_SCHOOL:
        programs.append(Program("CCS", "College & Career Seminar, {school}", 0.35))
    return programs


def _write_group(draft: Draft, program: Program, members: list[str], leaders: list[Member]) -> None:
    code = f"{program.code}-{draft.school_id}"
    draft.add(
        "student_groups",
        group_code=code,
        school_id=draft.school_id,
        name=program.name.format(school=draft.school.name),
        expires_on=program.expires_on,
        confidential=flag(program.confidential),
    )
    draft.lines["group_members"] += [f"{code},{student}\n" for student in members]
    for leader in leaders:
        draft.add("group_staff", group_code=code, staff_id=leader.staff_id)


def _write_district_members(draft: Draft, students: list[str]) -> None:
    first = draft.school.first_student
    draft.lines["group_members"] += [
        f"{DISTRICT_GROUP},{student}\n"
        for place, student in enumerate(students[: draft.school.size])
        if first + place < _SURELY_IN_DISTRICT_GROUP or (first + place) % _EVERY_IN_DISTRICT_GROUP == 0
    ]
