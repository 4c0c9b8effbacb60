"""Uploads of one LEA keep their order, whatever happens to their jobs."""

import asyncio

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cersgroups.actions.upload import agree, create_upload, mark_uploaded
from cersgroups.cers.answer import Answer
from cersgroups.jobs import upload_part
from cersgroups.jobs.rescue import DEAD_AFTER_SECONDS
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from tests.jobs.delivery import Delivery
from tests.jobs.test_rescue import put_back
from tests.owner import connect_as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def sent(stage: Delivery) -> list[str]:
    """The digests of what the receiver got, in order."""
    return [str(each["digest"]) for each in reversed(stage.sandbox.state()["imports"])]


def digest(stage: Delivery, upload: Upload) -> str:
    return stage.parts(upload.pk)[0].digest


def two(stage: Delivery) -> tuple[int, int]:
    """Extracts of two schools."""
    return stage.extract(stage.profile(schools=["10"])), stage.extract(stage.profile(schools=["20"]))


def test_the_upload_of_a_dead_worker_goes_before_those_that_came_later(stage: Delivery) -> None:
    extracts = two(stage)
    first, second = (create_upload(stage.people.ada, extract, look_first=False) for extract in extracts)
    with connect_as_owner() as owner:
        worker = owner.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        ).fetchone()
        assert worker is not None
        job = ProcrastinateJob.objects.filter(task_name="deliver_upload").order_by("id")[0]
        owner.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker[0], job.pk]
        )
    stage.work(second.pk)
    assert stage.record(second.pk).state == "queued"
    assert asyncio.run(put_back(DEAD_AFTER_SECONDS)) == 1
    assert stage.work(second.pk).state == "done"
    assert sent(stage) == [digest(stage, first), digest(stage, second)]


def test_what_was_agreed_to_late_does_not_go_over_what_went_out_before_its_turn(stage: Delivery) -> None:
    older, newer = two(stage)
    first = stage.upload(older, look_first=True)
    second = create_upload(stage.people.ada, newer, look_first=False)
    agree(stage.people.ada, first.pk)
    first = stage.work(first.pk)
    assert (first.state, stage.record(second.pk).state) == ("failed", "done")
    assert "A later upload" in first.why
    assert "An older file never replaces a newer one" in first.why
    assert sent(stage) == [digest(stage, second)]


def test_what_was_done_by_hand_counts_before_what_is_sent_after_it(stage: Delivery) -> None:
    older, newer = two(stage)
    first = stage.upload(older, by_hand=True)
    second = create_upload(stage.people.ada, newer, look_first=False)
    mark_uploaded(stage.people.ada, first.pk)
    assert stage.work(first.pk).state == stage.record(second.pk).state == "done"
    with lea_scope(stage.lea_id):
        ledgers = list(Upload.objects.filter(parts__ledger_after__isnull=False).order_by("parts__ledger_after__id"))
    assert ledgers == [first, second]


def test_a_refusal_stays_one_when_the_worker_dies_before_it_says_so(
    stage: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sandbox.store.warehouse.known = stage.sandbox.store.warehouse.known.__class__(
        frozenset({"99999999999999"}), frozenset({2027}), ("Math", "ELA")
    )
    write = upload_part._write_answer

    def dies_after(record: Upload, part: object, answer: Answer) -> None:
        write(record, part, answer)  # type: ignore[arg-type]
        raise RuntimeError("as if killed")

    with monkeypatch.context() as patch:
        patch.setattr(upload_part, "_write_answer", dies_after)
        upload = stage.upload(stage.extract())
        assert upload.state == "sending"
    ProcrastinateJob.objects.filter(task_name="deliver_upload", status="todo").update(scheduled_at=None)
    upload = stage.work(upload.pk)
    assert upload.state == "refused"
    assert upload.why.startswith("CERS has refused the file")
    assert len(sent(stage)) == 1
