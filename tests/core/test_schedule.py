"""The weekly plan against the clocks of the world: compared with walking through the minutes one by one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.schedule import MADE_UP_WITHIN, Occurrence, Schedule, moment

PACIFIC = ZoneInfo("America/Los_Angeles")
FRIDAY = 4

LIVED_IN = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "System")))
zones = st.sampled_from(LIVED_IN).map(ZoneInfo)
odd_zones = st.sampled_from(
    [
        "America/Los_Angeles",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "Africa/Casablanca",
    ]
).map(ZoneInfo)
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
days = st.frozensets(st.integers(0, 6))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)).map(
    lambda t: t.replace(second=0, microsecond=0)
)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(zones | odd_zones, st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))
def test_the_clock_shows_the_time_meant_or_has_just_jumped_over_it(zone: ZoneInfo, meant: datetime) -> None:
    meant = meant.replace(second=0, microsecond=0)
    at = moment(meant, zone)
    before = local(at - timedelta(seconds=1), zone)
    assert before < meant <= local(at, zone)
    assert local(at, zone) == meant or local(at, zone) - before > timedelta(seconds=1)


@given(odd_zones, st.dates(date(2000, 1, 1), date(2040, 1, 1)), times)
def test_it_is_the_first_such_moment_of_all(zone: ZoneInfo, day: date, at: time) -> None:
    meant = datetime.combine(day, at)
    found = moment(meant, zone)
    assert all(local(found - timedelta(minutes=15 * n, seconds=1), zone) < meant for n in range(4 * 30))


@given(days, times, zones, moments, st.integers(0, 40))
def test_every_chosen_day_comes_once_and_no_other(
    chosen: frozenset[int], at: time, zone: ZoneInfo, after: datetime, length: int
) -> None:
    until = after + timedelta(days=length)
    found = list(Schedule(chosen, at, zone).occurrences(after, until))
    every = [local(after, zone).date() + timedelta(days=n) for n in range(-3, length + 4)]
    meant = [datetime.combine(day, at) for day in every if day.weekday() in chosen]
    assert found == [Occurrence(m, moment(m, zone)) for m in meant if after < moment(m, zone) <= until]


@given(days.filter(bool), times, zones, moments, st.lists(st.integers(1, 20_000), max_size=8))
def test_however_often_one_asks_each_occurrence_is_either_run_or_missed_once(
    chosen: frozenset[int], at: time, zone: ZoneInfo, start: datetime, minutes: list[int]
) -> None:
    schedule, since, told = Schedule(chosen, at, zone), start, []
    for pause in minutes:
        now = since + timedelta(minutes=pause)
        due = schedule.due(since, now)
        told += [*due.missed, *([due.run] if due.run else [])]
        assert due.run is None or now - due.run.at < MADE_UP_WITHIN
        since = now
    assert told == list(schedule.occurrences(start, since))
    assert len({occurrence.identity for occurrence in told}) == len(told)


@given(days, times, zones, moments)
def test_the_next_is_the_first_after(chosen: frozenset[int], at: time, zone: ZoneInfo, after: datetime) -> None:
    schedule = Schedule(chosen, at, zone)
    found = schedule.next(after)
    assert found == next(schedule.occurrences(after, after + timedelta(days=30)), None)
    assert (found is None) == (not chosen)


@pytest.mark.parametrize(
    ("meant", "at"),
    [
        ("2027-03-14T02:30", "2027-03-14T10:00"),  # no such time: the clock goes from 2:00 to 3:00
        ("2027-03-14T02:00", "2027-03-14T10:00"),
        ("2027-03-14T03:00", "2027-03-14T10:00"),
        ("2026-11-01T01:30", "2026-11-01T08:30"),  # comes twice: the first, in daylight time
        ("2026-11-01T02:00", "2026-11-01T10:00"),
        ("2026-11-27T22:30", "2026-11-28T06:30"),
    ],
)
def test_the_nights_when_the_clock_is_changed_in_california(meant: str, at: str) -> None:
    assert moment(datetime.fromisoformat(meant), PACIFIC) == utc(at)


def test_a_day_that_an_island_skipped_ends_when_the_next_begins() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert moment(datetime(2011, 12, 30, 12), apia) == moment(datetime(2011, 12, 31), apia) == utc("2011-12-30T10:00")


FRIDAYS = Schedule(frozenset({FRIDAY}), time(22, 30), PACIFIC)


@pytest.mark.parametrize(
    ("now", "run", "missed"),
    [
        ("2026-11-28T06:29", None, []),
        ("2026-11-28T06:30", "2026-11-27T22:30", []),
        ("2026-11-29T06:29", "2026-11-27T22:30", []),
        ("2026-11-29T06:30", None, ["2026-11-27T22:30"]),
        ("2026-12-05T07:00", "2026-12-04T22:30", ["2026-11-27T22:30"]),
        ("2026-12-06T07:00", None, ["2026-11-27T22:30", "2026-12-04T22:30"]),
    ],
)
def test_what_nothing_ran_for_is_made_up_within_a_day_else_missed(now: str, run: str | None, missed: list[str]) -> None:
    due = FRIDAYS.due(utc("2026-11-24T00:00"), utc(now))
    assert (due.run.identity if due.run else None, [o.identity for o in due.missed]) == (run, missed)
