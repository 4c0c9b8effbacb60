"""The sizes of a state's LEAs in the benchmark of a Friday."""

from tests.bench.friday_size import sizes


def test_a_thousand_leas_have_about_as_many_students_as_the_state() -> None:
    students = sizes(1_000, 5_800_000)
    assert len(students) == 1_000
    assert 5_500_000 < sum(students) < 6_100_000


def test_few_are_large_and_most_are_small() -> None:
    students = sizes(1_000, 5_800_000)
    assert students == sorted(students, reverse=True)
    assert 400_000 < students[0] < 700_000
    assert 1_500 < students[500] < 2_500
    assert len(set(students)) < 20, "few rosters need be made"
