"""A weekly plan: on these days of the week, at this time of the local clock (features G1). No clock is read here.

What is meant is a local date and time; that is an occurrence's identity, whatever the zone does to the clock that day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""By number: 0 is Monday, as Python counts."""

MADE_UP_WITHIN = timedelta(hours=24)
"""An occurrence that nothing ran for is made up if it is less than this late, else recorded as missed."""

_ONE_DAY = timedelta(days=1)
_ANY_SHIFT = timedelta(days=2)
"""More than the clock of any zone is away from UTC, or was ever put forward or back."""

_CHECKED_AHEAD = timedelta(days=7 + 1)


@dataclass(frozen=True)
class Occurrence:
    """`meant`: the local date and time, without a zone. `at`: the moment, in UTC."""

    meant: datetime
    at: datetime

    @property
    def identity(self) -> str:
        """`2026-11-27T22:30`, unique within a plan."""
        return self.meant.isoformat(timespec="minutes")


@dataclass(frozen=True)
class Due:
    """Of what was planned until now: `run` is to be run, `missed` is too late; oldest first."""

    run: Occurrence | None
    missed: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Schedule:
    """`days` by number (DAY_NAMES); `time` to the minute; `zone` is the LEA's."""

    days: frozenset[int]
    time: time
    zone: ZoneInfo

    def occurrences(self, after: datetime, until: datetime) -> Iterator[Occurrence]:
        """Those whose moment is later than `after` and no later than `until`, in the order of their dates."""
        day = (after - _ANY_SHIFT).astimezone(self.zone).date()
        last = (until + _ANY_SHIFT).astimezone(self.zone).date()
        while day <= last:
            if day.weekday() in self.days:
                occurrence = self._on(day)
                if after < occurrence.at <= until:
                    yield occurrence
            day += _ONE_DAY

    def next(self, after: datetime) -> Occurrence | None:
        """The first whose moment is later; None if no day is chosen."""
        return next(self.occurrences(after, after + _CHECKED_AHEAD), None)

    def due(self, since: datetime, now: datetime) -> Due:
        """What to do about all later than `since`: only the last is made up, if it is not too late, and only once."""
        planned = tuple(self.occurrences(since, now))
        if planned and now - planned[-1].at < MADE_UP_WITHIN:
            return Due(planned[-1], planned[:-1])
        return Due(None, planned)

    def _on(self, day: date) -> Occurrence:
        meant = datetime.combine(day, self.time)
        return Occurrence(meant, moment(meant, self.zone))


def moment(meant: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the zone's clock shows this local time or has passed it.

    So of a time that comes twice (the clock is put back) it is the first, and for one that does not exist (the clock is
    put forward) it is the moment at which the clock jumps over it.
    """
    late, early = (meant.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early >= late:
        return late
    # only a time that is jumped over has its second reading first: the jump lies between the two
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= meant:
            late = middle
        else:
            early = middle
    return late
