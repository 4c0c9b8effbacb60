"""How often something may be done in a minute: by an API token, by a person on the pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

_LENGTH = timedelta(minutes=1)


@dataclass(frozen=True)
class Minute:
    """`uses` since `began`, which is the first of them."""

    began: datetime | None = None
    uses: int = 0


def one_more(minute: Minute, now: datetime, most: int) -> tuple[Minute, int]:
    """The minute after one more use, and 0; if it had `most` before, as it was, and the seconds to wait.

    0: as many as one likes. A minute that is over, or begins in what the clock now calls the future, begins anew.
    """
    if minute.began is None or not timedelta(0) <= now - minute.began < _LENGTH:
        minute = Minute(now)
    elif 0 < most <= minute.uses:
        return minute, max(1, ceil((minute.began + _LENGTH - now).total_seconds()))
    return Minute(minute.began, minute.uses + 1), 0
