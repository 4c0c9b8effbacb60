"""The safety stop: when an upload takes away so much that a person must say yes."""

import pytest

from cersgroups.core.safety import safety_stops

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
