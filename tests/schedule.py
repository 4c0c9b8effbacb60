"""Scheduled processes for tests: Fridays at 22:30 in California, with Ada's and Alma's profiles in them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from cersgroups.actions.profile import create_profile
from cersgroups.actions.scheduled_process import save_scheduled_process
from cersgroups.core.permission import Actor
from cersgroups.jobs.due import do_due
from cersgroups.records.due import Due
from cersgroups.records.extract import Extract
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun
from cersgroups.records.scope import lea_scope
from tests.people import People
from tests.profiles import CLASSES, GRADES

FRIDAY = 4
HALF_PAST_TEN = time(22, 30)
MAILS = ["data@live-oak.example"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TUESDAY = utc("2026-11-24T20:00")
ON_FRIDAY = utc("2026-11-28T06:30")
"""22:30 on Friday, November 27, in California."""


def save(actor: Actor, **changes: Any) -> ScheduledProcess:
    settings: dict[str, Any] = {"days": [FRIDAY], "at": HALF_PAST_TEN, "emails": MAILS, "upload": False}
    return save_scheduled_process(actor, **{**settings, "enable": True, **changes})


def save_on_tuesday(actor: Actor, **changes: Any) -> None:
    """As if the settings had been saved on Tuesday, whatever day it is."""
    save(actor, **changes)
    with lea_scope(actor.lea_id):
        ScheduledProcess.objects.update(since=TUESDAY)
    Due.objects.update(at=ON_FRIDAY, planned_at=TUESDAY)


def include_profiles(folk: People) -> None:
    """One of Ada's, one of Alma's, one that is not included, and one of last year."""
    included = {"include_in_scheduled_process": True}
    create_profile(folk.ada, {**CLASSES, **included})
    create_profile(folk.alma, {**GRADES, **included})
    create_profile(folk.ada, {**GRADES, "name": "By hand"})
    create_profile(folk.ada, {**GRADES, **included, "name": "Old grades", "school_year": 2026})


def at(now: datetime | str) -> None:
    """What the periodic task does at this moment."""
    do_due(utc(now) if isinstance(now, str) else now)


def runs_of(lea_id: int) -> list[ScheduledRun]:
    """Oldest first."""
    with lea_scope(lea_id):
        return list(ScheduledRun.objects.select_related("extract").order_by("due_at", "id"))


def only_run(lea_id: int) -> ScheduledRun:
    [run] = runs_of(lea_id)
    return run


def extracts_of(lea_id: int) -> list[Extract]:
    with lea_scope(lea_id):
        return list(Extract.objects.order_by("id"))


def states(runs: Sequence[ScheduledRun]) -> list[tuple[str, str]]:
    return [(run.occurrence, run.state) for run in runs]
