"""Jobs are enqueued by name, in the transaction of the record that they work on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

CONVERT_ROSTER = "convert_roster"
SYNC_ROSTER = "sync_roster"
TELL_OF_SYNC = "tell_of_sync"
CHECK_SOURCE = "check_source"
BUILD_EXTRACT = "build_extract"
ADVANCE_RUN = "advance_run"
DELIVER_UPLOAD = "deliver_upload"
WARN_OF_EXPIRY = "warn_of_expiry"
CLEAN_UP = "clean_up"
TELL_OF_WAITING = "tell_of_waiting"

QUICK = "default"
"""The queue of what takes a moment or waits for the receiver: uploads, mails, steps of a run, tests of a connection."""

HEAVY = "heavy"
"""The queue of what keeps a processor busy: no upload and no mail waits for a build."""

LARGE = 10_000
"""For so many students a build or a sync counts as one more that waits already."""

ASKING = "asking"
"""The queue of syncs, which mostly wait for a SIS: it has a worker of its own, so that nothing else waits for one."""

_LATER = timedelta(minutes=5)
"""A build or a sync stands in the queue as if it had been asked for so much later, for each that it counts for."""

_MOST = 12
"""More than an hour nobody stands back, however large or busy."""

_HEAD_START = timedelta(minutes=1)
"""So long, what is due at the same time takes to come into the queue: a thousand LEAs at 22:30."""

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""Priorities are 32 bits: seconds since then fit in for 68 years."""


def enqueue_conversion(lea_id: int, snapshot_id: int) -> None:
    """Convert the uploaded roster of this snapshot."""
    _enqueue_heavy(CONVERT_ROSTER, f"snapshot-{snapshot_id}", lea_id=lea_id, snapshot_id=snapshot_id)


def enqueue_sync(lea_id: int, snapshot_id: int, *, students: int = 0, awaited: bool = False) -> None:
    """Fetch the roster of this snapshot from its source. Those of one LEA go one at a time and in order.

    `students`: of the LEA's last roster; it takes its turn as `_turn` says. Unless it is `awaited` by a person, what is
    large leaves what is due at the same time a start.
    """
    lock = f"syncs-of-lea-{lea_id}"
    left = list(_left(lock))
    counts = students // LARGE + sum(status == "todo" for status, _ in left)
    # the queue keeps those of one lock in the order of their priorities: none goes before an earlier one of its LEA
    priority = min([_turn(counts), *(earlier for _, earlier in left)])
    not_before = None if awaited or students < LARGE else timezone.now() + _HEAD_START
    _enqueue(SYNC_ROSTER, lock, not_before, ASKING, priority=priority, lea_id=lea_id, snapshot_id=snapshot_id)


def enqueue_sync_mail(lea_id: int, snapshot_id: int) -> None:
    """Write to people that this sync failed or is held."""
    _enqueue(TELL_OF_SYNC, f"mail-of-sync-{snapshot_id}", lea_id=lea_id, snapshot_id=snapshot_id)


def enqueue_check(lea_id: int, source_id: int) -> None:
    """Test the connection of this source: somebody waits before the page, while a sync of another LEA takes minutes.

    Those of one LEA go one at a time: however many of them hang, they keep one of the places in which jobs are done.
    """
    _enqueue(CHECK_SOURCE, f"checks-of-lea-{lea_id}", lea_id=lea_id, source_id=source_id)


def enqueue_build(lea_id: int, extract_id: int, *, students: int) -> None:
    """Build this extract, of a roster with so many students: that of a large LEA waits behind those of small ones."""
    _enqueue_heavy(BUILD_EXTRACT, f"extract-{extract_id}", students // LARGE, lea_id=lea_id, extract_id=extract_id)


def enqueue_run(lea_id: int, run_id: int, *, not_before: datetime | None = None) -> None:
    """Take this run of the scheduled process further; whoever ends an extract or upload of a run does so."""
    _enqueue(ADVANCE_RUN, f"run-{run_id}", not_before, lea_id=lea_id, run_id=run_id)


def enqueue_upload(lea_id: int, upload_id: int, *, first: bool = False) -> None:
    """Take this upload further. Those of one LEA go one at a time and in order; `first`: before those that wait."""
    _enqueue(DELIVER_UPLOAD, f"uploads-of-lea-{lea_id}", priority=int(first), lea_id=lea_id, upload_id=upload_id)


def enqueue_telling_of_waiting(lea_id: int, upload_id: int, *, not_before: datetime) -> None:
    """Write to those whose upload waits for the receiver, if it does by then."""
    _enqueue(TELL_OF_WAITING, f"upload-{upload_id}-waits", not_before, lea_id=lea_id, upload_id=upload_id)


def enqueue_expiry_warnings(lea_id: int) -> None:
    """Write to the LEA's admins about credentials that end soon."""
    _enqueue(WARN_OF_EXPIRY, f"credentials-of-lea-{lea_id}", lea_id=lea_id)


def enqueue_clean_up(lea_id: int) -> None:
    """Remove what the LEA does not keep any longer."""
    _enqueue(CLEAN_UP, f"clean-up-of-lea-{lea_id}", lea_id=lea_id)


def _left(lock: str) -> Iterable[tuple[str, int]]:
    """Status and priority of the jobs that have this lock and may still be done, also those that failed (rescue.py)."""
    jobs = ProcrastinateJob.objects.filter(lock=lock).exclude(status__in=("succeeded", "cancelled"))
    return jobs.values_list("status", "priority")


def _enqueue_heavy(task: str, lock: str, weight: int = 0, *, lea_id: int, **arguments: int) -> None:
    """It counts for as many more as the LEA has waiting, and `weight`. Only for jobs with a lock of their own: the
    queue keeps those of one lock in the order of their priorities.
    """
    waiting = ProcrastinateJob.objects.filter(queue_name=HEAVY, status="todo", args__lea_id=lea_id).count()
    _enqueue(task, lock, None, HEAVY, priority=_turn(waiting + weight), lea_id=lea_id, **arguments)


def _turn(counts: int) -> int:
    """The priority of what is asked for now and counts for so many more.

    A large LEA, or one with several that wait, stands behind whoever asks within the next minutes, an hour at most, and
    before whoever asks later: so small ones do not wait for it, and it does not wait for ever.
    """
    return -int((timezone.now() - _BEGINNING + min(counts, _MOST) * _LATER).total_seconds())


def _enqueue(
    task: str,
    lock: str,
    not_before: datetime | None = None,
    queue: str = QUICK,
    *,
    priority: int = 0,
    **arguments: int,
) -> None:
    # always by Django's connection: in a worker, the app's own connector is outside of our transaction
    manager = JobManager(DjangoConnector())
    named = configure_task(
        name=task, job_manager=manager, lock=lock, schedule_at=not_before, queue=queue, priority=priority
    )
    named.defer(**arguments)
