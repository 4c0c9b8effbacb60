"""An upload from its extract to the receiver, by the worker that really runs it, to a sandbox over HTTP."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import delete_profile, save_profile
from cersgroups.actions.upload import (
    agree,
    cancel,
    mark_uploaded,
    read_difference_rows,
    read_retired_groups,
    retire_groups,
)
from cersgroups.core.error import RequestStop
from cersgroups.records.credential import Credential
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from tests.jobs.delivery import Delivery, assert_the_ledger_is_right, in_ledger
from tests.profiles import CLASSES

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_receiver_gets_the_extract_and_the_ledger_follows(stage: Delivery) -> None:
    upload = stage.upload(stage.extract())
    assert (upload.state, upload.why) == ("done", "")
    [part] = stage.parts(upload.pk)
    assert (part.state, part.status, part.tries, part.variation) == ("done", "PROCESSED", 1, 0)
    assert part.path.read_bytes() == (upload.extract.folder / "extract-1.csv").read_bytes() if upload.extract else False
    assert stage.held()
    assert_the_ledger_is_right(stage)


def test_a_person_sees_the_difference_before_anything_is_sent(stage: Delivery) -> None:
    upload = stage.upload(stage.extract(), look_first=True)
    assert (upload.state, upload.stops) == ("held", [])
    assert upload.figures["groups_new"] > 0
    assert (upload.folder / "difference.csv").is_file()
    assert stage.held() == {}
    agree(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "done"
    assert_the_ledger_is_right(stage)


def test_the_difference_calls_students_and_users_by_name(stage: Delivery) -> None:
    upload = stage.upload(stage.extract(), look_first=True)
    named = {row["value"]: row["name"] for row in read_difference_rows(stage.people.ada, upload.pk)}
    assert named["7000000001"] == "Alba, Ada"
    assert named["ana@fig.example"] == "Ruiz, Ana"


def test_what_a_person_does_not_want_is_not_sent(stage: Delivery) -> None:
    upload = stage.upload(stage.extract(), look_first=True)
    cancel(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "cancelled"
    assert stage.held() == {}
    with pytest.raises(RequestStop, match="is no longer waiting for that"):
        agree(stage.people.ada, upload.pk)


def test_groups_that_are_gone_are_retired_after_the_new_ones_are_there(stage: Delivery) -> None:
    profile = stage.profile(name_pattern="teacher_period")
    stage.upload(stage.extract(profile))
    old = set(stage.held())
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "name_pattern": "teacher_section"})
    upload = stage.upload(stage.extract(profile))
    assert [(part.retires, part.state) for part in stage.parts(upload.pk)] == [(False, "done"), (True, "done")]
    assert upload.figures["groups_retired"] == len(old)
    assert not old & set(stage.held())
    assert_the_ledger_is_right(stage)


def test_groups_of_other_profiles_stay(stage: Delivery) -> None:
    stage.upload(stage.extract(stage.profile(schools=["10"])))
    before = stage.held()
    stage.upload(stage.extract(stage.profile(schools=["20"])))
    assert before.items() <= stage.held().items()
    assert_the_ledger_is_right(stage)


def test_too_much_that_goes_waits_for_a_yes(stage: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.core.safety.FEW", 0)
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    before = stage.held()
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["20"]})
    upload = stage.upload(stage.extract(profile))
    assert upload.state == "held"
    assert "student groups that CERS holds in these groups would go" in upload.stops[0]
    assert stage.held() == before
    agree(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "done"
    assert_the_ledger_is_right(stage)


def test_a_yes_holds_for_what_was_shown_only(stage: Delivery) -> None:
    first = stage.upload(stage.extract(stage.profile(schools=["10"])), look_first=True)
    with lea_scope(stage.lea_id):
        agreed = agree(stage.people.ada, first.pk)
        assert agreed.ledger is None
        other = stage.extract(stage.profile(schools=["20"]))
    assert stage.record(first.pk).state == "done"
    second = stage.upload(other, look_first=True)
    third = stage.upload(stage.extract(stage.profile(type="grade", schools=["30"], name="G", name_pattern=None)))
    assert third.state == "done"
    with pytest.raises(RequestStop, match=r"A later upload .* has gone out meanwhile"):
        agree(stage.people.ada, second.pk)


def test_a_group_of_another_profile_that_stands_for_something_else_stops_it(stage: Delivery) -> None:
    stage.upload(stage.extract(stage.profile(name="English", subject="ELA")))
    before = stage.held()
    upload = stage.upload(stage.extract(stage.profile(name="Maths", subject="Math")))
    assert upload.state == "stopped"
    assert "from another profile and would be overwritten" in upload.why
    assert "“English” gave with another subject" in upload.why
    assert stage.held() == before


def test_a_refused_file_is_told_with_the_receivers_words_and_changes_nothing(stage: Delivery) -> None:
    stage.sandbox.store.warehouse.known = stage.sandbox.store.warehouse.known.__class__(
        frozenset({"99999999999999"}), frozenset({2027}), ("Math", "ELA")
    )
    upload = stage.upload(stage.extract())
    assert upload.state == "refused"
    [part] = stage.parts(upload.pk)
    assert (part.state, part.status) == ("refused", "BAD_DATA")
    assert "can not be found" in part.message
    assert in_ledger(stage) == {}


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_bytes(stage: Delivery) -> None:
    stage.sandbox.control(lose_next=1)
    upload = stage.upload(stage.extract())
    assert upload.state == "sending"
    assert "The next try is at" in upload.why
    [part] = stage.parts(upload.pk)
    digest = part.digest
    upload = run_the_waiting_job(stage, upload)
    [part] = stage.parts(upload.pk)
    assert (upload.state, part.state, part.tries, part.digest) == ("done", "done", 2, digest)
    assert_the_ledger_is_right(stage)


def test_a_receiver_that_is_down_is_waited_for(stage: Delivery) -> None:
    stage.sandbox.control(fail_next=9, fail_status=503, fail_what="upload", retry_after=3600)
    upload = stage.upload(stage.extract())
    assert upload.state == "sending"
    [job] = ProcrastinateJob.objects.filter(task_name="deliver_upload")
    assert job.status == "todo"
    stage.sandbox.control(fail_next=0)
    upload = run_the_waiting_job(stage, upload)
    assert upload.state == "done"


def test_later_uploads_wait_for_earlier_ones(stage: Delivery) -> None:
    stage.sandbox.control(fail_next=1, fail_status=503, fail_what="upload", retry_after=3600)
    profile = stage.profile()
    first = stage.upload(stage.extract(profile))
    second = stage.upload(stage.extract(profile))
    assert (first.state, second.state) == ("sending", "queued")
    run_the_waiting_job(stage, first)
    assert (stage.record(first.pk).state, stage.work(second.pk).state) == ("done", "done")


def test_credentials_that_are_refused_end_it_with_what_to_do(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        record = Credential.objects.get()
        record.keep({"password": "wrong", "client_secret": "sandbox"})
        record.save()
    upload = stage.upload(stage.extract())
    assert upload.state == "failed"
    assert "does not accept user name and password" in upload.why
    assert "wrong" not in upload.why.replace("wrongly", "")


def test_without_a_credential_nothing_is_sent(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        Credential.objects.all().delete()
    upload = stage.upload(stage.extract())
    assert upload.state == "failed"
    assert upload.why.startswith("No credential for CERS is there for the schools 10, 20.")


def test_schools_with_a_credential_of_their_own_are_sent_with_it(stage: Delivery) -> None:
    stage.credential("Fig High's", schools=["10"])
    upload = stage.upload(stage.extract())
    parts = stage.parts(upload.pk)
    assert [part.state for part in parts] == ["done", "done"]
    assert len({part.credential_id for part in parts}) == 2
    whole = (upload.extract.folder / "extract-1.csv").read_text().splitlines() if upload.extract else []
    sent = [line for part in parts for line in part.path.read_text().splitlines()[1:]]
    assert sorted(sent) == sorted(whole[1:])
    assert_the_ledger_is_right(stage)


def test_groups_of_a_school_that_was_closed_are_emptied_with_its_own_credential(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        Credential.objects.all().delete()
    own = {stage.credential(f"Of {school}", schools=[school]) for school in ("10", "20")}
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["20"]})
    extract = stage.extract(profile)
    with lea_scope(stage.lea_id):
        School.objects.filter(school_id="10").delete()
    upload = stage.upload(extract)
    parts = stage.parts(upload.pk)
    assert (upload.state, {part.credential_id for part in parts}) == ("done", own)
    assert_the_ledger_is_right(stage)


def test_bytes_that_were_sent_before_the_last_ones_are_varied(stage: Delivery) -> None:
    profile = stage.profile(schools=["10"])
    a = stage.extract(profile)
    stage.upload(a)
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["10"], "users": {"roles": ["primary"]}})
    stage.upload(stage.extract(profile))
    save_profile(stage.people.ada, profile, 2, {**CLASSES, "schools": ["10"]})
    again = stage.upload(stage.extract(profile))
    assert [part.variation for part in stage.parts(again.pk)][:1] == [1]
    assert_the_ledger_is_right(stage)


def test_the_same_upload_again_sends_the_same_bytes(stage: Delivery) -> None:
    extract = stage.extract()
    first, second = stage.upload(extract), stage.upload(extract)
    assert [p.digest for p in stage.parts(first.pk)] == [p.digest for p in stage.parts(second.pk)]
    assert (second.state, second.figures["groups_unchanged"]) == ("done", second.figures["groups_before"])


def test_a_file_uploaded_by_hand_counts_once_a_person_says_so(stage: Delivery) -> None:
    upload = stage.upload(stage.extract(), by_hand=True)
    assert upload.state == "ready"
    assert in_ledger(stage) == {}
    for part in stage.parts(upload.pk):
        stage.sandbox.store.warehouse.upload(part.path.read_bytes())
    mark_uploaded(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "done"
    assert_the_ledger_is_right(stage)


def test_what_a_deleted_profile_gave_is_retired_on_request(stage: Delivery) -> None:
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    delete_profile(stage.people.ada, profile)
    upload = stage.work(retire_groups(stage.people.ada).pk)
    assert (upload.state, upload.figures["groups_retired"]) == ("held", upload.figures["groups_before"])
    agree(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "done"
    assert stage.held() == {}
    assert_the_ledger_is_right(stage)


def test_what_a_deleted_profile_gave_is_retired_by_hand_where_uploads_are_off(stage: Delivery) -> None:
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    delete_profile(stage.people.ada, profile)
    change_settings(stage.people.ada, uploads_enabled=False)
    upload = stage.work(retire_groups(stage.people.ada).pk)
    assert (upload.state, upload.by_hand) == ("ready", True)
    for part in stage.parts(upload.pk):
        stage.sandbox.store.warehouse.upload(part.path.read_bytes())
    mark_uploaded(stage.people.ada, upload.pk)
    assert stage.work(upload.pk).state == "done"
    assert stage.held() == {}
    assert_the_ledger_is_right(stage)


def test_what_goes_is_listed_with_the_reason(stage: Delivery) -> None:
    profile = stage.profile()
    stage.upload(stage.extract(profile))
    save_profile(stage.people.ada, profile, 1, {**CLASSES, "schools": ["20"]})
    given = why_retired(stage, stage.upload(stage.extract(profile)))
    assert given == {("99100000000010", "“Classes” gives it no longer.")}
    delete_profile(stage.people.ada, profile)
    deleted = why_retired(stage, stage.work(retire_groups(stage.people.ada).pk))
    assert deleted == {("99100000000020", "The profile that gave it is deleted.")}


def why_retired(stage: Delivery, upload: Upload) -> set[tuple[str, str]]:
    with lea_scope(stage.lea_id):
        groups = read_retired_groups(stage.people.ada, upload.pk, 1000)
    assert len(groups) == upload.figures["groups_retired"]
    assert all(group.students and group.users for group in groups)
    return {(group.school, group.why) for group in groups}


def test_there_may_be_nothing_to_retire(stage: Delivery) -> None:
    upload = stage.work(retire_groups(stage.people.ada, 2026).pk)
    assert (upload.state, upload.why) == ("failed", "There is nothing to send: no group is left to be emptied.")


def run_the_waiting_job(stage: Delivery, upload: Upload) -> Upload:
    """As if the time of the next try had come."""
    ProcrastinateJob.objects.filter(task_name="deliver_upload", status="todo").update(scheduled_at=None)
    return stage.work(upload.pk)
