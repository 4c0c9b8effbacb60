"""The timetable of a demo secondary school: who has which subject in which period, with which teacher."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from cersgroups.sources.demo_course import SUBJECTS
from cersgroups.sources.demo_draft import Stay
from cersgroups.sources.demo_staff import Member, Staff

PERIODS = 7
_SMALLEST_TRACK = 20
_LARGEST = 36
_LESSONS_PER_TEACHER = 5


@dataclass
class Lesson:
    """One subject in one period for some students; `parallel` counts those of the same grade and period.

    `moves_to` is the place of the parallel lesson to which its last student changes in autumn, if any.
    """

    grade: str
    period: int
    subject: int
    parallel: int
    students: list[str]
    moves_to: int | None = None
    teacher: Member | None = field(default=None)


def lessons(rng: Random, stays: Sequence[Stay]) -> list[Lesson]:
    """The whole timetable: every student has every subject once, each in another period."""
    made: list[Lesson] = []
    students = sorted({stay.student_id: stay.grade for stay in stays}.items(), key=lambda s: s[1])
    for grade, members in groupby(students, key=lambda s: s[1]):
        ids = [student for student, _ in members]
        tracks = max(1, min(PERIODS, len(ids) // _SMALLEST_TRACK))
        for track in range(tracks):
            for period in range(PERIODS):
                made += _parallels(rng, grade, period, (period + track) % PERIODS, ids[track::tracks], len(made))
    return made


def _parallels(rng: Random, grade: str, period: int, subject: int, students: list[str], place: int) -> Iterator[Lesson]:
    count = -(-len(students) // _LARGEST)
    if count > 1:
        rng.shuffle(students)
    for parallel in range(count):
        moves_to = place + 1 if parallel == 0 and count > 1 and period % 3 == 0 else None
        yield Lesson(grade, period + 1, subject, parallel, students[parallel::count], moves_to)


def assign_teachers(staff: Staff, schedule: str, timetable: list[Lesson]) -> None:
    """Hire for every department and give each lesson a teacher who is free in its period."""
    for subject in range(len(SUBJECTS[schedule])):
        taught = sorted((x for x in timetable if x.subject == subject), key=lambda x: x.period)
        by_period = [list(group) for _, group in groupby(taught, key=lambda x: x.period)]
        needed = max((*map(len, by_period), -(-len(taught) // _LESSONS_PER_TEACHER)), default=0)
        _share_out(by_period, staff.hire(needed))


def _share_out(by_period: list[list[Lesson]], teachers: list[Member]) -> None:
    load = dict.fromkeys(range(len(teachers)), 0)
    for concurrent in by_period:
        free = sorted(load, key=lambda place: (load[place], place))
        for lesson, place in zip(concurrent, free, strict=False):
            lesson.teacher = teachers[place]
            load[place] += 1
