"""The doctor says in a sentence what is wrong, and what to do; of what is well it says so."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.diagnosis import look
from cersgroups.cli.main import main
from cersgroups.core.diagnosis import Symptom, numbered_leas
from cersgroups.core.error import RequestStop
from cersgroups.records.credential import Credential
from cersgroups.records.encryption_key import encryption_file
from cersgroups.records.folder import data_folder, lea_folder
from cersgroups.records.given_up_job import GivenUpJob
from cersgroups.records.last_backup import LastBackup, remember_backup
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.cli.installation import installation
from tests.jobs.delivery import Delivery, delivery
from tests.mailbox import mail_server

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def stage(stored_snapshot: Path) -> Iterator[Delivery]:
    """An LEA that delivers, and a worker that is heard of."""
    with delivery(stored_snapshot) as stage:
        beat()
        yield stage


def beat() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def found(name: str) -> Symptom:
    """The worst that is said about this point."""
    order = ("ok", "warning", "fault")
    return max((s for s in look() if s.name == name), key=lambda s: order.index(s.verdict))


def test_an_installation_that_is_well_has_no_fault(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        Snapshot.objects.update(taken_at=timezone.now())
    wrong = {s.name: s.sentence for s in look() if s.verdict != "ok"}
    assert set(wrong) <= {"backup", "disk", "mail", "rosters"}
    assert wrong["rosters"] == f"There is no roster yet of LEA {stage.people.other_lea_id}."


def test_no_worker_is_a_fault_and_a_job_that_waits_is_told(stage: Delivery) -> None:
    stage.profile()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'x') RETURNING id")
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '2 hours'")
    assert found("workers").verdict == "fault"
    assert "Start cersgroups serve" in found("workers").sentence
    assert (found("queue").verdict, "120 minutes" in found("queue").sentence) == ("fault", True)
    beat()
    assert (found("workers").verdict, found("queue").verdict) == ("ok", "warning")


@pytest.mark.parametrize(("days", "verdict"), [(1, "warning"), (8, "ok")])
def test_a_job_that_was_given_up_is_told_for_a_week(stage: Delivery, days: int, verdict: str) -> None:  # noqa: ARG001
    GivenUpJob.objects.create(task="clean_up", count=12, last_at=timezone.now() - timedelta(days=days))
    assert found("jobs").verdict == verdict
    if verdict == "warning":
        assert "clean_up failed and was given up on" in found("jobs").sentence
        assert "12 times in all. The worker's log says where" in found("jobs").sentence


@pytest.mark.parametrize(("days", "verdict"), [(-1, "fault"), (0, "warning"), (30, "warning"), (31, "ok")])
def test_a_credential_that_ends_is_told_before_and_after(stage: Delivery, days: int, verdict: str) -> None:
    with lea_scope(stage.lea_id):
        Credential.objects.update(expires_on=timezone.localdate() + timedelta(days=days))
    assert found("credentials").verdict == verdict
    if verdict != "ok":
        assert f"LEA {stage.lea_id}" in found("credentials").sentence


def test_keys_that_open_nothing_are_a_fault(stage: Delivery) -> None:
    kept = encryption_file().read_text()
    encryption_file().unlink()
    try:
        assert "encryption_key is gone" in found("data folder").sentence
        assert (found("keys").verdict, f"LEA {stage.lea_id}" in found("keys").sentence) == ("fault", True)
    finally:
        encryption_file().write_text(kept)


def test_an_old_roster_and_one_that_failed_are_warnings(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        Snapshot.objects.update(taken_at=timezone.now() - timedelta(days=9))
        Snapshot.objects.create(lea_id=stage.lea_id, state="failed")
    sentences = [s.sentence for s in look() if s.verdict == "warning"]
    assert [s for s in sentences if s.startswith(f"The roster of LEA {stage.lea_id} is older than 8 days")]
    assert found("sources").sentence.startswith(f"The last roster of LEA {stage.lea_id} could not be used")


@pytest.mark.usefixtures("stage")
def test_tables_of_another_version_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.actions.diagnosis.missing_migrations", lambda: [("records", "9999_x")])
    assert "1 changes of the tables are missing" in found("tables").sentence
    monkeypatch.setattr("cersgroups.actions.diagnosis.unknown_migrations", lambda: [("records", "9999_x")])
    assert "A newer version has used this database (records.9999_x)" in found("tables").sentence


@pytest.mark.usefixtures("stage")
def test_the_role_is_well_that_cannot_become_the_tables_owner() -> None:
    assert found("role").verdict == "ok"


@pytest.mark.thorough
def test_with_one_url_the_application_could_become_the_owner_and_with_two_it_cannot(tmp_path: Path) -> None:
    """As docs/install.md says; with two the owner needs no right to the application's role."""
    with installation(tmp_path / "other") as other:
        made = other.run("-m", "cersgroups", "manage", "migrate", "--database", "owner", **other.two_urls())
        assert made.returncode == 0, made.stderr
        for variables, verdict in (({}, "warning"), (other.two_urls(), "ok")):
            said = json.loads(other.run("-m", "cersgroups", "doctor", "--json", **variables).stdout)
            assert {s["name"]: s["verdict"] for s in said["symptoms"]}["role"] == verdict


@pytest.mark.usefixtures("stage")
def test_clocks_that_differ_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.actions.diagnosis.time", lambda: 0.0)
    assert (found("clock").verdict, "differ by" in found("clock").sentence) == ("fault", True)


@pytest.mark.usefixtures("stage")
def test_a_mail_server_that_does_not_answer_is_a_fault_and_one_that_does_is_well(settings: Settings) -> None:
    for none in ("django.core.mail.backends.console.EmailBackend", "cersgroups.records.mail.UnsentMail"):
        settings.EMAIL_BACKEND = none
        assert found("mail").verdict == "warning"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "127.0.0.1:1 cannot be used" in found("mail").sentence
    with mail_server(settings):
        assert found("mail").verdict == "ok"


@pytest.mark.parametrize(("free", "verdict"), [(1, "fault"), (2 << 30, "warning"), (6 << 30, "ok")])
@pytest.mark.usefixtures("stage")
def test_a_disk_that_fills_is_told(monkeypatch: pytest.MonkeyPatch, free: int, verdict: str) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr("cersgroups.actions.diagnosis.shutil.disk_usage", lambda _path: usage)
    assert found("disk").verdict == verdict


@pytest.mark.parametrize(
    ("hours", "faults", "verdict", "words"),
    [
        (3, 0, "ok", "3 hours ago, and is whole"),
        (50, 0, "warning", "made 2 days ago"),
        (3, 1, "fault", "a file was missing or damaged"),
    ],
)
@pytest.mark.usefixtures("stage")
def test_how_old_the_last_backup_is_and_whether_it_is_whole(hours: int, faults: int, verdict: str, words: str) -> None:
    remember_backup(LastBackup((timezone.now() - timedelta(hours=hours)).isoformat(), faults))
    assert found("backup").verdict == verdict
    assert words in found("backup").sentence


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"made_at": "yesterday", "faults": 0}'])
@pytest.mark.usefixtures("stage")
def test_that_there_was_no_backup_is_a_warning(content: str | None) -> None:
    file = data_folder() / "last_backup.json"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_text(content)
    assert (found("backup").verdict, "No backup was made here" in found("backup").sentence) == ("warning", True)


def test_a_folder_that_others_can_reach_is_a_fault(stage: Delivery) -> None:
    folder = lea_folder(stage.lea_id)
    folder.chmod(0o750)
    try:
        assert f"Run: chmod 700 {folder}" in found("data folder").sentence
    finally:
        folder.chmod(0o700)


def test_what_is_no_folder_among_them_is_a_fault(stage: Delivery) -> None:
    stray = lea_folder(stage.lea_id).with_name("9999")
    stray.symlink_to("/nowhere")
    try:
        assert found("data folder").sentence.startswith(f"{stray}: is no folder")
    finally:
        stray.unlink()


def test_settings_that_are_unsafe_are_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise RequestStop("These settings are unsafe, nothing was started:\n  CERSGROUPS_DEBUG ...")

    monkeypatch.setattr("cersgroups.cli.doctor.application", refuse)
    assert main(["doctor", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["symptoms"][0]["name"]) == (False, "settings")


def test_many_leas_are_counted() -> None:
    assert numbered_leas([7]) == "LEA 7"
    assert numbered_leas([7, 9]) == "the LEAs 7, 9"
    assert numbered_leas(list(range(1, 1001))) == "the LEAs 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 990 more"
