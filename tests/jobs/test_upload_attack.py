"""What must not get past an upload: other schools' students, older files, a switch that is off, a second yes."""

from pathlib import Path

import pytest
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from cersgroups.actions.actor import actor_for
from cersgroups.actions.extract import create_extracts
from cersgroups.actions.lea import change_settings
from cersgroups.actions.person import invite
from cersgroups.actions.profile import create_profile, delete_profile, save_profile
from cersgroups.actions.upload import (
    agree,
    create_upload,
    find_upload,
    mark_uploaded,
    read_difference_rows,
    retire_groups,
    visible_uploads,
)
from cersgroups.cers.answer import Answer, answer_from_record
from cersgroups.cers.client import Client
from cersgroups.cers.exchange import Reply
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.core.permission import Actor
from cersgroups.jobs.worker import run_worker
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from tests.jobs.delivery import DAY, Delivery, assert_the_ledger_is_right
from tests.profiles import CLASSES, GRADES

pytestmark = pytest.mark.django_db(transaction=True)


def viewer_at(stage: Delivery, school: str) -> Actor:
    membership = invite(stage.people.ada, "vic@live-oak.example", "Vic", "viewer", [school])
    with lea_scope(stage.lea_id):
        return actor_for(membership.person, stage.lea_id)


def assert_unseen(stage: Delivery, actor: Actor, upload: Upload) -> None:
    with lea_scope(stage.lea_id):
        assert upload.pk not in [seen.pk for seen in visible_uploads(actor)]
        with pytest.raises((NotThere, PermissionRefused)):
            find_upload(actor, upload.pk)
    with pytest.raises((NotThere, PermissionRefused)):
        read_difference_rows(actor, upload.pk)


def test_who_may_see_one_school_does_not_see_what_is_retired_at_all_of_them(stage: Delivery) -> None:
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    delete_profile(stage.people.ada, profile)
    retiring = stage.work(retire_groups(stage.people.ada).pk)
    assert retiring.figures["groups_retired"] > 0
    assert_unseen(stage, viewer_at(stage, "10"), retiring)
    assert read_difference_rows(stage.people.vera, retiring.pk)


@pytest.mark.thorough
def test_nor_an_upload_of_that_school_which_empties_groups_of_another(stage: Delivery) -> None:
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["10"]})
    upload = stage.upload(stage.extract(profile))
    assert upload.more_school_ids == ["20"]
    assert_unseen(stage, viewer_at(stage, "10"), upload)


def test_who_is_limited_to_a_school_empties_no_group_of_another(stage: Delivery) -> None:
    """That a profile of another school was deleted makes its groups nobody's, but not theirs."""
    sam = stage.people.sam
    gone = stage.profile()
    stage.upload(stage.extract(gone))
    before = stage.held()
    delete_profile(stage.people.ada, gone)
    [extract] = create_extracts(sam, [create_profile(sam, GRADES).pk], as_of=DAY)
    upload = sent_by(stage, sam, extract.pk)
    assert (upload.state, upload.figures["groups_retired"]) == ("done", 0)
    assert before.items() <= stage.held().items()
    again = sent_by(stage, stage.people.ada, extract.pk)
    assert again.figures["groups_retired"] == 0
    assert_the_ledger_is_right(stage)


def sent_by(stage: Delivery, actor: Actor, extract_id: int) -> Upload:
    run_worker(wait=False)
    return stage.work(create_upload(actor, extract_id, look_first=False).pk)


def test_off_is_off_for_what_waits_for_a_yes(stage: Delivery) -> None:
    held = stage.upload(stage.extract(), look_first=True)
    change_settings(stage.people.ada, uploads_enabled=False)
    with pytest.raises(RequestStop, match="switched off"):
        agree(stage.people.ada, held.pk)
    assert stage.work(held.pk).state == "held"
    assert stage.held() == {}


def test_off_is_off_for_what_waits_for_cers(stage: Delivery) -> None:
    stage.sandbox.control(fail_next=1, fail_status=503, fail_what="upload", retry_after=3600)
    waiting = stage.upload(stage.extract())
    change_settings(stage.people.ada, uploads_enabled=False)
    waiting = come(stage, waiting)
    assert waiting.state == "failed"
    assert "switched off" in waiting.why
    assert "CERS may have it" in waiting.why
    assert stage.held() == {}


def test_off_is_off_for_what_was_only_asked_for(stage: Delivery) -> None:
    asked = create_upload(stage.people.ada, stage.extract(), look_first=False)
    change_settings(stage.people.ada, uploads_enabled=False)
    upload = stage.work(asked.pk)
    assert (upload.state, "Nothing more was sent" in upload.why) == ("failed", True)


def test_by_hand_needs_no_switch(stage: Delivery) -> None:
    extract = stage.extract()
    change_settings(stage.people.ada, uploads_enabled=False)
    upload = stage.upload(extract, by_hand=True)
    mark_uploaded(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "done"


@pytest.mark.thorough
def test_bytes_whose_answer_was_never_had_are_varied_too(stage: Delivery) -> None:
    """CERS may have processed them: the same bytes after others would be skipped, and it would hold the others."""
    profile = stage.profile(schools=["10"])
    stage.sandbox.control(lose_next=1)
    lost = stage.upload(stage.extract(profile))
    change_settings(stage.people.ada, uploads_enabled=False)
    assert come(stage, lost).state == "failed"
    change_settings(stage.people.ada, uploads_enabled=True)
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["10"], "users": {"roles": ["primary"]}})
    stage.upload(stage.extract(profile))
    save_profile(stage.people.ada, profile, 2, {**CLASSES, "schools": ["10"]})
    stage.upload(stage.extract(profile))
    assert_the_ledger_is_right(stage)


def test_it_is_told_that_cers_may_have_the_file_although_it_may_not_be_asked_any_more(stage: Delivery) -> None:
    extract = stage.extract()
    stage.sandbox.control(lose_next=1)
    lost = stage.upload(extract)
    assert lost.state == "sending"
    with override_settings(OUTGOING_HOSTS=["elsewhere.example"]):
        upload = come(stage, lost)
    assert upload.state == "failed"
    assert "no server that this installation may ask" in upload.why
    assert "CERS may have it" in upload.why


def test_an_older_file_does_not_go_over_a_newer_one_without_a_yes(stage: Delivery) -> None:
    profile = stage.profile(schools=["10"])
    older = stage.extract(profile)
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["10"], "users": {"roles": ["primary"]}})
    newer = stage.upload(stage.extract(profile))
    upload = stage.upload(older)
    assert (newer.state, upload.state) == ("done", "held")
    assert "one created later" in upload.stops[0]


def test_an_older_file_of_other_profiles_or_that_changes_nothing_goes(stage: Delivery) -> None:
    other = stage.extract(stage.profile(schools=["20"]))
    older = stage.extract(stage.profile(schools=["10"], name="Another"))
    assert stage.upload(older).state == "done"
    assert stage.upload(other).state == "done"
    assert stage.upload(older).state == "done"


def test_a_whole_school_that_goes_waits_for_a_yes_however_large_the_lea(
    stage: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cersgroups.core.safety.FEW", 0)
    change_settings(stage.people.ada, safety_percent=99)
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["20"]})
    upload = stage.upload(stage.extract(profile))
    assert upload.state == "held"
    [sentence] = upload.stops
    assert sentence.startswith("Fig High: all of its ")


def test_a_file_is_marked_as_uploaded_by_hand_once(stage: Delivery) -> None:
    extract = stage.extract()
    first, second = stage.upload(extract, by_hand=True), stage.upload(extract, by_hand=True)
    for part in stage.parts(first.pk):
        stage.sandbox.store.warehouse.upload(part.path.read_bytes())
    mark_uploaded(stage.people.ada, first.pk)
    with pytest.raises(RequestStop, match="is no longer waiting for that"):
        mark_uploaded(stage.people.ada, first.pk)
    assert stage.work(first.pk).state == "done"
    mark_uploaded(stage.people.ada, second.pk)  # the same file once more changes nothing
    assert stage.work(second.pk).state == "done"
    assert_the_ledger_is_right(stage)


def come(stage: Delivery, upload: Upload) -> Upload:
    """As if the time of the next try had come."""
    ProcrastinateJob.objects.filter(task_name="deliver_upload", status="todo").update(scheduled_at=None)
    return stage.work(upload.pk)


@pytest.mark.parametrize("status", ["PROCESSED", "PROCESSED_WITH_SOMETHING_THAT_NOBODY_EXPECTED_TO_BE_SO_LONG"])
def test_an_answer_that_no_database_can_hold_is_written_all_the_same(
    stage: Delivery, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """The file is there: were the answer lost, the ledger would not know, and the file would go out again."""
    extract = stage.extract()
    sent: list[str] = []

    def send(_client: Client, _path: Path, name: str) -> Answer:
        sent.append(name)
        body = {"id": "7" * 500, "status": status, "message": "1 group\0 accepted for \ud800."}
        answer = answer_from_record(Reply(202, body), "cers.example")
        assert answer is not None
        return answer

    monkeypatch.setattr(Client, "send", send)
    upload = stage.upload(extract)
    assert (upload.state, sent) == ("done" if status == "PROCESSED" else "accepted", ["extract-1.csv"])
    [part] = stage.parts(upload.pk)
    assert part.message == "1 group accepted for ?."
    assert status.startswith(part.status)
