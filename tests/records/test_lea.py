"""The day at an LEA is that of its own clock, whatever day it is in Greenwich."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cersgroups.records.lea import Lea

TODAY = Lea.today
"""The real one: tests have a day of their own (tests/conftest.py)."""


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Los_Angeles", date(2026, 11, 30)), ("Pacific/Auckland", date(2026, 12, 1))]
)
def test_the_day_is_that_of_the_leas_clock(monkeypatch: pytest.MonkeyPatch, zone: str, day: date) -> None:
    moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    monkeypatch.setattr(Lea, "now", lambda lea: moment.astimezone(lea.zone))
    assert TODAY(Lea(time_zone=zone)) == day


def test_the_moment_is_told_by_the_leas_clock() -> None:
    now = Lea(time_zone="America/Los_Angeles").now()
    assert now.tzinfo == ZoneInfo("America/Los_Angeles")
    assert abs((datetime.now(UTC) - now).total_seconds()) < 60
