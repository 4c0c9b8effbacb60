"""The timetable of a demo secondary school."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cersgroups.sources.demo_draft import Stay
from cersgroups.sources.demo_lesson import PERIODS, lessons


def stays(students: int, grades: tuple[str, ...] = ("09", "10")) -> list[Stay]:
    return [Stay(str(n), grades[n * len(grades) // students], "2026-08-12") for n in range(students)]


@settings(max_examples=60, deadline=None)
@given(students=st.integers(1, 1200))
def test_every_student_has_every_subject_once_and_every_period_once(students: int) -> None:
    timetable = lessons(Random(1), stays(students))
    for seen in ([x.period for x in timetable], [x.subject for x in timetable]):
        assert len(set(seen)) == PERIODS
    periods = Counter((student, x.period) for x in timetable for student in x.students)
    subjects = Counter((student, x.subject) for x in timetable for student in x.students)
    assert len(periods) == len(subjects) == PERIODS * students
    assert set(periods.values()) == set(subjects.values()) == {1}


@settings(max_examples=60, deadline=None)
@given(students=st.integers(40, 1200))
def test_classes_have_fifteen_to_thirty_six_students_of_one_grade(students: int) -> None:
    timetable = lessons(Random(1), stays(students))
    grade_of = {stay.student_id: stay.grade for stay in stays(students)}
    for lesson in timetable:
        assert 15 <= len(lesson.students) <= 36
        assert {grade_of[student] for student in lesson.students} == {lesson.grade}


def test_who_moves_goes_to_the_parallel_class_of_the_same_period_and_subject() -> None:
    timetable = lessons(Random(1), stays(1200))
    moving = [lesson for lesson in timetable if lesson.moves_to is not None]
    assert moving
    for lesson in moving:
        other = timetable[lesson.moves_to or 0]
        assert (other.grade, other.period, other.subject) == (lesson.grade, lesson.period, lesson.subject)
        assert not set(other.students) & set(lesson.students)


def test_a_student_who_came_back_sits_once_in_each_class() -> None:
    twice = [*stays(60), Stay("3", "09", "2026-10-13")]
    for lesson in lessons(Random(1), twice):
        assert len(set(lesson.students)) == len(lesson.students)
