"""The receiver, or the disk, is away: the upload waits, its page says so at once, and an hour later a mail does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from cersgroups.actions.scheduled_run import run_now
from cersgroups.jobs import ledger
from cersgroups.jobs.worker import run_worker
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload, UploadPart
from tests.jobs.delivery import Delivery
from tests.mailbox import Mailbox, html_of, mail_server, text_of
from tests.schedule import save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with mail_server(settings) as box:
        yield box


def come(stage: Delivery, task: str, upload: Upload) -> Upload:
    """As if the moment of the job had come."""
    ProcrastinateJob.objects.filter(task_name=task, status="todo").update(scheduled_at=None)
    return stage.work(upload.pk)


def waiting(stage: Delivery) -> Upload:
    stage.sandbox.control(fail_next=9, fail_status=503, fail_what="upload", retry_after=3600)
    return stage.upload(stage.extract())


def test_whoever_asked_for_it_is_told_after_an_hour(stage: Delivery, mailbox: Mailbox) -> None:
    upload = waiting(stage)
    [job] = ProcrastinateJob.objects.filter(task_name="tell_of_waiting")
    wait = job.scheduled_at - timezone.now()
    assert timedelta(minutes=50) < wait <= timedelta(hours=1)
    assert mailbox.mails == []
    come(stage, "tell_of_waiting", upload)
    assert mailbox.to() == ["ada@live-oak.example"]
    assert "closed for the moment" in text_of(mailbox.mails[0])
    assert f"/uploads/{upload.pk}/" in html_of(mailbox.mails[0])
    come(stage, "deliver_upload", upload)
    come(stage, "tell_of_waiting", upload)
    assert len(mailbox.mails) == 1


def test_an_address_that_is_refused_for_now_keeps_no_other_from_the_mail_and_none_gets_two(
    stage: Delivery, mailbox: Mailbox
) -> None:
    stage.profile(include_in_scheduled_process=True)
    save(stage.people.ada, emails=["ann@live-oak.example", "bob@live-oak.example"], upload=True)
    stage.sandbox.control(fail_next=9, fail_status=503, fail_what="upload", retry_after=3600)
    run_now(stage.people.ada)
    run_worker(wait=False)
    with lea_scope(stage.lea_id):
        upload = Upload.objects.get()
    mailbox.refused["ann@live-oak.example"] = "452 4.2.2 The mailbox is full"
    for _ in range(2):
        come(stage, "tell_of_waiting", upload)
    assert mailbox.to() == ["bob@live-oak.example"]
    mailbox.refused.clear()
    come(stage, "tell_of_waiting", upload)
    assert mailbox.to() == ["bob@live-oak.example", "ann@live-oak.example"]


@pytest.mark.parametrize("reached", [True, False])
def test_whoever_was_told_is_told_when_it_has_ended(stage: Delivery, mailbox: Mailbox, reached: bool) -> None:
    upload = waiting(stage)
    come(stage, "tell_of_waiting", upload)
    if reached:
        stage.sandbox.control(fail_next=0)
    else:
        with lea_scope(stage.lea_id):
            UploadPart.objects.update(sent_at=timezone.now() - timedelta(hours=49))
    ended = come(stage, "deliver_upload", upload)
    come(stage, "tell_of_waiting", upload)
    assert ended.state == ("done" if reached else "failed")
    assert mailbox.to() == ["ada@live-oak.example"] * 2
    said = text_of(mailbox.mails[1])
    assert ("has processed every file" in said) == reached
    assert ("It is not tried again." in said) != reached
    assert mailbox.mails[0]["Message-ID"] != mailbox.mails[1]["Message-ID"]


def test_nobody_is_told_once_it_has_gone_through(stage: Delivery, mailbox: Mailbox) -> None:
    upload = waiting(stage)
    stage.sandbox.control(fail_next=0)
    assert come(stage, "deliver_upload", upload).state == "done"
    come(stage, "tell_of_waiting", upload)
    assert mailbox.mails == []


def test_a_receiver_that_asks_for_a_month_is_asked_again_the_same_day(stage: Delivery) -> None:
    stage.sandbox.control(fail_next=9, fail_status=503, fail_what="upload", retry_after=30 * 86_400)
    stage.upload(stage.extract())
    [job] = ProcrastinateJob.objects.filter(task_name="deliver_upload")
    assert job.scheduled_at - timezone.now() <= timedelta(hours=6)


def test_what_cers_has_is_not_forgotten_because_the_disk_is_full(
    stage: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    extract = stage.extract()
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "publish", full)
        upload = stage.upload(extract)
        for _ in range(12):
            upload = come(stage, "deliver_upload", upload)
    assert upload.state == "sending"
    assert upload.why.startswith("The disk of this server is full.")
    assert come(stage, "deliver_upload", upload).state == "done"
    assert stage.record(upload.pk).why == ""


def test_after_two_days_it_is_given_up_with_the_reason(stage: Delivery) -> None:
    upload = waiting(stage)
    with lea_scope(stage.lea_id):
        UploadPart.objects.update(sent_at=timezone.now() - timedelta(hours=49))
    upload = come(stage, "deliver_upload", upload)
    assert upload.state == "failed"
    assert "closed for the moment" in upload.why
