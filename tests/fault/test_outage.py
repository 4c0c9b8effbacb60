"""What people's machines do: databases that go, disks that are full, workers that are told to stop. Whole processes."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cersgroups.records.server import EmbeddedServer
from tests.fault.field import Field, answers, playing_field, wait_until
from tests.fault.odd_worker import can_mount, let_write
from tests.mailbox import text_of

pytestmark = pytest.mark.thorough

GONE_SECONDS = 60


@pytest.fixture(scope="module")
def arena() -> Iterator[Field]:
    with playing_field(1, quick=True) as arena:
        yield arena


def rounds(arena: Field) -> int:
    return int(arena.ask("SELECT count(*) FROM scheduled_run WHERE started_by_id IS NULL")[0][0])


def run_through(arena: Field, done: int) -> None:
    """One more run begins, and all ends as it must."""
    arena.make_due(done)
    ends_well(arena, done + 1)


def ends_well(arena: Field, done: int) -> None:
    wait_until(lambda: rounds(arena) == done and not arena.waiting(), arena.data / "worker.log")
    assert arena.run("-m", "tests.fault.witness", arena.sandbox_url, str(done)) == []


@contextmanager
def no_database(arena: Field) -> Iterator[None]:
    """PostgreSQL is stopped within, and its keeper kept from starting it again."""
    server = EmbeddedServer(arena.data / "postgres")
    assert server.pid is not None
    with (arena.data / "postgres.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.kill(server.pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown
        wait_until(lambda: server.pid is None)
        yield


def test_with_the_database_gone_for_a_minute_worker_and_web_go_on_by_themselves(arena: Field) -> None:
    """Its keeper starts it again; the worker, in the middle of a run, and the web find it by themselves."""
    worker, done = arena.start_worker(), rounds(arena)
    run_through(arena, done)
    arena.make_due(done + 1)
    wait_until(lambda: rounds(arena) == done + 2)
    with no_database(arena):
        assert not answers(f"{arena.url}/account/login/")
        time.sleep(GONE_SECONDS)
    wait_until(lambda: answers(f"{arena.url}/account/login/"))
    ends_well(arena, done + 2)
    assert worker.process.poll() is None
    run_through(arena, done + 2)
    worker.process.kill()


def test_a_database_that_the_system_kills_is_started_again(arena: Field) -> None:
    done, server = rounds(arena), EmbeddedServer(arena.data / "postgres")
    worker, killed = arena.start_worker(), server.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: server.pid not in (None, killed) and answers(f"{arena.url}/account/login/"))
    run_through(arena, done)
    assert worker.process.poll() is None
    worker.process.kill()


def test_a_database_that_is_locked_is_waited_for(arena: Field) -> None:
    worker, done = arena.start_worker(), rounds(arena)
    with arena.database() as locking:
        locking.execute("BEGIN; LOCK TABLE upload, extract, scheduled_run IN ACCESS EXCLUSIVE MODE")
        arena.make_due(done)
        time.sleep(10)
        locking.execute("COMMIT")
    ends_well(arena, done + 1)
    worker.process.kill()


def test_a_worker_that_the_database_has_forgotten_begins_anew(arena: Field) -> None:
    """As after the clock jumped forward and another worker started: its row was removed as a dead one's."""
    worker, done = arena.start_worker(), rounds(arena)
    wait_until(lambda: worker.numbers)
    arena.tell("DELETE FROM procrastinate_workers")
    run_through(arena, done)
    assert worker.process.poll() is None
    worker.process.kill()


def test_a_full_disk_is_waited_for_and_then_all_is_done(arena: Field) -> None:
    worker, done = arena.start_worker(None, "--largest-file=200"), rounds(arena)
    arena.make_due(done)
    tried = "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'build_extract' AND status = 'todo' AND attempts > 0"
    wait_until(lambda: arena.ask(tried))
    worker.process.kill()
    worker = arena.start_worker()
    ends_well(arena, done + 1)
    worker.process.kill()


@pytest.mark.skipif(not can_mount(), reason="this machine lets nobody mount: an unprivileged container, or no root")
def test_a_folder_that_is_read_only_is_waited_for_and_then_the_same_worker_goes_on(arena: Field) -> None:
    """As when a disk has a fault and its filesystem is mounted read-only; with a full run meanwhile."""
    done, folder = rounds(arena), arena.data / "leas"
    note = arena.data / "read-only.note"
    odd = ("-m", "tests.fault.odd_worker", f"--read-only={folder}", f"--note={note}", "--quick")
    worker = arena.start("read-only", *odd)
    arena.make_due(done)
    tried = "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'build_extract' AND status = 'todo' AND attempts > 0"
    wait_until(lambda: arena.ask(tried), arena.data / "read-only.log")
    let_write(worker.pid, folder)
    ends_well(arena, done + 1)
    assert worker.poll() is None
    worker.kill()


def test_a_worker_that_was_told_to_stop_ends_in_order(arena: Field) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        worker = arena.start_worker()
        wait_until(lambda worker=worker: len(worker.numbers) > 1)  # type: ignore[misc]
        worker.process.send_signal(number)
        assert worker.process.wait(20) == 0
        assert arena.ask("SELECT id FROM procrastinate_workers WHERE id = ANY(%s)", worker.numbers) == []


def test_a_job_that_goes_on_too_long_does_not_keep_its_worker_from_stopping(arena: Field) -> None:
    """CERS takes its time; another worker then goes on with the upload."""
    worker, done = arena.start_worker(), rounds(arena)
    arena.control(slow_seconds=60)
    arena.make_due(done)
    wait_until(lambda: arena.ask("SELECT 1 FROM upload WHERE state = 'sending'"))
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(30) == 0
    arena.control(slow_seconds=0)
    worker = arena.start_worker()
    ends_well(arena, done + 1)
    worker.process.kill()


def tries_at_once(arena: Field) -> bool:
    """What waits for its next try does not wait."""
    arena.tell("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    return False


@pytest.mark.skipif(not can_mount(), reason="this machine lets nobody mount: an unprivileged container, or no root")
def test_people_are_told_that_the_folder_is_read_only_when_that_goes_on() -> None:
    with playing_field(1, quick=True) as arena:
        note = arena.data / "gone.note"
        odd = ("-m", "tests.fault.odd_worker", f"--read-only={arena.data / 'leas'}", f"--note={note}", "--quick")
        arena.start("gone", *odd)
        arena.make_due(0)
        wait_until(lambda: tries_at_once(arena) or len(arena.box.mails) == 2, arena.data / "gone.log")
        assert "no student groups file was created" in arena.box.mails[0]["Subject"]
        assert "This server may not write to its data folder." in text_of(arena.box.mails[0])
        assert arena.ask("SELECT state FROM extract") == arena.ask("SELECT state FROM scheduled_run") == [("failed",)]


def test_the_worker_of_serve_is_started_again_when_it_dies() -> None:
    with playing_field(1) as arena:
        log = arena.data / "again.log"
        arena.start("again", "-m", "cersgroups", "serve", "--port", "0")
        wait_until(lambda: workers_of(arena.data), log)
        [first] = workers_of(arena.data)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: workers_of(arena.data) not in ([], [first]), log)
        assert "The worker has ended (status -9)" in log.read_text()


def workers_of(data: Path) -> list[int]:
    """The numbers of the processes `cersgroups worker` of this data folder."""
    listed = subprocess.run(["ps", "axeww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line for line in listed.splitlines() if "cersgroups worker" in line and f"CERSGROUPS_DATA={data}" in line]
    return [int(line.split()[0]) for line in lines]
