"""The safety stops: when an upload takes away, or a fetched roster lost, so much that a person must say yes."""

from typing import Any

import pytest

from cersgroups.core.safety import RosterFacts, roster_stops, safety_stops, school_stops

NOTHING = {f"{what}_{when}": 0 for what in ("groups", "students", "users") for when in ("before", "retired", "removed")}


def stops(percent: int = 20, **figures: int) -> list[str]:
    return safety_stops({**NOTHING, **figures}, percent)


def test_more_than_the_share_stops_with_a_sentence() -> None:
    assert stops(groups_before=100, groups_retired=21) == [
        "21 of 100 student groups that CERS holds in these groups would go "
        "(21%, more than the 20% allowed without asking)."
    ]


@pytest.mark.parametrize("figures", [{"groups_before": 100, "groups_retired": 20}, {"groups_before": 0}])
def test_as_much_as_the_share_or_nothing_does_not_stop(figures: dict[str, int]) -> None:
    assert stops(**figures) == []


def test_each_of_groups_students_and_users_stops() -> None:
    assert len(stops(students_before=50, students_removed=30, users_before=9, users_removed=9)) == 2


def test_a_few_never_stop_unless_nothing_at_all_may_go_without_asking() -> None:
    assert stops(users_before=5, users_removed=5) == []
    assert len(stops(percent=0, users_before=5, users_removed=1)) == 1
    assert stops(percent=0, users_before=5) == []


SCHOOLS = frozenset("abcdefghij")
COUNTS = {"schools": 10, "sections": 100, "students": 1000, "rosters": 5000, "staff": 100}


def facts(
    schools: frozenset[str] = SCHOOLS, school_year: int = 2027, in_term: bool = True, **counts: int
) -> RosterFacts:
    return RosterFacts({**COUNTS, **counts}, schools, school_year, in_term)


def test_a_school_of_which_all_groups_go_stops_unless_they_are_a_few_or_the_lea_never_asks() -> None:
    [sentence] = school_stops({"Fig High": 6, "Plum Middle": 5}, 20)
    assert sentence.startswith("Fig High: all of its 6 student groups")
    assert school_stops({"Fig High": 6}, 100) == []


def test_a_roster_that_is_as_it_was_or_grew_is_not_held() -> None:
    assert roster_stops(facts(), facts(), 10) == []
    assert roster_stops(facts(), facts(SCHOOLS | {"k"}, 2028, students=1200), 10) == []
    assert roster_stops(facts(in_term=False), facts(in_term=False), 10) == []
    assert roster_stops(None, facts(in_term=False), 10) == []


@pytest.mark.parametrize("table", ["sections", "students", "rosters", "staff"])
def test_what_lost_more_than_the_share_is_held_and_as_much_as_the_share_is_not(table: str) -> None:
    had = COUNTS[table]
    left: dict[str, Any] = {table: had * 9 // 10}
    assert roster_stops(facts(), facts(**left), 10) == []
    left[table] -= 1
    [stop] = roster_stops(facts(), facts(**left), 10)
    assert "of the current roster are not in it" in stop


def test_schools_are_told_by_their_ids_and_one_of_a_few_counts() -> None:
    assert roster_stops(facts(), facts(SCHOOLS - {"a"}), 10) == []
    [stop] = roster_stops(facts(), facts(SCHOOLS - {"a", "b"} | {"x", "y"}), 10)
    assert stop.startswith("2 of 10 schools of the current roster are not in it (20%")


def test_a_few_rows_never_hold_a_roster_but_all_of_them_do() -> None:
    small = facts(staff=5, sections=5)
    assert roster_stops(small, facts(staff=1, sections=5), 10) == []
    assert len(roster_stops(small, facts(staff=0, sections=5), 10)) == 1


@pytest.mark.parametrize("before", [None, facts()])
def test_an_empty_roster_is_held_even_as_the_first(before: RosterFacts | None) -> None:
    assert roster_stops(before, facts(students=0), 100) == ["It has no students: it came back empty."]


def test_an_earlier_school_year_and_a_day_without_a_term_hold_it() -> None:
    assert len(roster_stops(facts(), facts(school_year=2026), 10)) == 1
    assert len(roster_stops(facts(), facts(in_term=False), 10)) == 1
