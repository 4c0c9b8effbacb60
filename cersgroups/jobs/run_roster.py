"""The roster of a run: what came of fetching it first (features G4), and which one the file is made of."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.snapshot import Snapshot

Judgement = tuple[str, str]
"""What to tell above all else, and why no file is made; each may be blank."""


def judge_sync(run: ScheduledRun) -> Judgement:
    """What to do after the run's sync has ended; in the LEA's scope.

    A file of a roster that is a few days old is better than none: students and teachers keep their groups. One that
    is too old is not, for then nobody notices that nothing is fetched any more.
    """
    sync = run.sync
    if sync is not None and sync.state == "ready":
        return "", ""
    lea = Lea.objects.select_related("current_snapshot__source").get(pk=run.lea_id)
    fault = _fault(sync)
    current = lea.current_snapshot
    if current is None:
        return "", f"{fault} There is no earlier roster, so no file was created."
    days = current.age_days(timezone.now())
    what = f"The last good roster is of {_day(lea, current)}, {_days(days)} old"
    if days > lea.roster_days:
        return "", (
            f"{fault} {what}, which is more than the {_days(lea.roster_days)} allowed (Settings). "
            "So no file was created."
        )
    return f"{fault} {what}: the run went on with it.", ""


def roster_sentence(snapshot: Snapshot, say: Callable[[datetime], str]) -> str:
    """Which roster a file is made of."""
    where = f"fetched from {snapshot.file_name}" if snapshot.fetched else f"uploaded as {snapshot.file_name or 'files'}"
    return f"It was created from the roster of {say(snapshot.taken_at or snapshot.created_at)}, {where}."


def _fault(sync: Snapshot | None) -> str:
    if sync is None:
        return "The roster could not be fetched: the sync no longer exists."
    if sync.state == "held":
        return f"The roster that was fetched from {sync.file_name} is waiting for approval. {' '.join(sync.stops)}"
    return f"The roster could not be fetched. {sync.why}"


def _day(lea: Lea, snapshot: Snapshot) -> str:
    return date_format((snapshot.taken_at or snapshot.created_at).astimezone(lea.zone), "l, F j, Y, g:i A")


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
