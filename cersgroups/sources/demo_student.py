"""The students of one demo school, and their enrollments."""

from collections.abc import Sequence
from random import Random

from cersgroups.sources.demo_draft import Draft, Stay
from cersgroups.sources.demo_name import names

_FIRST_STUDENT_ID = 2_000_001

_SSID_STEP, _SSID_RANGE = 2_718_281_827, 9_000_000_000
"""No common divisor: so many students in a row have different SSIDs."""

_UNKNOWN_GRADE = "UG"
_EVERY_ODD_GRADE = 4999
_AWAY, _BACK = 44, 62
"""Days after the first one on which those who come back leave and return."""


def write_students(draft: Draft, seed: int) -> list[Stay]:
    """Write this school's own students; returns everyone enrolled here, with the arrivals.

    Sets `draft.departures`: those whom the next school enrolls too.
    """
    stays: list[Stay] = []
    school, lines = draft.school, draft.lines["students"]
    offset = seed * 1_000_003
    for place, (last, first) in enumerate(names(draft.rng, school.size)):
        number = school.first_student + place
        student_id = str(_FIRST_STUDENT_ID + number)
        lines.append(f"{student_id},{_ssid(draft.rng, number, offset)},{last},{first}\n")
        grade = school.grades[place * len(school.grades) // school.size]
        stays += _stays(draft, student_id, grade)
    return stays + draft.arrivals


def write_enrollments(
    draft: Draft, stays: Sequence[Stay], homerooms: dict[str, str], counselors: dict[str, str]
) -> None:
    """Write one row per stay; both dictionaries are by student_id."""
    school_id = draft.school_id
    draft.lines["enrollments"] += [
        f"{stay.student_id},{school_id},{_grade(stay)},{'true' if stay.active else 'false'},{stay.start},"
        f"{stay.end},{homerooms.get(stay.student_id, '')},{counselors.get(stay.student_id, '')}\n"
        for stay in stays
    ]


def _ssid(rng: Random, number: int, offset: int) -> str:
    ssid = str(1_000_000_000 + (number * _SSID_STEP + offset) % _SSID_RANGE)
    dice = rng.random()
    if dice > 0.006:
        return ssid
    if dice < 0.005:
        return ""
    return rng.choice((ssid[:9], f"{ssid[:5]} {ssid[5:]}", f"{ssid[:9]}X", f"{ssid}0"))


def _stays(draft: Draft, student_id: str, grade: str) -> list[Stay]:
    """One regular stay for most; some come late, leave, move on, come back, or never came."""
    calendar, dice = draft.calendar, draft.rng.random()
    regular = Stay(student_id, grade, calendar.first_day)
    if dice > 0.052:
        return [regular]
    if dice > 0.032:
        return [regular._replace(start=calendar.day(draft.rng.randrange(5, 200)))]
    if dice > 0.012:
        return [regular._replace(end=calendar.day(draft.rng.randrange(20, 280)))]
    if dice > 0.010:
        return [regular._replace(active=False)]
    if dice > 0.007:
        return [regular._replace(end=calendar.day(_AWAY)), regular._replace(start=calendar.day(_BACK))]
    return [_moving(draft, regular, also_here=dice < 0.001)]


def _moving(draft: Draft, regular: Stay, also_here: bool) -> Stay:
    following = draft.next_school
    if following is None or not following.size or regular.grade not in following.grades:
        return regular
    day = draft.rng.randrange(20, 200)
    draft.departures.append(regular._replace(start=draft.calendar.day(day + 3)))
    return regular if also_here else regular._replace(end=draft.calendar.day(day))


def _grade(stay: Stay) -> str:
    odd = int(stay.student_id) % _EVERY_ODD_GRADE == _ODD_REST
    return _UNKNOWN_GRADE if odd else stay.grade


_ODD_REST = (_FIRST_STUDENT_ID + 17) % _EVERY_ODD_GRADE
