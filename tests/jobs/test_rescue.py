"""A worker that dies, however, takes no job with it."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from cersgroups.actions.extract import create_extracts
from cersgroups.actions.profile import create_profile
from cersgroups.jobs.rescue import DEAD_AFTER_SECONDS, rescue
from cersgroups.jobs.retry import ATTEMPTS, GIVEN_UP, Patience
from cersgroups.jobs.worker import run_worker
from cersgroups.records.extract import Extract
from cersgroups.records.scope import lea_scope
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import GRADES
from tests.roster import give_roster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk(stored_snapshot: Path) -> People:
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    return folk


def asked_for(folk: People) -> Extract:
    [extract] = create_extracts(folk.ada, [create_profile(folk.ada, GRADES).pk])
    return extract


def state_of(folk: People, extract: Extract) -> tuple[str, str]:
    with lea_scope(folk.lea_id):
        extract.refresh_from_db()
    return extract.state, extract.why


def test_a_worker_silent_for_13_seconds_is_dead_and_one_for_8_is_not(folk: People) -> None:
    asked_for(folk)
    with connect_as_owner() as owner:
        leave_as_by_a_dead_worker(owner)
        owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '8 seconds'")
    assert ProcrastinateJob.objects.get(task_name="build_extract").status == "doing"
    assert asyncio.run(put_back(DEAD_AFTER_SECONDS)) == 0
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '13 seconds'")
    assert asyncio.run(put_back(DEAD_AFTER_SECONDS)) == 1


def test_a_job_that_could_not_reach_its_record_is_done_again() -> None:
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="deliver_upload")
    assert Patience().get_retry_decision(exception=OperationalError(), job=job) is not None
    assert Patience().get_retry_decision(exception=ValueError(), job=job) is None


async def put_back(dead_after: float) -> int:
    with app.replace_connector(DjangoConnector().get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            return await rescue(dead_after)


def leave_as_by_a_dead_worker(owner: "psycopg.Connection", attempts: int = 0) -> None:
    """A job that is being done by a worker not heard of for an hour."""
    worker = owner.execute(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    ).fetchone()
    assert worker is not None
    owner.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", [worker[0], attempts]
    )


def test_the_job_of_a_dead_worker_is_put_back_and_done(folk: People) -> None:
    extract = asked_for(folk)
    with connect_as_owner() as owner:
        leave_as_by_a_dead_worker(owner)

    assert asyncio.run(put_back(30)) == 1
    run_worker(wait=False)
    assert state_of(folk, extract)[0] in ("done", "failed")
    assert not ProcrastinateJob.objects.filter(status="doing").exists()


def test_a_job_that_kills_its_worker_time_and_again_is_given_up(folk: People) -> None:
    extract = asked_for(folk)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET attempts = %s", [2 * ATTEMPTS + 1])
    run_worker(wait=False)
    assert state_of(folk, extract) == ("failed", GIVEN_UP)


def test_what_fails_outside_the_data_is_tried_again_and_then_given_up(folk: People) -> None:
    extract = asked_for(folk)
    place = extract.folder.parent
    place.rmdir()
    place.touch()  # no folder can be made there any more
    try:
        run_worker(wait=False)
        assert state_of(folk, extract)[0] == "building"
        job = ProcrastinateJob.objects.get(task_name="build_extract")
        assert (job.status, job.attempts) == ("todo", 1)
        with connect_as_owner() as owner:
            owner.execute("UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = NULL", [ATTEMPTS])
        run_worker(wait=False)
    finally:
        place.unlink()
    assert state_of(folk, extract) == ("failed", GIVEN_UP)
