"""From a live source to the current roster, by the worker that really runs it; and what never becomes current."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from procrastinate.exceptions import JobAborted
from pytest_django import Settings

from cersgroups.actions.audit import visible_entries
from cersgroups.actions.encryption_key import seal_again
from cersgroups.actions.enqueue import enqueue_sync
from cersgroups.actions.lea import change_settings
from cersgroups.actions.snapshot import make_current
from cersgroups.actions.source import ByItself, check_source, delete_source, save_source, save_sync_schedule
from cersgroups.actions.sync import cancel_sync, sync_now
from cersgroups.core.error import RequestStop
from cersgroups.engine.snapshot import open_snapshot
from cersgroups.jobs import sync as job
from cersgroups.jobs.due import do_due
from cersgroups.jobs.retry import ATTEMPTS, GIVEN_UP
from cersgroups.jobs.worker import run_worker
from cersgroups.records.due import Due
from cersgroups.records.encryption_key import add_encryption_key
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from tests.jobs.live_sync import current, record, synced_from
from tests.mailbox import Mailbox, html_of, mail_server, text_of
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.schedule import save
from tests.sis import CERTIFICATE, FAULT, Sis, entry

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = time(2, 30)
EVERY_DAY = range(7)


@pytest.fixture
def folk(sis: Sis) -> People:  # noqa: ARG001 - a fixture, for what it does
    return make_people()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    settings.URL = "https://groups.live-oak.example"
    with mail_server(settings) as box:
        yield box


def source_of(folk: People) -> Source:
    with lea_scope(folk.lea_id):
        return Source.objects.filter(kind="memory").first() or save_source(folk.ada, entry())


def synced(folk: People) -> Snapshot:
    return synced_from(folk, source_of(folk))


def every_night(folk: People) -> None:
    source = source_of(folk)
    save_sync_schedule(folk.ada, source.pk, ByItself(nightly=True, days=EVERY_DAY, at=NIGHT, before_runs=False))


def night(folk: People, day: int) -> Snapshot:
    """What the night of this day in November makes, 02:30 in California; as if planned before."""
    now = datetime(2026, 11, day, 10, 30, tzinfo=UTC)
    with lea_scope(folk.lea_id):
        Source.objects.filter(nightly=True).update(since=now - timedelta(hours=1))
    do_due(now)
    run_worker(wait=False)
    with lea_scope(folk.lea_id):
        return Snapshot.objects.get(occasion="night", occurrence=f"2026-11-{day}T02:30")


def test_what_is_fetched_becomes_the_current_roster_by_itself(folk: People, sis: Sis) -> None:
    first = synced(folk)
    assert (first.state, first.progress, first.kind, first.stops) == ("ready", 1, "SIS in memory", [])
    assert first.counts == open_snapshot(first.folder).counts
    assert sis.settings[0] == {
        "address": "https://sis.example",
        "certificate": CERTIFICATE,
        "size": "small",
        "note": "",
    }
    second = synced(folk)
    assert (current(folk), second.compared_with_id) == (second.pk, first.pk)


def test_a_sync_that_is_cut_leaves_the_last_good_roster_and_says_which_request_failed(folk: People, sis: Sis) -> None:
    good = synced(folk)
    sis.fault = FAULT
    cut = synced(folk)
    assert (cut.state, cut.why) == ("failed", FAULT)
    assert not cut.folder.exists()
    assert current(folk) == good.pk
    assert list(good.folder.parent.glob(".*")) == []


@pytest.mark.parametrize(
    ("table", "keys", "sentence"),
    [
        ("schools", ["30"], "1 of 3 schools of the current roster are not in it (33%, more than the 10% allowed"),
        ("students", [], "It has no students: it came back empty."),
        ("sections", [], "sections of the current roster are not in it (100%"),
    ],
)
def test_a_roster_that_lost_too_much_is_held_until_a_person_makes_it_current(
    folk: People, sis: Sis, table: str, keys: list[str], sentence: str
) -> None:
    good = synced(folk)
    sis.without(table, *keys)
    held = synced(folk)
    assert held.state == "held"
    assert sentence in " ".join(held.stops)
    assert current(folk) == good.pk
    make_current(folk.ada, held.pk)
    assert (current(folk), record(folk, held.pk).state) == (held.pk, "ready")


def test_a_roster_without_a_live_term_is_held_when_the_one_before_had_one(folk: People, sis: Sis) -> None:
    synced(folk)
    sis.tables["terms"] = sis.tables["terms"].replace("2026-08-15", "2026-12-15")
    held = synced(folk)
    assert held.stops == [
        "No term in it runs today, while in the current roster one does: nothing could be made of it."
    ]


def test_an_lea_says_itself_how_much_may_be_lost(folk: People, sis: Sis) -> None:
    change_settings(folk.ada, roster_percent=40)
    synced(folk)
    sis.without("schools", "30")
    assert synced(folk).state == "ready"


def test_the_roster_of_another_lea_never_becomes_current(folk: People, sis: Sis) -> None:
    good = synced(folk)
    sis.tables["lea"] = sis.tables["lea"].replace("99100", "00000")
    strange = synced(folk)
    assert "This roster is of the LEA 00000" in strange.why
    assert current(folk) == good.pk


class Killed(BaseException):
    """What no handler of the program catches: as good as kill -9, in a test."""


@pytest.mark.parametrize("step", ["fetch_roster", "store_roster", "_finish", "put_in_force"])
@pytest.mark.parametrize("when", ["before", pytest.param("after", marks=pytest.mark.thorough)])
def test_a_worker_that_is_killed_at_any_step_is_followed_by_one_that_fetches_anew(
    folk: People, sis: Sis, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    good = synced(folk)
    sync = sync_now(folk.ada, source_of(folk).pk)
    done = getattr(job, step)

    def dies(*arguments: object) -> object:
        if when == "after":
            done(*arguments)
        raise Killed

    with monkeypatch.context() as patch, lea_scope(folk.lea_id):
        patch.setattr(job, step, dies)
        with pytest.raises(Killed):
            job.sync.func(_Context(), folk.lea_id, sync.pk)  # type: ignore[arg-type]
    finished = step == "_finish" and when == "after"
    assert current(folk) == (sync.pk if finished else good.pk)
    run_worker(wait=False)
    assert record(folk, sync.pk).state == "ready"
    assert current(folk) == sync.pk
    assert open_snapshot(record(folk, sync.pk).folder).counts["students"] > 0
    assert sis.asked == (2 if finished else 2 + (step != "fetch_roster" or when == "after"))


class _Context:
    """Of the first attempt."""

    class job:  # noqa: N801 - as Procrastinate calls it
        attempts = 0

    def __init__(self, ends: bool = False) -> None:
        self.ends = ends

    def should_abort(self) -> bool:
        return self.ends


def test_a_worker_that_is_told_to_end_leaves_the_sync_to_the_next(folk: People, sis: Sis) -> None:
    sync = sync_now(folk.ada, source_of(folk).pk)
    with lea_scope(folk.lea_id), pytest.raises(JobAborted):
        job.sync.func(_Context(ends=True), folk.lea_id, sync.pk)  # type: ignore[arg-type]
    assert record(folk, sync.pk).state == "fetching"
    run_worker(wait=False)
    assert (record(folk, sync.pk).state, sis.asked) == ("ready", 2)


def test_a_sync_that_a_person_cancels_asks_for_nothing_more_and_the_last_good_roster_stays(
    folk: People, sis: Sis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cersgroups.jobs.progress.SECONDS", 0)
    good = synced(folk)
    source = source_of(folk)
    sis.meanwhile = lambda: cancel_sync(folk.ada, source.pk)
    sync = synced(folk)
    assert (sync.state, sync.why, sync.message) == ("failed", "Ada Admin cancelled it.", "")
    assert (sis.asked, sis.answered) == (2, 1)
    assert not sync.folder.exists()
    assert current(folk) == good.pk
    sis.meanwhile = lambda: None
    assert synced(folk).state == "ready"


def test_a_sync_that_is_cancelled_while_it_waits_is_never_fetched(folk: People, sis: Sis) -> None:
    sync = sync_now(folk.ada, source_of(folk).pk)
    cancel_sync(folk.ada, source_of(folk).pk)
    run_worker(wait=False)
    assert (record(folk, sync.pk).state, sis.asked) == ("failed", 0)
    with pytest.raises(RequestStop, match="No roster is being fetched anymore"):
        cancel_sync(folk.ada, source_of(folk).pk)


def test_the_job_runs_twice_as_if_once(folk: People, sis: Sis) -> None:
    sync = synced(folk)
    enqueue_sync(folk.lea_id, sync.pk)
    run_worker(wait=False)
    assert sis.asked == 1
    with lea_scope(folk.lea_id):
        assert visible_entries(folk.ada).filter(action="roster ready").count() == 1


def test_a_fault_of_the_software_is_told_after_several_tries(
    folk: People, monkeypatch: pytest.MonkeyPatch, sis: Sis
) -> None:
    def fails(*_arguments: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Sis, "fetch", fails)
    source = source_of(folk)
    with lea_scope(folk.lea_id):
        sync = sync_now(folk.ada, source.pk)
    from cersgroups.sources.live_kind import LIVE_KINDS

    LIVE_KINDS["memory"] = sis.kind
    run_worker(wait=False)
    assert record(folk, sync.pk).state == "fetching"
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = NULL", [ATTEMPTS])
    run_worker(wait=False)
    assert (record(folk, sync.pk).state, record(folk, sync.pk).why) == ("failed", GIVEN_UP)


def test_one_sync_at_a_time_and_a_second_is_told_to_wait(folk: People) -> None:
    sync_now(folk.ada, source_of(folk).pk)
    with pytest.raises(RequestStop, match="A roster is being fetched already"):
        sync_now(folk.ada, source_of(folk).pk)


def test_the_roster_of_a_source_that_was_removed_is_not_fetched(folk: People, sis: Sis) -> None:
    sync = sync_now(folk.ada, source_of(folk).pk)
    delete_source(folk.ada, source_of(folk).pk)
    run_worker(wait=False)
    assert (record(folk, sync.pk).state, sis.asked) == ("failed", 0)
    assert "The source was removed" in record(folk, sync.pk).why


def test_secrets_are_sealed_and_a_new_key_seals_them_too(folk: People) -> None:
    before = source_of(folk)
    with lea_scope(folk.lea_id), connection.cursor() as cursor:
        cursor.execute("SELECT source::text FROM source")
        assert CERTIFICATE not in " ".join(row for (row,) in cursor.fetchall())
        assert CERTIFICATE not in str([entry.detail for entry in visible_entries(folk.ada)])
    do_due(datetime.now(UTC))  # what is planned stays, so that the LEA is found
    add_encryption_key()
    assert seal_again() == 1
    after = source_of(folk)
    assert before.sealed != after.sealed
    assert after.secrets() == {"certificate": CERTIFICATE}


def test_a_test_of_the_connection_has_a_tick_for_each_part(folk: People, sis: Sis) -> None:
    sis.refused = "The certificate may not read students. Grant Student Data."
    source = check_source(folk.ada, source_of(folk).pk)
    assert source.being_checked
    run_worker(wait=False)
    checked = source_of(folk)
    assert [(one["what"], one["ok"]) for one in checked.checks] == [("Schools", True), ("Students", False)]
    assert (checked.being_checked, checked.checks[1]["sentence"]) == (False, sis.refused)
    assert sis.settings[0]["certificate"] == CERTIFICATE


def test_every_night_at_its_time_the_roster_is_fetched_once(folk: People, sis: Sis) -> None:
    every_night(folk)
    assert night(folk, 25).state == "ready"
    do_due(datetime(2026, 11, 25, 10, 30, 10, tzinfo=UTC))
    run_worker(wait=False)
    assert sis.asked == 1
    due = Due.objects.get(what="sync")
    assert due.at == datetime(2026, 11, 26, 10, 30, tzinfo=UTC)


def test_when_the_clock_is_put_back_the_night_has_one_sync(folk: People, sis: Sis) -> None:
    """01:30 comes twice on 2026-11-01 in California: at 08:30 and 09:30 UTC."""
    source = source_of(folk)
    save_sync_schedule(folk.ada, source.pk, ByItself(nightly=True, days=EVERY_DAY, at=time(1, 30), before_runs=False))
    for hour in (8, 9):
        now = datetime(2026, 11, 1, hour, 30, 5, tzinfo=UTC)
        with lea_scope(folk.lea_id):
            Source.objects.update(since=now - timedelta(minutes=30))
        Due.objects.update(at=now, planned_at=now)
        do_due(now)
        run_worker(wait=False)
    assert sis.asked == 1


def test_one_source_is_the_one_that_the_roster_comes_from(folk: People) -> None:
    every_night(folk)
    other = save_source(folk.ada, entry("Another"))
    with pytest.raises(RequestStop, match="The roster is already fetched automatically from Our SIS"):
        save_sync_schedule(folk.ada, other.pk, ByItself(nightly=False, days=[], at=None, before_runs=True))


def test_a_nightly_failure_is_told_once_and_again_after_a_week(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    save(folk.ada, emails=["data@live-oak.example"])
    every_night(folk)
    sis.fault = FAULT
    night(folk, 25)
    assert mailbox.to() == ["ada@live-oak.example", "data@live-oak.example"]
    [mail, _other] = mailbox.mails
    assert mail["Subject"] == "Live Oak Unified: the roster could not be fetched"
    for body in bodies(mail):
        assert FAULT in " ".join(body.split())
        assert "There is no roster in use yet." in body
    sis.fault = FAULT.replace("page=7", "page=9")
    night(folk, 26)
    assert len(mailbox.mails) == 2
    with lea_scope(folk.lea_id):
        Snapshot.objects.filter(quiet=False).update(finished_at=datetime(2026, 11, 1, tzinfo=UTC))
    night(folk, 27)
    assert len(mailbox.mails) == 4


def test_another_reason_is_told_at_once_and_so_is_the_same_after_a_good_night(
    folk: People, sis: Sis, mailbox: Mailbox
) -> None:
    every_night(folk)
    sis.fault = FAULT
    night(folk, 23)
    sis.fault = "SIS: GET /schools: the server answers 401."
    night(folk, 24)
    assert len(mailbox.mails) == 2
    sis.fault = ""
    night(folk, 25)
    sis.fault = "SIS: GET /schools: the server answers 401."
    night(folk, 26)
    assert len(mailbox.mails) == 3


def test_a_held_roster_is_told_with_why_and_what_stays_in_use(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    every_night(folk)
    night(folk, 24)
    sis.without("schools", "30")
    held = night(folk, 25)
    assert held.state == "held"
    [mail] = mailbox.mails
    assert mail["Subject"] == "Live Oak Unified: please look at the new roster before it is used"
    for body in bodies(mail):
        assert "1 of 3 schools of the current roster are not in it" in " ".join(body.split())
        assert f"https://groups.live-oak.example/roster/{held.pk}/" in body
        assert "Meanwhile the last good roster stays in use" in " ".join(body.split())


def test_by_hand_a_failure_is_on_the_screen_and_in_no_mail(folk: People, sis: Sis, mailbox: Mailbox) -> None:
    sis.fault = FAULT
    synced(folk)
    assert mailbox.mails == []


def bodies(mail: EmailMessage) -> tuple[str, str]:
    return text_of(mail), html_of(mail)
