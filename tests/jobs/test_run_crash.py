"""However often, and however many at once, take a run further: one run, one extract, one mail to each."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from cersgroups.actions.enqueue import enqueue_run
from cersgroups.jobs import run_mail, scheduled_run
from cersgroups.jobs.due import do_due
from cersgroups.jobs.retry import ATTEMPTS, GIVEN_UP
from cersgroups.jobs.scheduled_run import advance_run
from cersgroups.jobs.worker import run_worker
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from tests.mailbox import Mailbox, mail_server, text_of
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.roster import give_roster
from tests.schedule import ON_FRIDAY, extracts_of, include_profiles, only_run, save_on_tuesday

pytestmark = pytest.mark.django_db(transaction=True)

EMAILS = ["data@live-oak.example", "it@live-oak.example"]


@pytest.fixture
def folk(stored_snapshot: Path) -> People:
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    include_profiles(folk)
    save_on_tuesday(folk.ada, emails=EMAILS)
    return folk


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with mail_server(settings) as box:
        yield box


def at_once(times: int, do: Callable[[], None]) -> None:
    """In threads that start together, each with a connection of its own. Whatever one raises, the test raises."""
    faults: list[BaseException] = []
    barrier = threading.Barrier(times)

    def run() -> None:
        try:
            barrier.wait()
            do()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]


def advance(folk: People) -> None:
    with lea_scope(folk.lea_id):
        advance_run(ScheduledRun.objects.values_list("pk", flat=True).get())


def build() -> None:
    """The worker does everything but go on with the run, as if it died each time that it begins to."""
    with connect_as_owner() as owner, pytest.MonkeyPatch.context() as patch:
        owner.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE task_name = 'advance_run'")
        for place in ("jobs.extract", "actions.upload"):
            patch.setattr(f"cersgroups.{place}.enqueue_run", lambda *_: None)
        run_worker(wait=False)


def test_what_is_due_is_started_once_by_several_workers(folk: People) -> None:
    at_once(4, lambda: do_due(ON_FRIDAY))
    assert only_run(folk.lea_id).state == "queued"


def test_from_every_state_several_at_once_give_one_extract_and_one_mail_each(folk: People, mailbox: Mailbox) -> None:
    do_due(ON_FRIDAY)
    at_once(4, lambda: advance(folk))
    assert (only_run(folk.lea_id).state, len(extracts_of(folk.lea_id))) == ("building", 1)
    at_once(4, lambda: advance(folk))
    assert only_run(folk.lea_id).state == "building"
    build()
    assert (only_run(folk.lea_id).state, mailbox.mails) == ("building", [])
    at_once(4, lambda: advance(folk))
    assert only_run(folk.lea_id).state == "done"
    at_once(4, lambda: advance(folk))
    run_worker(wait=False)
    assert (only_run(folk.lea_id).state, len(extracts_of(folk.lea_id))) == ("done", 1)
    assert sorted(mailbox.to()) == EMAILS


def test_the_job_runs_twice_as_if_once(folk: People, mailbox: Mailbox) -> None:
    do_due(ON_FRIDAY)
    run = only_run(folk.lea_id)
    for _ in range(3):
        enqueue_run(folk.lea_id, run.pk)
        run_worker(wait=False)
    assert (only_run(folk.lea_id).state, len(extracts_of(folk.lea_id))) == ("done", 1)
    assert mailbox.to() == EMAILS


class Killed(BaseException):
    """What no handler of the program catches: as good as kill -9, in a test."""


STEPS = ("build_extract_of_run", "tell", "_end")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_before_or_after_each_step_it_goes_on_as_if_nothing_had_been(
    folk: People, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    do_due(ON_FRIDAY)
    done = getattr(scheduled_run, step)

    def dies(*arguments: object) -> None:
        if when == "after":
            done(*arguments)
        raise Killed

    if step != "build_extract_of_run":
        advance(folk)
        build()
    with monkeypatch.context() as patch:
        patch.setattr(scheduled_run, step, dies)
        with pytest.raises(Killed):
            advance(folk)
    advance(folk)
    build()
    advance(folk)
    assert (only_run(folk.lea_id).state, len(extracts_of(folk.lea_id))) == ("done", 1)
    assert mailbox.to() == EMAILS


def test_killed_between_two_mails_only_the_second_is_sent_again(
    folk: People, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_due(ON_FRIDAY)
    advance(folk)
    build()
    told: list[str] = []
    tell_one = run_mail._tell_one

    def dies_at_the_second(run_id: int, email: str) -> None:
        if told:
            raise Killed
        told.append(email)
        tell_one(run_id, email)

    with monkeypatch.context() as patch:
        patch.setattr(run_mail, "_tell_one", dies_at_the_second)
        with pytest.raises(Killed):
            advance(folk)
    assert (only_run(folk.lea_id).state, mailbox.to()) == ("telling", EMAILS[:1])
    advance(folk)
    assert (only_run(folk.lea_id).state, mailbox.to()) == ("done", EMAILS)


def test_a_fault_of_the_software_is_told_after_several_tries(
    folk: People, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_due(ON_FRIDAY)

    def fails(_run: object) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patch:
        patch.setattr(scheduled_run, "build_extract_of_run", fails)
        run_worker(wait=False)
        assert only_run(folk.lea_id).state == "queued"
        with connect_as_owner() as owner:
            owner.execute("UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = NULL", [ATTEMPTS])
        run_worker(wait=False)
    run = only_run(folk.lea_id)
    assert (run.state, run.why) == ("failed", GIVEN_UP)
    assert mailbox.to() == EMAILS
    assert "The software failed, several times over" in text_of(mailbox.mails[0])


def test_a_mail_that_cannot_even_be_written_is_given_up_and_the_run_keeps_its_outcome(
    folk: People, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_run: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(run_mail, "report", fails)
    do_due(ON_FRIDAY)
    run_worker(wait=False)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = NULL", [ATTEMPTS])
    run_worker(wait=False)
    run = only_run(folk.lea_id)
    assert (run.state, run.mail_fault, mailbox.mails) == ("done", GIVEN_UP, [])


def test_a_run_that_kills_its_worker_time_and_again_is_broken_off(folk: People) -> None:
    do_due(ON_FRIDAY)
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET attempts = %s", [2 * ATTEMPTS + 1])
    run_worker(wait=False)
    run = only_run(folk.lea_id)
    assert (run.state, run.why) == ("failed", GIVEN_UP)
    assert extracts_of(folk.lea_id) == []
