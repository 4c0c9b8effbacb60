"""What a worker survives: lost connections, jobs that failed while their record waits, clocks that are put back."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cersgroups.actions.enqueue import CLEAN_UP, enqueue_clean_up
from cersgroups.actions.extract import create_extracts
from cersgroups.actions.profile import create_profile
from cersgroups.jobs import clock, tables
from cersgroups.jobs.connector import Connector
from cersgroups.jobs.rescue import put_back_failed, put_forward_late
from cersgroups.jobs.retry import ATTEMPTS
from cersgroups.jobs.worker import run_until_stopped, run_worker, with_fresh_connection
from cersgroups.records import readiness
from cersgroups.records.extract import Extract
from cersgroups.records.given_up_job import GivenUpJob
from cersgroups.records.scope import lea_scope
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import GRADES
from tests.roster import give_roster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk(stored_snapshot: Path) -> Iterator[People]:
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    yield folk
    connection.close()


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of the program, as it sees the tables: another one, if there is something in it."""
    ours, other = readiness.needed_migrations(), list[str]()
    monkeypatch.setattr(readiness, "needed_migrations", lambda: ours | {("records", name) for name in other})
    monkeypatch.setattr(tables, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr("cersgroups.jobs.worker.PAUSE_SECONDS", 0.1)
    return other


def test_no_job_is_taken_while_the_tables_are_of_another_version(
    folk: People, version: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither by a new worker that starts too early, nor by an old one that was not stopped."""

    def state(extract: Extract) -> str:
        try:
            return state_of(folk, extract)
        finally:
            connection.close()

    async def upgrade() -> None:
        stop = asyncio.Event()
        first = await asyncio.to_thread(asked_for, folk, "First")
        version.append("9999_of_tomorrow")
        working = asyncio.create_task(run_until_stopped(1, stop))
        await asyncio.sleep(1)
        assert await asyncio.to_thread(state, first) == "queued"
        version.clear()
        while await asyncio.to_thread(state, first) in ("queued", "building"):
            await asyncio.sleep(0.1)
        version.append("9999_of_tomorrow")
        await asyncio.sleep(1)
        second = await asyncio.to_thread(asked_for, folk, "Second")
        await asyncio.sleep(1)
        assert await asyncio.to_thread(state, second) == "queued"
        stop.set()
        assert not await working
        assert await asyncio.to_thread(state, first) == "done"

    asyncio.run(upgrade())
    assert caplog.text.count("no job is taken until they fit") == 2


def asked_for(folk: People, name: str = "Grades") -> Extract:
    [extract] = create_extracts(folk.ada, [create_profile(folk.ada, {**GRADES, "name": name}).pk])
    return extract


def state_of(folk: People, extract: Extract) -> str:
    with lea_scope(folk.lea_id):
        extract.refresh_from_db()
    return extract.state


def test_a_job_after_a_database_outage_has_a_connection_that_works(folk: People) -> None:
    def job() -> int:
        with lea_scope(folk.lea_id):
            return Extract.objects.count()

    asked_for(folk)
    assert connection.connection is not None
    connection.connection.close()  # as the server closes it when it stops
    assert with_fresh_connection(job, None, None) == 1


def test_a_job_that_failed_while_its_record_waits_is_done_again(folk: People) -> None:
    extract = asked_for(folk)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    run_worker(wait=False)
    assert state_of(folk, extract) == "queued"
    put_back_failed()
    run_worker(wait=False)
    assert state_of(folk, extract) in ("done", "failed")


def test_a_job_that_failed_and_is_not_waited_for_goes(folk: People) -> None:
    extract = asked_for(folk)
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk=extract.pk).update(state="failed")
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    put_back_failed()
    assert not ProcrastinateJob.objects.exists()


def test_a_clean_up_that_always_fails_is_counted_although_its_jobs_go(
    folk: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cersgroups.jobs.retention.clean_up", lambda *_: 1 / 0)
    for nights in (1, 2):
        with lea_scope(folk.lea_id):
            enqueue_clean_up(folk.lea_id)
        with connect_as_owner() as owner:
            owner.execute("UPDATE procrastinate_jobs SET attempts = %s", [ATTEMPTS])
        run_worker(wait=False)
        put_back_failed()
        put_back_failed()
        assert not ProcrastinateJob.objects.filter(task_name=CLEAN_UP).exists()
        assert [(job.task, job.count) for job in GivenUpJob.objects.all()] == [(CLEAN_UP, nights)]


def test_a_job_that_is_done_again_is_not_given_up(folk: People) -> None:
    asked_for(folk)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    put_back_failed()
    assert not GivenUpJob.objects.exists()


def test_a_job_planned_before_the_clock_was_put_back_is_done_now(folk: People) -> None:
    extract = asked_for(folk)
    plan(timedelta(days=3))
    put_forward_late()
    run_worker(wait=False)
    assert state_of(folk, extract) in ("done", "failed")


def test_a_job_planned_for_soon_keeps_its_moment(folk: People) -> None:
    extract = asked_for(folk)
    plan(timedelta(hours=6))
    put_forward_late()
    run_worker(wait=False)
    assert state_of(folk, extract) == "queued"


def plan(wait: timedelta) -> None:
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = %s", [timezone.now() + wait])


def test_a_jump_of_the_clock_is_noticed_and_its_slow_walk_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = iter([0.0, 0.1, 59.0, -3600.0])
    monkeypatch.setattr(clock, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(clock, "_ahead", lambda: next(ahead))
    asyncio.run(clock.jumped())
    assert list(ahead) == []


def test_what_was_enqueued_for_a_moment_that_comes_once_more_does_not_count(folk: People) -> None:
    moments = [time.time() + wait for wait in (-60, 3000)]
    asked_for(folk)
    with connect_as_owner() as owner:
        for moment in moments:
            owner.execute(
                "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) "
                "VALUES ('do_what_is_due', 'due', %s)",
                [int(moment)],
            )

    async def forget() -> None:
        connector = Connector.of_django()
        await connector.open_async()
        await clock.forget_the_future(connector)
        await connector.close_async()

    asyncio.run(forget())
    with connect_as_owner() as owner:
        left = owner.execute("SELECT defer_timestamp FROM procrastinate_periodic_defers").fetchall()
    assert left == [(int(moments[0]),)]
