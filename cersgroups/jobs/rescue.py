"""Jobs whose worker died go on elsewhere, and so do jobs that failed although their record still waits for them.

Source: Procrastinate leaves a dead worker's jobs `doing`; workers send heartbeats (reference "Chosen parts").
"""

import logging
from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from cersgroups.actions.enqueue import ADVANCE_RUN, BUILD_EXTRACT, CONVERT_ROSTER, DELIVER_UPLOAD, SYNC_ROSTER
from cersgroups.core.state import Kind, is_waiting
from cersgroups.records.extract import Extract
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload

_log = logging.getLogger(__name__)

QUEUE = "rescue"
HEARTBEAT_SECONDS = 3.0
DEAD_AFTER_SECONDS = 12.0
LOOK_SECONDS = 3.0
"""With the look every 3 seconds and a worker's own look for work every 3, a job goes on within 18."""

LONGEST_PAUSE = timedelta(hours=7)
"""No job is planned for later than that: one that is was planned before the clock was put back."""

_JOURNALS: dict[str, tuple[Kind, type[Snapshot | Extract | ScheduledRun | Upload]]] = {
    CONVERT_ROSTER: ("snapshot", Snapshot),
    SYNC_ROSTER: ("snapshot", Snapshot),
    BUILD_EXTRACT: ("extract", Extract),
    ADVANCE_RUN: ("run", ScheduledRun),
    DELIVER_UPLOAD: ("upload", Upload),
}


@app.periodic(cron="* * * * * */3", periodic_id="rescue")
@app.task(name="rescue_jobs", queue=QUEUE, pass_context=False)
async def rescue_jobs(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told its time
    """Put back every job whose worker has not been heard of for 12 seconds."""
    await rescue(DEAD_AFTER_SECONDS)


async def rescue(dead_after: float) -> int:
    """Put back the jobs of workers not heard of for `dead_after` seconds; says how many."""
    count = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after):
        try:
            await app.job_manager.retry_job(job)
            count += 1
        except ConnectorException as fault:  # the others must not wait for this one
            _log.warning("job %s of a dead worker is not put back: %s", job.id, fault)
    return count


@app.periodic(cron="* * * * * */30", periodic_id="failed")
@app.task(name="go_on_with_failed_jobs", queue=QUEUE, pass_context=False)
def go_on_with_failed_jobs(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told its time
    """Every half minute."""
    put_back_failed()
    put_forward_late()


def put_back_failed() -> None:
    """A job that failed, as the database was lost while it said so, is done again if its record waits; else it goes.

    The job counts how often, and its record gives up (jobs/retry.py). Of one that goes it stays known that it did.
    """
    for job in ProcrastinateJob.objects.filter(status__in=("failed", "aborted")).order_by("id"):
        if _is_waited_for(job):
            _log.error("%s %s has failed and is done again", job.task_name, job.args)
            _run("UPDATE procrastinate_jobs SET status = 'todo' WHERE id = %s", job.pk)
        else:
            _log.error("%s of LEA %s has failed and is given up", job.task_name, job.args.get("lea_id", "-"))
            _run(_GIVE_UP, job.pk)


_GIVE_UP = """
WITH gone AS (DELETE FROM procrastinate_jobs WHERE id = %s AND status IN ('failed', 'aborted') RETURNING task_name)
INSERT INTO given_up_job (task, count, last_at) SELECT task_name, 1, now() FROM gone
ON CONFLICT (task) DO UPDATE SET count = given_up_job.count + 1, last_at = now()
"""
"""Counted in one statement: of two workers that look at once one finds it."""


def _is_waited_for(job: ProcrastinateJob) -> bool:
    if job.task_name not in _JOURNALS:
        return False
    kind, model = _JOURNALS[job.task_name]
    with lea_scope(job.args["lea_id"]):
        record = model._default_manager.filter(pk=job.args[f"{kind}_id"]).first()
        return record is not None and is_waiting(kind, record.state)


def put_forward_late() -> None:
    """A job that is planned for a moment too far away, because the clock was put back since, is due now."""
    _run(
        "UPDATE procrastinate_jobs SET scheduled_at = now() "
        "WHERE status = 'todo' AND scheduled_at > now() + make_interval(secs => %s)",
        LONGEST_PAUSE.total_seconds(),
    )


def _run(statement: str, value: float) -> None:
    with connection.cursor() as cursor:  # Procrastinate's records are read-only for Django
        cursor.execute(statement, [value])
