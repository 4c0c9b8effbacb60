"""What fails for a reason outside the data (a full disk, a lost connection) is tried again, then given up."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, RetryStrategy
from procrastinate.jobs import Job

from cersgroups.records.bucket import BucketAway

ATTEMPTS = 4
DATABASE_PAUSE = 15
RETRY = RetryStrategy(max_attempts=ATTEMPTS, wait=5, exponential_wait=4)

GIVEN_UP = (
    "The software failed, several times over; nothing was changed. Try again; if it fails again, tell the person "
    "who runs this system: the log says where it failed."
)
"""What the record then says."""

_DISK_FULL = "The disk of this server is full."
_DISK_CLOSED = "This server may not write to its data folder."
_DISK_ADVICE = "Nothing was changed. Tell the person who runs this system, and do it again when that is mended."
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


def why_no_storage(fault: BaseException) -> str:
    """A sentence if it is the disk or the bucket that failed, else blank."""
    if isinstance(fault, BucketAway):
        return str(fault)
    number = fault.errno if isinstance(fault, OSError) else None
    return _DISK_FULL if number in _FULL else _DISK_CLOSED if number in _CLOSED else ""


@contextmanager
def attempt(context: JobContext, give_up: Callable[[str], object]) -> Iterator[None]:
    """What fails within is tried again; when that was the last time, `give_up` is called with a sentence."""
    try:
        yield
    except Exception as fault:
        if context.job.attempts >= ATTEMPTS:
            why = why_no_storage(fault)
            give_up(f"{why} {_DISK_ADVICE}" if why else GIVEN_UP)
        raise


def is_hopeless(context: JobContext) -> bool:
    """Whether it was tried so often that it seems to kill its worker each time."""
    return context.job.attempts > 2 * ATTEMPTS


class TryLater(Exception):  # noqa: N818 - nothing is wrong here: somebody else does not answer
    """The same is to be done again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Patience(BaseRetryStrategy):
    """A job that raises TryLater is done again as often as it does so: its record counts, and knows when to give up.

    So is one that the database did not let read or write its record: nobody could be told.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        if isinstance(exception, TryLater):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        if isinstance(exception, OperationalError | InterfaceError):
            return RetryDecision(retry_in={"seconds": DATABASE_PAUSE})
        return None
