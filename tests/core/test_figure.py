"""Figures of an extract, summed up for people."""

from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.figure import SIZE_STEPS, Figures, Share, from_text, step_name

HIGH = Share("10", "10", "Fig High", "09", 100, 90)
HIGH_10 = Share("10", "10", "Fig High", "10", 100, 20)
KIWI = Share("30", "30", "Kiwi Elem", "TK", 50, 50)
KIWI_1 = Share("30", "30", "Kiwi Elem", "01", 40, 40)
NO_GRADE = Share("30", "30", "Kiwi Elem", "", 3, 0)
FIGURES = Figures((HIGH, HIGH_10, KIWI, KIWI_1, NO_GRADE), (0,) * SIZE_STEPS)


def test_the_school_with_the_lowest_share_comes_first() -> None:
    assert [(s.school_name, s.enrolled, s.in_group) for s in FIGURES.by_school()] == [
        ("10 Fig High", 200, 110),
        ("30 Kiwi Elem", 93, 90),
    ]


def test_grades_are_in_their_order_and_an_unknown_one_is_last() -> None:
    assert [s.grade_name for s in FIGURES.by_grade()] == ["TK", "01", "09", "10", "no grade"]


def test_a_sum_of_one_school_keeps_its_name_and_of_several_has_none() -> None:
    assert FIGURES.total() == Share("", "", "", "", 293, 200)
    assert Figures((HIGH, HIGH_10), ()).total().school == "Fig High"


def test_nobody_enrolled_is_no_division_by_zero() -> None:
    assert Figures((), ()).total().percent == 0


def test_the_first_and_the_last_step_of_size_are_named() -> None:
    assert (step_name(0), step_name(SIZE_STEPS - 1)) == ("1 to 10", "191 to 200")


SHARES = st.builds(
    Share,
    *(st.text(max_size=5) for _ in range(4)),
    enrolled=st.integers(0, 99),
    in_group=st.integers(0, 99),
)


@given(st.lists(SHARES, max_size=8), st.lists(st.integers(0, 9), max_size=3))
def test_what_is_stored_is_read_back_whole(shares: list[Share], sizes: list[int]) -> None:
    read = from_text(Figures(tuple(shares), tuple(sizes)).as_text())
    assert sorted(map(str, read.shares)) == sorted(map(str, shares))
    assert read.sizes == tuple(sizes)


@given(st.lists(SHARES, max_size=8))
def test_no_student_is_lost_in_the_sums(shares: list[Share]) -> None:
    figures = Figures(tuple(shares), ())
    for sums in (figures.by_school(), figures.by_grade(), [figures.total()]):
        assert sum(s.enrolled for s in sums) == sum(s.enrolled for s in shares)
        assert sum(s.in_group for s in sums) == sum(s.in_group for s in shares)
