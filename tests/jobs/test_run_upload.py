"""A run of the scheduled process that uploads, to a sandbox of the receiver over HTTP, with mail over real SMTP."""

from collections.abc import Iterator

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import save_profile
from cersgroups.actions.scheduled_run import run_now
from cersgroups.actions.upload import agree, cancel
from cersgroups.jobs.worker import run_worker
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from tests.jobs.delivery import Delivery
from tests.jobs.test_run_crash import advance, at_once, build
from tests.mailbox import Mailbox, html_of, mail_server, text_of
from tests.profiles import CLASSES
from tests.schedule import runs_of, save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    settings.URL = "https://groups.live-oak.example"
    with mail_server(settings) as box:
        yield box


def planned(stage: Delivery) -> int:
    """The id of the profile that is included in a process that uploads."""
    profile = stage.profile(include_in_scheduled_process=True)
    save(stage.people.ada, upload=True)
    return profile


def change(stage: Delivery, profile: int, version: int, **changes: object) -> None:
    save_profile(stage.people.ada, profile, version, {**CLASSES, "include_in_scheduled_process": True, **changes})


def last_run(stage: Delivery) -> ScheduledRun:
    return max(runs_of(stage.lea_id), key=lambda run: run.pk)


def ran(stage: Delivery) -> ScheduledRun:
    run_now(stage.people.ada)
    run_worker(wait=False)
    return last_run(stage)


def uploads_of(stage: Delivery) -> list[Upload]:
    with lea_scope(stage.lea_id):
        return list(Upload.objects.order_by("id"))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_cers_has_the_groups_and_the_mail_says_what_changed(stage: Delivery, mailbox: Mailbox) -> None:
    planned(stage)
    run = ran(stage)
    assert (run.state, run.why) == ("done", "")
    [upload] = uploads_of(stage)
    assert (upload.state, upload.created_by_id, len(stage.held())) == ("done", None, upload.figures["groups_new"])
    [mail] = mailbox.mails
    assert mail["Subject"] == "Live Oak Unified: the student groups are in CERS"
    assert f"https://groups.live-oak.example/uploads/{upload.pk}/" in text_of(mail)
    assert f"https://groups.live-oak.example/uploads/{upload.pk}/" in html_of(mail)
    assert "WHAT CHANGED IN CERS" in text_of(mail)
    assert f"Student groups new {upload.figures['groups_new']}" in flat(text_of(mail))


def test_what_cers_has_only_accepted_is_not_said_to_be_there(stage: Delivery, mailbox: Mailbox) -> None:
    """Vendors may not ask what became of it: it may still be lost in loading."""
    stage.sandbox.control(polling=False)
    planned(stage)
    run = ran(stage)
    text = flat(text_of(mailbox.mails[0]))
    assert run.state == "done"
    assert "CERS HAS ACCEPTED THE STUDENT GROUPS" in text
    assert "does not say what became of it" in text
    assert "are in CERS" not in text + mailbox.mails[0]["Subject"] + html_of(mailbox.mails[0])


def test_too_much_that_would_go_is_not_sent_and_the_mail_says_why_and_what_to_do(
    stage: Delivery, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cersgroups.core.safety.FEW", 0)
    profile = planned(stage)
    ran(stage)
    before = stage.held()
    change(stage, profile, 1, schools=["20"])
    run = ran(stage)
    assert run.state == "stopped"
    assert "student groups that CERS holds in these groups would go" in run.why
    assert stage.held() == before
    mail = mailbox.mails[-1]
    assert mail["Subject"] == "Live Oak Unified: nothing was sent to CERS: please review it first"
    for words in (run.why, "choose Yes, upload to CERS there", "WHAT WOULD CHANGE IN CERS", "Student groups emptied"):
        assert flat(words) in flat(text_of(mail))
    agree(stage.people.ada, uploads_of(stage)[-1].pk)
    run_worker(wait=False)
    assert uploads_of(stage)[-1].state == "done"
    assert (last_run(stage).state, len(mailbox.mails)) == ("stopped", 2)


def test_what_another_profile_gave_is_not_overwritten(stage: Delivery, mailbox: Mailbox) -> None:
    stage.upload(stage.extract(stage.profile(name="English", subject="ELA")))
    profile = planned(stage)
    change(stage, profile, 1, subject="Math")
    run = ran(stage)
    assert run.state == "stopped"
    mail = mailbox.mails[-1]
    assert mail["Subject"] == "Live Oak Unified: nothing was sent to CERS: profiles contradict each other"
    assert "“English” gave with another subject" in flat(text_of(mail))
    assert "choose Yes, upload to CERS there" not in flat(text_of(mail))


def test_what_cers_refuses_is_told_in_its_words(stage: Delivery, mailbox: Mailbox) -> None:
    known = stage.sandbox.store.warehouse.known
    stage.sandbox.store.warehouse.known = known.__class__(frozenset({"99999999999999"}), frozenset({2027}), ("ELA",))
    planned(stage)
    run = ran(stage)
    assert run.state == "failed"
    mail = mailbox.mails[-1]
    assert mail["Subject"] == "Live Oak Unified: the student groups file was not uploaded"
    assert "WHAT CERS SAID" in text_of(mail)
    assert "can not be found" in text_of(mail)


def test_a_receiver_that_is_down_delays_the_run_and_repeats_nothing(stage: Delivery, mailbox: Mailbox) -> None:
    stage.sandbox.control(fail_next=9, fail_status=503, fail_what="upload", retry_after=3600)
    planned(stage)
    assert ran(stage).state == "uploading"
    assert mailbox.mails == []
    stage.sandbox.control(fail_next=0)
    ProcrastinateJob.objects.filter(task_name="deliver_upload", status="todo").update(scheduled_at=None)
    run_worker(wait=False)
    assert (last_run(stage).state, len(uploads_of(stage)), len(mailbox.mails)) == ("done", 1, 1)


def test_uploads_that_were_switched_off_meanwhile_are_told(stage: Delivery, mailbox: Mailbox) -> None:
    planned(stage)
    change_settings(stage.people.ada, uploads_enabled=False)
    run = ran(stage)
    assert (run.state, uploads_of(stage)) == ("failed", [])
    assert "Uploads to CERS are switched off for this LEA." in flat(text_of(mailbox.mails[0]))


def test_an_upload_that_somebody_cancels_ends_the_run(stage: Delivery, mailbox: Mailbox) -> None:
    planned(stage)
    run_now(stage.people.ada)
    advance(stage.people)
    build()
    advance(stage.people)
    assert last_run(stage).state == "uploading"
    cancel(stage.people.ada, uploads_of(stage)[0].pk)
    run_worker(wait=False)
    run = last_run(stage)
    assert (run.state, run.why, stage.held()) == ("failed", "Somebody has cancelled the upload.", {})
    assert len(mailbox.mails) == 1


def test_several_at_once_make_one_upload_and_one_mail(stage: Delivery, mailbox: Mailbox) -> None:
    planned(stage)
    run_now(stage.people.ada)
    advance(stage.people)
    build()
    at_once(4, lambda: advance(stage.people))
    assert (last_run(stage).state, len(uploads_of(stage))) == ("uploading", 1)
    build()
    assert uploads_of(stage)[0].state == "done"
    at_once(4, lambda: advance(stage.people))
    assert (last_run(stage).state, len(uploads_of(stage)), len(mailbox.mails)) == ("done", 1, 1)
