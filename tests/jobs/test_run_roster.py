"""A run of the scheduled process fetches the roster first; what it does if that does not go well (features G4)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.lea import change_settings
from cersgroups.actions.scheduled_run import run_now
from cersgroups.actions.source import ByItself, save_source, save_sync_schedule
from cersgroups.actions.sync import cancel_sync
from cersgroups.core.error import RequestStop
from cersgroups.jobs.scheduled_run import advance_run
from cersgroups.jobs.worker import run_worker
from cersgroups.records.extract import Extract
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from tests.mailbox import Mailbox, html_of, mail_server, text_of
from tests.people import People, make_people
from tests.roster import give_roster
from tests.schedule import include_profiles, runs_of, save
from tests.sis import FAULT, Sis, entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk(sis: Sis, stored_snapshot: Path) -> People:  # noqa: ARG001 - a fixture, for what it does
    """With a roster of today, a source that is asked before runs, and a scheduled process."""
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    include_profiles(folk)
    save(folk.ada)
    source = save_source(folk.ada, entry())
    save_sync_schedule(folk.ada, source.pk, ByItself(nightly=False, days=[], at=None, before_runs=True))
    return folk


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with mail_server(settings) as box:
        yield box


def ran(folk: People) -> ScheduledRun:
    run_now(folk.ada)
    run_worker(wait=False)
    return runs_of(folk.lea_id)[-1]


def extract_of(folk: People, run: ScheduledRun) -> Extract:
    with lea_scope(folk.lea_id):
        return Extract.objects.select_related("snapshot").get(run=run)


def age(folk: People, days: int) -> None:
    """The rosters that are there are this old."""
    with lea_scope(folk.lea_id):
        Snapshot.objects.update(taken_at=timezone.now() - timedelta(days=days, hours=1))


def words(box: Mailbox, number: int = -1) -> str:
    return " ".join(text_of(box.mails[number]).split())


def test_a_run_whose_sync_a_person_cancels_goes_on_with_the_last_good_roster(
    folk: People, sis: Sis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cersgroups.jobs.progress.SECONDS", 0)
    with lea_scope(folk.lea_id):
        source = Source.objects.get(before_runs=True)
    sis.meanwhile = lambda: cancel_sync(folk.ada, source.pk)
    run = ran(folk)
    assert (run.state, sis.answered) == ("done", 0)
    with lea_scope(folk.lea_id):
        assert Snapshot.objects.get(occasion="run").why == "Ada Admin cancelled it."
    assert extract_of(folk, run).state == "done"


def test_the_file_is_made_of_the_roster_that_is_fetched_first(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    age(folk, 20)
    run = ran(folk)
    snapshot = extract_of(folk, run).snapshot
    assert (run.state, sis.asked, run.roster_note) == ("done", 1, "")
    assert (snapshot.occasion, snapshot.occurrence) == ("run", f"run {run.pk}")
    assert "It was created from the roster of" in words(mailbox)
    assert "fetched from Our SIS." in words(mailbox)


def test_if_that_fails_the_run_goes_on_with_the_last_good_roster_and_the_mail_says_so_on_top(
    folk: People, sis: Sis, mailbox: Mailbox
) -> None:
    age(folk, 7)
    sis.fault = FAULT
    run = ran(folk)
    assert run.state == "done"
    assert extract_of(folk, run).snapshot.occasion == "upload"
    to_run = next(mail for mail in mailbox.mails if mail["To"] == "data@live-oak.example")
    for body in (" ".join(text_of(to_run).split()), " ".join(html_of(to_run).split())):
        note = body.index(f"The roster could not be fetched. {FAULT} The last good roster is of")
        assert "7 days old: the run went on with it." in body
        assert note < body.index("The file was created and checked.")
    to_admin = next(mail for mail in mailbox.mails if mail["To"] == "ada@live-oak.example")
    assert "the roster could not be fetched" in to_admin["Subject"]


def test_of_a_roster_that_is_too_old_no_file_is_made(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    age(folk, 8)
    sis.fault = FAULT
    run = ran(folk)
    assert (run.state, run.outcome) == ("failed", "failed")
    assert f"The roster could not be fetched. {FAULT}" in run.why
    assert "8 days old, which is more than the 7 days allowed (Settings). So no file was created." in run.why
    [to_run] = [mail for mail in mailbox.mails if mail["To"] == "data@live-oak.example"]
    assert "no student groups file was created" in to_run["Subject"]
    change_settings(folk.ada, roster_days=8)
    assert ran(folk).state == "done"


def test_a_held_roster_is_not_used_and_the_mail_says_why(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    sis.without("schools", "30")
    run = ran(folk)
    assert run.state == "done"
    assert extract_of(folk, run).snapshot.occasion == "upload"
    assert run.roster_note.startswith(
        "The roster that was fetched from Our SIS is waiting for approval. 1 of 3 schools"
    )
    assert "is waiting for approval" in words(mailbox)


def test_without_any_roster_the_run_stops(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    del mailbox
    sis.fault = FAULT
    with lea_scope(folk.lea_id):
        Snapshot.objects.all().delete()
    run = ran(folk)
    assert run.why.endswith("There is no earlier roster, so no file was created.")


def test_a_source_that_is_not_asked_before_runs_leaves_them_as_they_were(
    folk: People, sis: Sis, mailbox: Mailbox
) -> None:
    del mailbox
    with lea_scope(folk.lea_id):
        source = save_source(folk.ada, entry(), source_id_of(folk))
        save_sync_schedule(folk.ada, source.pk, ByItself(nightly=False, days=[], at=None, before_runs=False))
    assert ran(folk).state == "done"
    assert sis.asked == 0


def source_id_of(folk: People) -> int:
    from cersgroups.records.source import Source

    with lea_scope(folk.lea_id):
        return Source.objects.get(kind="memory").pk


def test_however_often_it_is_taken_further_one_run_has_one_sync(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    del mailbox
    run = run_now(folk.ada)
    with lea_scope(folk.lea_id):
        for _ in range(3):
            advance_run(run.pk)
        assert ScheduledRun.objects.get().state == "syncing"
    with pytest.raises(RequestStop, match="A run is going on"):
        run_now(folk.ada)
    run_worker(wait=False)
    assert (runs_of(folk.lea_id)[-1].state, sis.asked) == ("done", 1)
