"""What is quick waits for nothing heavy, and an LEA that asks for much waits behind those that ask for little."""

import asyncio
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from cersgroups.actions.enqueue import (
    ASKING,
    CHECK_SOURCE,
    HEAVY,
    QUICK,
    SYNC_ROSTER,
    enqueue_build,
    enqueue_check,
    enqueue_sync,
)
from cersgroups.actions.extract import create_extracts
from cersgroups.actions.profile import create_profile
from cersgroups.actions.source import ByItself, save_source, save_sync_schedule
from cersgroups.actions.sync import sync_now
from cersgroups.jobs.due import do_due
from cersgroups.jobs.worker import run_until_lost, run_worker
from cersgroups.records.extract import Extract
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import GRADES
from tests.roster import give_roster
from tests.sis import Sis, entry

pytestmark = pytest.mark.django_db(transaction=True)

MEET = "meet"
LIMIT = 20.0


@pytest.fixture
def folk(stored_snapshot: Path) -> Iterator[People]:
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    give_roster(folk.other_lea_id, stored_snapshot)
    yield folk
    connection.close()


def work(concurrency: int) -> None:
    """As `cersgroups worker` does, until no job is left."""

    async def until_done() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(run_until_lost(concurrency, stop))
        while await asyncio.to_thread(_jobs_are_left):
            await asyncio.sleep(0.1)
        stop.set()
        await working

    asyncio.run(until_done())


def _jobs_are_left() -> bool:
    try:
        return ProcrastinateJob.objects.filter(task_name=MEET).exists()
    finally:
        connection.close()


@contextmanager
def meeting_of(queues: Sequence[str]) -> Iterator[list[str]]:
    """One job in each queue, which ends when all of them are being done at once; tells the queues of those that met."""
    barrier, met = threading.Barrier(len(queues)), list[str]()

    def meet(queue: str) -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(LIMIT)
            met.append(queue)

    app.task(name=MEET, pass_context=False)(meet)
    for queue in queues:
        configure_task(name=MEET, job_manager=JobManager(DjangoConnector()), queue=queue).defer(queue=queue)
    try:
        yield met
    finally:
        app.tasks.pop(MEET)


def test_neither_quick_jobs_nor_two_heavy_ones_nor_those_that_ask_a_sis_wait_for_each_other() -> None:
    queues = [HEAVY, HEAVY, ASKING, QUICK]
    with meeting_of(queues) as met:
        work(concurrency=1)
    assert sorted(met) == sorted(queues)


@pytest.mark.parametrize("queue", [QUICK, ASKING])
def test_as_many_as_asked_for_wait_for_a_server_at_a_time_however_few_processors_there_are(queue: str) -> None:
    many = (os.cpu_count() or 1) + 6  # asyncio by itself has four threads more than processors
    with meeting_of([queue] * many) as met:
        work(concurrency=many)
    assert len(met) == many


def test_the_sync_of_a_large_lea_waits_behind_that_of_a_small_one(folk: People) -> None:
    enqueue_sync(folk.lea_id, 1, students=60_000, awaited=True)
    enqueue_sync(folk.other_lea_id, 2, students=9_000)
    assert taken(ASKING) == [2, 1]


def test_an_lea_with_several_syncs_waits_behind_one_with_one(folk: People) -> None:
    for lea_id, snapshot_id in ((folk.lea_id, 1), (folk.lea_id, 2), (folk.other_lea_id, 3)):
        enqueue_sync(lea_id, snapshot_id)
    assert taken(ASKING) == [1, 3, 2]


def test_no_large_lea_waits_for_ever(folk: People, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue_sync(folk.lea_id, 1, students=60_000, awaited=True)
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr("cersgroups.actions.enqueue.timezone.now", lambda: later)
    enqueue_sync(folk.other_lea_id, 2)
    assert taken(ASKING) == [1, 2]


@pytest.mark.parametrize("status", ["todo", "doing", "failed"])
def test_the_syncs_of_an_lea_stay_in_order_though_it_shrank(folk: People, status: str) -> None:
    """Also those whose worker died, or that failed: they are put back (rescue.py)."""
    enqueue_sync(folk.lea_id, 1, students=600_000, awaited=True)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET status = %s", [status])
    enqueue_sync(folk.lea_id, 2, students=10)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET status = 'todo'")
    assert taken(ASKING) == [1, 2]


def test_what_is_due_at_the_same_moment_goes_by_the_last_roster_of_its_lea(folk: People, sis: Sis) -> None:  # noqa: ARG001
    make_large(folk)
    for person in (folk.ada, folk.olga):
        source = save_source(person, entry())
        save_sync_schedule(person, source.pk, ByItself(nightly=True, days=range(7), at=time(2, 30), before_runs=False))
    night = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    for lea_id in (folk.lea_id, folk.other_lea_id):
        with lea_scope(lea_id):
            Source.objects.filter(nightly=True).update(since=night - timedelta(hours=1))
    do_due(night)
    assert taken(ASKING, "lea_id") == [folk.other_lea_id]  # the large one has not begun, though it is alone now
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert taken(ASKING, "lea_id") == [folk.lea_id]


def test_nobody_who_waits_before_a_page_waits_for_others_to_come(folk: People, sis: Sis) -> None:  # noqa: ARG001
    make_large(folk)
    sync = sync_now(folk.ada, save_source(folk.ada, entry()).pk)
    assert taken(ASKING) == [sync.pk]


def test_the_test_of_a_connection_does_not_wait_for_the_syncs_of_others(folk: People) -> None:
    for number, lea_id in enumerate((folk.lea_id, folk.other_lea_id, folk.lea_id)):
        enqueue_sync(lea_id, 1000 + number)
    enqueue_check(folk.lea_id, 1)
    queues = dict(ProcrastinateJob.objects.values_list("task_name", "queue_name"))
    assert (queues[SYNC_ROSTER], queues[CHECK_SOURCE]) == (ASKING, QUICK)


def test_an_lea_that_asks_for_much_waits_behind_one_that_asks_for_little(folk: People) -> None:
    many = create_profile(folk.ada, GRADES).pk, create_profile(folk.ada, {**GRADES, "name": "More grades"}).pk
    busy = [extract.pk for extract in create_extracts(folk.ada, many)]
    [quiet] = create_extracts(folk.olga, [create_profile(folk.olga, GRADES).pk])
    run_worker(wait=False)
    assert built_in_order(folk) == [busy[0], quiet.pk, busy[1]]


def test_a_large_lea_waits_behind_a_small_one(folk: People) -> None:
    make_large(folk)
    [large] = create_extracts(folk.ada, [create_profile(folk.ada, GRADES).pk])
    [small] = create_extracts(folk.olga, [create_profile(folk.olga, GRADES).pk])
    run_worker(wait=False)
    assert built_in_order(folk) == [small.pk, large.pk]


def test_the_build_of_a_large_lea_does_not_wait_for_ever(folk: People, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue_build(folk.lea_id, 1, students=60_000)
    for hours, number in ((0, 2), (1, 3)):
        later = timezone.now() + timedelta(hours=hours)
        monkeypatch.setattr("cersgroups.actions.enqueue.timezone.now", lambda moment=later: moment)
        enqueue_build(folk.other_lea_id, number, students=10)
    assert taken(HEAVY, "extract_id") == [2, 1, 3]


def make_large(folk: People) -> None:
    with lea_scope(folk.lea_id):
        for snapshot in Snapshot.objects.all():
            snapshot.counts |= {"students": 60_000}
            snapshot.save()


def taken(queue: str, name: str = "snapshot_id") -> list[int]:
    """What a worker with one place takes, one after the other: this argument of each job."""
    found: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        [worker] = cursor.fetchone() or [None]
        while True:
            cursor.execute("SELECT id, args->>%s FROM procrastinate_fetch_job_v2(%s, %s)", [name, [queue], worker])
            job, argument = cursor.fetchone() or (None, None)
            if argument is None:
                return found
            found.append(int(argument))
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job])


def built_in_order(folk: People) -> list[int]:
    moments: list[tuple[float, int]] = []
    for lea_id in (folk.lea_id, folk.other_lea_id):
        with lea_scope(lea_id):
            moments += [(e.finished_at.timestamp(), e.pk) for e in Extract.objects.all() if e.finished_at]
    return [number for _, number in sorted(moments)]


def test_the_connection_tests_of_one_lea_hold_one_place(folk: People) -> None:
    """They may hang as long as a SIS does not answer."""
    for lea_id, source_id in ((folk.lea_id, 1), (folk.lea_id, 2), (folk.other_lea_id, 3)):
        enqueue_check(lea_id, source_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        [worker] = cursor.fetchone() or [None]
        begun = []
        for _ in range(3):
            cursor.execute("SELECT args->>'source_id' FROM procrastinate_fetch_job_v2(%s, %s)", [[QUICK], worker])
            begun += [row[0] for row in cursor.fetchall() if row[0]]
    assert begun == ["1", "3"]
