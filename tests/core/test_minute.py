"""So many uses in a minute that begins with the first; then one waits for its end."""

from datetime import UTC, datetime, timedelta

from cersgroups.core.minute import Minute, one_more

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def waits(most: int, *seconds: float) -> list[int]:
    """Used at these seconds after noon: how long each must wait."""
    minute, found = Minute(), []
    for after in seconds:
        minute, wait = one_more(minute, NOON + timedelta(seconds=after), most)
        found.append(wait)
    return found


def test_what_is_too_much_waits_for_the_end_of_the_minute() -> None:
    assert waits(2, 0, 1, 2, 30.5, 59.9) == [0, 0, 58, 30, 1]


def test_the_next_minute_begins_with_the_next_use() -> None:
    assert waits(2, 0, 1, 60, 119, 119.5, 120) == [0, 0, 0, 0, 1, 0]


def test_waiting_makes_the_wait_no_longer() -> None:
    assert waits(1, 0, *range(1, 60), 60)[-1] == 0


def test_0_is_as_many_as_one_likes() -> None:
    assert set(waits(0, *range(50))) == {0}


def test_a_clock_that_was_turned_back_begins_a_new_minute() -> None:
    assert waits(1, 0, -3600) == [0, 0]
