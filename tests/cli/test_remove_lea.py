"""An LEA that is removed is gone from every table and the disk; the other one has not changed."""

import io
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from cersgroups.actions.actor import actor_for
from cersgroups.actions.api_token import create_token
from cersgroups.actions.draft import start_draft
from cersgroups.actions.person import invite, remove
from cersgroups.actions.removal import find_lea, remove_lea
from cersgroups.cli import remove_lea as command
from cersgroups.cli.main import main
from cersgroups.core.error import DataStop, NotThere, RequestStop
from cersgroups.records.bucket import Bucket
from cersgroups.records.extract import Extract
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import RemovedLea
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from cersgroups.records.server import embedded_server
from tests.actions.test_diagnosis import beat
from tests.bucket import s3_server
from tests.jobs.delivery import Delivery, delivery
from tests.people import People, email_of, make_people, person_named
from tests.roster import give_roster

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def stage(stored_snapshot: Path) -> Iterator[Delivery]:
    with delivery(stored_snapshot) as stage:
        beat()
        give_roster(stage.people.other_lea_id, stored_snapshot)
        stage.upload(stage.extract())
        yield stage


def rows(lea_id: int) -> dict[str, int]:
    """By table, how many rows of the LEA nobody but the superuser sees."""
    database = connections["owner"].settings_dict["NAME"]
    with psycopg.connect(embedded_server().url("postgres", database)) as server:
        tables = server.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'lea_id'")
        counts = {table: _count(server, table, lea_id) for (table,) in tables.fetchall()}
    return {table: count for table, count in counts.items() if count}


def _count(server: psycopg.Connection, table: str, lea_id: int) -> int:
    row = server.execute(f"SELECT count(*) FROM {table} WHERE lea_id = {lea_id}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_everything_of_it_goes_and_nothing_of_another(stage: Delivery) -> None:
    other = rows(stage.people.other_lea_id)
    assert {"audit_entry", "upload", "ledger", "credential", "profile", "membership"} <= set(rows(stage.lea_id))
    remove_lea(stage.lea_id, "root")
    assert rows(stage.lea_id) == {}
    assert rows(stage.people.other_lea_id) == other
    assert not (data_folder() / "leas" / str(stage.lea_id)).exists()
    assert (data_folder() / "leas" / str(stage.people.other_lea_id)).exists()
    assert list(Person.objects.values_list("email", flat=True)) == [email_of("olga")]
    assert [(left.number, left.removed_by) for left in RemovedLea.objects.all()] == [(stage.lea_id, "root")]


def test_what_a_bucket_has_of_it_goes_too_and_of_no_other(
    stored_snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An LEA whose number begins with the same digits is another one."""
    with s3_server(monkeypatch) as bucket, delivery(stored_snapshot) as stage:
        beat()
        mine, other = f"leas/{stage.lea_id}", f"leas/{stage.lea_id}0"
        with lea_scope(stage.lea_id):
            folder = Extract.objects.get(pk=stage.extract()).folder
        bucket.put(folder, f"{other}/extracts/1")
        assert leas_in(bucket) == {mine, other}
        remove_lea(stage.lea_id, "root")
        assert leas_in(bucket) == {other}


def leas_in(bucket: Bucket) -> set[str]:
    found = bucket.client.list_objects_v2(Bucket=bucket.name)["Contents"]
    return {"/".join(one["Key"].removeprefix(bucket.prefix).split("/")[:2]) for one in found}


def test_a_word_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["remove-lea", "Willow"])
    assert "'Willow' is no LEA's number. `cersgroups leas` lists them." in capsys.readouterr().err


def test_its_name_must_be_typed(
    stage: Delivery, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lea = find_lea(stage.lea_id)
    assert lea is not None
    before = rows(stage.lea_id)
    for typed in ("", "yes\n", "live oak unified\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(RequestStop, match="Nothing was removed"):
            command._confirm(lea.name)
    monkeypatch.setattr("sys.stdin", io.StringIO("Live Oak Unified\n"))
    command._confirm(lea.name)
    assert "This removes Live Oak Unified for good" in capsys.readouterr().err
    assert rows(stage.lea_id) == before


def test_an_interrupted_removal_is_finished_by_the_next(stage: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cersgroups.actions.removal.shutil.rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            remove_lea(stage.lea_id, "root")
    assert (data_folder() / "leas" / str(stage.lea_id)).exists()
    assert find_lea(stage.lea_id) is None
    remove_lea(stage.lea_id, "root")
    assert not (data_folder() / "leas" / str(stage.lea_id)).exists()


def test_a_job_that_is_being_done_is_waited_for(stage: Delivery) -> None:
    before = rows(stage.lea_id)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('default', 'x', "
            "jsonb_build_object('lea_id', %s), 'doing')",
            [stage.lea_id],
        )
    with pytest.raises(RequestStop, match="is being done"):
        remove_lea(stage.lea_id, "root")
    assert rows(stage.lea_id) == before


@pytest.mark.parametrize("left", ["nothing", "a token", "a draft"])
def test_somebody_whom_another_lea_still_names_stays(left: str) -> None:
    """They were there once; its audit entries have been forgotten since."""
    people = make_people()
    invite(people.olga, email_of("vera"), "Vera", "administer")
    vera = person_named("vera")
    there = actor_for(vera, people.other_lea_id)
    if left == "a token":
        create_token(there, "old", ["read"], 1)
    elif left == "a draft":
        start_draft(there, {"name": "Old"})
    remove(people.olga, vera.pk)
    forget_entries(people.other_lea_id)
    other = rows(people.other_lea_id)
    remove_lea(people.lea_id, "root")
    assert rows(people.other_lea_id) == other
    assert Person.objects.filter(pk=vera.pk).exists() == (left != "nothing")


def test_who_did_something_and_left_before_goes_too(people: People) -> None:
    create_token(people.vera, "mine", ["read"], 1)
    remove(people.ada, people.vera.person_id)
    remove_lea(people.lea_id, "root")
    assert list(Person.objects.values_list("email", flat=True)) == [email_of("olga")]


def forget_entries(lea_id: int) -> None:
    """As retention does after a year."""
    database = connections["owner"].settings_dict["NAME"]
    with psycopg.connect(embedded_server().url("postgres", database)) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(f"DELETE FROM audit_entry WHERE lea_id = {lea_id}".encode())


def test_files_that_stay_are_told(stage: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cersgroups.actions.removal.shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(DataStop, match=r"files could not be, such as .*/leas/.*run the same command again"):
            remove_lea(stage.lea_id, "root")
    remove_lea(stage.lea_id, "root")
    assert not (data_folder() / "leas" / str(stage.lea_id)).exists()


def test_an_lea_that_never_was_is_told(stage: Delivery) -> None:
    with pytest.raises(NotThere, match="There is no LEA 999999"):
        find_lea(999_999 + stage.lea_id * 0)
