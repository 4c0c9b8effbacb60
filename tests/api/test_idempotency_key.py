"""Idempotency-Key: the same request is done once, however often it comes, also two at once and after a kill."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from cersgroups.actions.api_token import revoke_token
from cersgroups.actions.idempotency_key import KEPT, forget_answers
from cersgroups.jobs.due import do_due
from cersgroups.records.api_token import ApiToken
from cersgroups.records.due import Due
from cersgroups.records.idempotency_key import IdempotencyKey
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.api.program import Program, program_of
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import CLASSES, GRADES
from tests.roster import roster_zip

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "5c3c1d2e"}


def names(people: People) -> list[str]:
    with lea_scope(people.lea_id):
        return sorted(Profile.objects.values_list("name", flat=True))


def test_the_same_request_again_is_answered_the_same_and_not_done_again(people: People) -> None:
    program = program_of(people.ada)
    first, again = (program.post("/profiles", CLASSES, **KEY) for _ in range(2))
    assert (first.status_code, first.content, first["ETag"]) == (again.status_code, again.content, again["ETag"])
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert names(people) == ["Classes"]


def test_without_a_key_it_is_done_again(people: People) -> None:
    program = program_of(people.ada)
    for _ in range(2):
        program.post("/profiles", CLASSES)
    assert names(people) == ["Classes", "Classes"]


def test_the_key_with_another_request_is_refused(people: People) -> None:
    program = program_of(people.ada)
    program.post("/profiles", CLASSES, **KEY)
    answer = program.post("/profiles", GRADES, **KEY)
    assert (answer.status_code, "another request" in answer.json()["detail"]) == (422, True)
    assert program.post("/extracts", CLASSES, **KEY).status_code == 422
    assert names(people) == ["Classes"]


def test_another_tokens_key_is_another(people: People) -> None:
    for name in ("One", "Other"):
        program_of(people.ada, name=name).post("/profiles", CLASSES, **KEY)
    assert len(names(people)) == 2


def test_what_was_refused_leaves_the_key_free(people: People) -> None:
    program = program_of(people.ada)
    assert program.post("/profiles", {**CLASSES, "schools": []}, **KEY).status_code == 400
    assert program.post("/profiles", CLASSES, **KEY).status_code == 201


def test_a_kept_answer_is_not_given_to_whom_it_is_refused_by_now(people: People) -> None:
    from cersgroups.actions.person import remove

    program = program_of(people.alma)
    program.post("/profiles", CLASSES, **KEY)
    remove(people.ada, people.alma.person_id)
    assert program.post("/profiles", CLASSES, **KEY).status_code == 401


@pytest.mark.parametrize("key", ["", "x" * 256, "ü", "a\tb"])
def test_a_key_that_cannot_be_is_told(people: People, key: str) -> None:
    answer = program_of(people.ada).post("/profiles", CLASSES, **{"Idempotency-Key": key})
    assert answer.status_code == 400
    assert names(people) == []


def test_a_roster_that_is_sent_again_is_one_snapshot(people: People) -> None:
    """Though a program cuts the form with another boundary each time."""
    program, packed = program_of(people.ada), roster_zip()
    for boundary in ("one", "two"):
        content = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="roster"; filename="r.zip"\r\n'
            "Content-Type: application/zip\r\n\r\n"
        ).encode() + packed
        answer = program.client.post(
            "/api/v1/snapshots",
            content + f"\r\n--{boundary}--\r\n".encode(),
            f"multipart/form-data; boundary={boundary}",
            headers=KEY,
        )
        assert answer.status_code == 201
    other = {"roster": SimpleUploadedFile("r.zip", packed + b"x")}
    assert program.send("/snapshots", other, **KEY).status_code == 422
    with lea_scope(people.lea_id):
        [snapshot] = Snapshot.objects.all()
    assert [path.name for path in (snapshot.received / "roster").iterdir()] == ["r.zip"]
    assert (snapshot.received / "roster" / "r.zip").read_bytes() == packed


def test_a_key_is_kept_for_two_days(people: People) -> None:
    program = program_of(people.ada)
    program.post("/profiles", CLASSES, **KEY)
    age(people, hours=47)
    assert program.post("/profiles", CLASSES, **KEY)["Idempotency-Replayed"] == "true"
    age(people, hours=49)
    assert "Idempotency-Replayed" not in program.post("/profiles", CLASSES, **KEY)


def age(people: People, *, hours: int) -> None:
    with lea_scope(people.lea_id):
        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=hours))


def test_killed_before_it_was_all_done_nothing_was(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the program ended between the change and the kept answer: both are in one transaction."""
    program = program_of(people.ada)
    with monkeypatch.context() as broken:
        broken.setattr(IdempotencyKey, "save", killed)
        with pytest.raises(Killed):
            program.post("/profiles", CLASSES, **KEY)
    assert names(people) == []
    assert program.post("/profiles", CLASSES, **KEY).status_code == 201
    assert names(people) == ["Classes"]


class Killed(BaseException):
    pass


def killed(record: IdempotencyKey, *_arguments: object, **more: object) -> None:
    if not more.get("force_insert"):
        raise Killed
    super(IdempotencyKey, record).save(*_arguments, **more)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_done_once_and_answered_the_same() -> None:
    people = make_people()
    program, answers = program_of(people.ada), []

    def ask() -> None:
        with closed_connection():
            answers.append(Program(program.text).post("/profiles", CLASSES, **KEY))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
    assert names(people) == ["Classes"]


@contextmanager
def closed_connection() -> Iterator[None]:
    """Each thread has its own, which nobody else closes."""
    try:
        yield
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_answers_go_after_48_hours_although_nobody_asks_any_more_and_the_token_is_revoked() -> None:
    people = make_people()
    program_of(people.ada).post("/profiles", CLASSES, **KEY)
    with lea_scope(people.lea_id):
        token = ApiToken.objects.get().pk
    revoke_token(people.ada, token)
    program_of(people.ada, name="Other").post("/profiles", GRADES, **KEY)
    with lea_scope(people.lea_id):
        IdempotencyKey.objects.filter(token_id=token).update(created_at=timezone.now() + timedelta(hours=1))
    do_due(timezone.now() + timedelta(hours=47, minutes=30))
    with lea_scope(people.lea_id):
        assert IdempotencyKey.objects.count() == 2, "it is not time yet"
    for hours in (48, 49):
        do_due(timezone.now() + timedelta(hours=hours, minutes=1))
        with lea_scope(people.lea_id):
            assert IdempotencyKey.objects.count() == 49 - hours


@pytest.mark.django_db(transaction=True)
def test_an_answer_of_the_moment_in_which_the_last_ones_go_is_not_forgotten() -> None:
    """Its request saw that the clock looks already, and planned nothing."""
    people = make_people()
    program_of(people.ada).post("/profiles", CLASSES, **KEY)
    gone = timezone.now() + timedelta(hours=48, minutes=1)
    do_due(gone)
    with lea_scope(people.lea_id):
        assert not IdempotencyKey.objects.exists()
    assert Due.objects.get(what="answers").at == gone + KEPT


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_an_answer_that_a_request_holds() -> None:
    """The one task that does what is due is of all LEAs, and an upload takes minutes."""
    people = make_people()
    program = program_of(people.ada)
    program.post("/profiles", CLASSES, **KEY)
    program.post("/profiles", GRADES, **{"Idempotency-Key": "free"})
    later = timezone.now() + timedelta(hours=49)
    with connect_as_owner() as owner, owner.transaction():
        owner.execute("SELECT set_config('cersgroups.lea', %s, true)", [str(people.lea_id)])
        held = owner.execute("SELECT key FROM idempotency_key WHERE key = '5c3c1d2e' FOR UPDATE").fetchall()
        assert len(held) == 1
        with lea_scope(people.lea_id), transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '2s'")
            again = forget_answers(people.lea_id, later)
            assert [kept.key for kept in IdempotencyKey.objects.all()] == ["5c3c1d2e"]
    assert again < later, "it is looked at again at once"
    do_due(later)
    with lea_scope(people.lea_id):
        assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_answers_that_are_kept_already_go_after_the_migration() -> None:
    people = make_people()
    program_of(people.ada).post("/profiles", CLASSES, **KEY)
    Due.objects.all().delete()
    with connect_as_owner() as owner, owner.transaction():
        owner.execute(import_module("cersgroups.records.migrations.0023_kept_answers").PLAN)
    assert [due.lea_id for due in Due.objects.filter(what="answers")] == [people.lea_id]
