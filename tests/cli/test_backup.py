"""A backup, restored into an empty installation of another owner, is what it was made of, and works."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from cersgroups.actions.api_token import create_token
from cersgroups.actions.backup import write_backup
from cersgroups.actions.restoration import Settled, read_backup, settle
from cersgroups.cli.main import main
from cersgroups.core.backup import Backup, unpack
from cersgroups.core.error import DataStop
from cersgroups.records.api_token import ApiToken
from cersgroups.records.audit import AuditEntry
from cersgroups.records.dump import SHUT
from cersgroups.records.extract import Extract
from cersgroups.records.folder import data_folder
from cersgroups.records.last_backup import last_backup
from cersgroups.records.ledger import Ledger, current_ledger
from cersgroups.records.named_file import NamedFolder, named_folders
from cersgroups.records.scope import lea_scope
from cersgroups.records.server import OWNER, embedded_server
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import hand_over
from tests.bucket import s3_server
from tests.cli.installation import DATABASE, Installation, content, installation
from tests.jobs.delivery import Delivery, delivery
from tests.owner import connect_as_owner
from tests.people import PASSWORD, email_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LEFT_OUT = {"django_session", "cache_entry"}

BUILD = """
import sys
from datetime import date
from cersgroups.cli.application import application
with application():
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.extract import create_extracts
    from cersgroups.jobs.worker import run_worker
    from cersgroups.records.extract import Extract
    from cersgroups.records.person import Person
    from cersgroups.records.scope import lea_scope
    lea, profile = map(int, sys.argv[1:])
    ada = actor_for(Person.objects.get(email="ada@live-oak.example"), lea)
    [made] = create_extracts(ada, [profile], as_of=date(2026, 11, 23))
    run_worker(wait=False)
    with lea_scope(lea):
        print((Extract.objects.get(pk=made.pk).folder / "extract-1.csv").read_text(), end="")
"""

KILLED = """
import os, sys
from cersgroups.cli import main, restore
restore.migrate = lambda: os.kill(os.getpid(), 9)
main.main(sys.argv[1:])
"""

STATE = """
import sys
from cersgroups.cli.application import application
with application():
    from cersgroups.records.audit import AuditEntry
    from cersgroups.records.lea import Lea
    from cersgroups.records.scope import lea_scope
    with lea_scope(int(sys.argv[1])):
        print(Lea.objects.get().uploads_enabled, AuditEntry.objects.first().action)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "other") as other:
        yield other


def progress(_what: str, _share: float) -> None: ...


def back_up(folder: Path, *, with_keys: bool = False) -> tuple[Path, Backup]:
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    file = folder / "backup.zip"
    file.unlink(missing_ok=True)
    return file, write_backup(file, work, progress, with_keys=with_keys)


def tree(data: Path) -> dict[str, bytes]:
    return {str(p.relative_to(data)): p.read_bytes() for p in (data / "leas").rglob("*") if p.is_file()}


def test_everything_comes_back_and_builds_the_same_file(stage: Delivery, other: Installation, tmp_path: Path) -> None:
    profile = stage.profile()
    extract = stage.extract(profile)
    upload = stage.upload(extract)
    file, backup = back_up(tmp_path, with_keys=True)
    assert (backup.leas, backup.faults) == (2, [])
    done = other.run("-m", "cersgroups", "restore", str(file), "--with-uploads")
    assert done.returncode == 0, done.stderr
    before, after = (content(connections["owner"].settings_dict["NAME"]), content(DATABASE))
    assert {table for table in before if before[table] != after[table]} - LEFT_OUT == {"audit_entry"}
    saved, restored = tree(data_folder()), tree(other.data)
    assert restored.items() <= saved.items()
    for path in (f"extracts/{extract}/extract-1.csv", f"uploads/{upload.pk}/extract-1.csv", "manifest.json"):
        assert any(name.endswith(path) for name in restored), path
    built = other.run("-c", BUILD, str(stage.lea_id), str(profile))
    assert built.stdout == (stage.record(upload.pk).folder / "extract-1.csv").read_text(), built.stderr


@pytest.mark.thorough
def test_a_restored_installation_uploads_nothing_until_somebody_says_so_and_is_not_replaced(
    stage: Delivery, other: Installation, tmp_path: Path
) -> None:
    """The one that the backup is of may still run."""
    create_token(stage.people.ada, "a program", ["read"], 30)
    file, _backup = back_up(tmp_path)
    done = other.run("-m", "cersgroups", "restore", str(file))
    assert "Uploads are switched off" in done.stderr
    assert "all API tokens are revoked (1)" in done.stderr
    assert "Let each LEA's admin look through People" in done.stderr
    assert other.run("-c", STATE, str(stage.lea_id)).stdout == "False restore backup\n"
    before = content(DATABASE)
    again = other.run("-m", "cersgroups", "restore", str(file))
    assert (again.returncode, content(DATABASE)) == (2, before)
    assert "holds tables already" in again.stderr


@pytest.mark.parametrize(("more", "uploads"), [([], False), (["--with-uploads"], True)])
def test_a_restore_that_is_killed_once_the_database_is_loaded_leaves_nothing_that_uploads_or_lets_in(
    stage: Delivery, other: Installation, tmp_path: Path, more: list[str], *, uploads: bool
) -> None:
    create_token(stage.people.ada, "a program", ["read"], 30)
    file, _backup = back_up(tmp_path)
    done = other.run("-c", KILLED, "restore", str(file), *more)
    assert done.returncode == -9, done.stderr
    with psycopg.connect(embedded_server().url("postgres", DATABASE)) as server:
        states = server.execute("SELECT id, uploads_enabled FROM lea WHERE id = %s", [stage.lea_id]).fetchall()
        tokens = server.execute("SELECT name, revoked_at IS NULL FROM api_token").fetchall()
    assert states == [(stage.lea_id, uploads)]
    assert tokens == [("a program", uploads)]


def test_a_database_of_a_version_without_api_tokens_is_shut_too(stage: Delivery) -> None:
    with psycopg.connect(embedded_server().url(OWNER, connections["owner"].settings_dict["NAME"])) as owner:
        owner.execute("SELECT set_config('cersgroups.whole', 'on', true)")
        assert owner.execute("SELECT id FROM lea WHERE uploads_enabled").fetchall() == [(stage.lea_id,)]
        owner.execute("DROP TABLE api_token CASCADE")
        owner.execute(SHUT.format(at=timezone.now().isoformat()).encode())
        assert owner.execute("SELECT id FROM lea WHERE uploads_enabled").fetchall() == []
        owner.rollback()


def test_after_a_restore_nobody_is_let_in_by_what_may_have_been_taken_back_since(
    stage: Delivery, tmp_path: Path
) -> None:
    _file, backup = back_up(tmp_path)
    session = Client()
    session.post("/account/login/", {"login": email_of("ada"), "password": PASSWORD})
    for actor in (stage.people.ada, stage.people.olga):
        create_token(actor, "a program", ["read"], 30)
    assert settle(backup, shut_at=None) == Settled(2, 0)
    assert living_tokens(stage) == 2
    assert not UserSession.objects.exists()
    assert settle(backup, shut_at=timezone.now()) == Settled(2, 2)
    assert living_tokens(stage) == 0
    with lea_scope(stage.lea_id):
        assert AuditEntry.objects.all()[0].detail["revoked_API_tokens"] == 1


def living_tokens(stage: Delivery) -> int:
    count = 0
    for lea_id in (stage.lea_id, stage.people.other_lea_id):
        with lea_scope(lea_id):
            count += ApiToken.objects.filter(revoked_at=None).count()
    return count


@pytest.mark.thorough
def test_files_in_a_bucket_are_fetched_for_the_backup_and_put_into_the_new_bucket(
    stored_snapshot: Path, other: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(monkeypatch) as bucket, delivery(stored_snapshot) as stage:
        extract = stage.extract()
        with lea_scope(stage.lea_id):
            snapshot = Snapshot.objects.get()
            hand_over(snapshot.folder)
            shutil.rmtree(Extract.objects.get(pk=extract).folder)
        file, backup = back_up(tmp_path)
        assert backup.faults == []
        named = {
            "CERSGROUPS_BUCKET": bucket.name,
            "CERSGROUPS_BUCKET_ENDPOINT": bucket.endpoint,
            "CERSGROUPS_SECRET_KEY": settings.SECRET_KEY,
            "CERSGROUPS_ENCRYPTION_KEYS": (data_folder() / "encryption_key").read_text().strip(),
        }
        taken = other.run("-m", "cersgroups", "restore", str(file), **named, CERSGROUPS_BUCKET_PREFIX=bucket.prefix)
        assert "The bucket holds files already" in taken.stderr
        done = other.run("-m", "cersgroups", "restore", str(file), **named, CERSGROUPS_BUCKET_PREFIX="new")
        assert done.returncode == 0, done.stderr
        fetched_now = tmp_path / "now"
        fetched_now.mkdir()
        assert replace(bucket, prefix="new").get(f"leas/{stage.lea_id}/extracts/{extract}", fetched_now)
        assert (fetched_now / "extract-1.csv").stat().st_size > 0


@pytest.mark.thorough
@pytest.mark.usefixtures("stage")
def test_without_the_keys_the_doctor_says_that_credentials_do_not_open(other: Installation, tmp_path: Path) -> None:
    file, backup = back_up(tmp_path)
    assert not {"encryption_key", "secret_key"} & set(backup.files)
    other.run("-m", "cersgroups", "restore", str(file))
    said = json.loads(other.run("-m", "cersgroups", "doctor", "--json").stdout)
    assert {s["name"]: s["verdict"] for s in said["symptoms"]}["keys"] == "fault"
    shutil.copy(data_folder() / "encryption_key", other.data)
    said = json.loads(other.run("-m", "cersgroups", "doctor", "--json").stdout)
    assert {s["name"]: s["verdict"] for s in said["symptoms"]}["keys"] == "ok"


@pytest.mark.thorough
@pytest.mark.usefixtures("stage")
def test_a_damaged_backup_puts_nothing_in_place(other: Installation, tmp_path: Path) -> None:
    file, _backup = back_up(tmp_path)
    damage(file, "findings.parquet")
    done = other.run("-m", "cersgroups", "restore", str(file))
    assert done.returncode == 1, done.stderr
    assert content(DATABASE) == {}
    assert not (other.data / "leas").exists()
    assert not list(other.data.glob(".restore-*"))


@pytest.mark.usefixtures("stage")
def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    for part in ("database.dump", "findings.parquet", "manifest.json"):
        file, backup = back_up(tmp_path)
        damage(file, part)
        (tmp_path / part).mkdir()
        with pytest.raises(DataStop, match=f"{part} in it is damaged"):
            unpack(file, backup, tmp_path / part, progress)


def damage(file: Path, part: str) -> None:
    """Change one byte of the part, where it lies in the archive."""
    with zipfile.ZipFile(file) as archive:
        info = next(info for info in archive.infolist() if info.filename.endswith(part))
    content = bytearray(file.read_bytes())
    content[info.header_offset + len(info.filename) + 30 + 40] ^= 1
    file.write_bytes(content)


def test_what_is_taken_away_while_it_is_copied_makes_it_start_again(
    stage: Delivery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, staying = stage.extract(), stage.extract()
    monkeypatch.setattr("cersgroups.actions.backup.named_folders", taking_away(stage, going))
    _file, backup = back_up(tmp_path)
    assert backup.faults == []
    assert not [path for path in backup.files if f"extracts/{going}/" in path]
    assert [path for path in backup.files if f"extracts/{staying}/" in path]


def taking_away(stage: Delivery, extract_id: int) -> Callable[[str], list[NamedFolder]]:
    """Once the records are read, an extract is deleted before its files are copied."""

    def named(alias: str) -> list[NamedFolder]:
        found = list(named_folders(alias))
        with lea_scope(stage.lea_id):
            for record in Extract.objects.filter(pk=extract_id):
                folder = record.folder
                record.delete()
                shutil.rmtree(folder)
        return found

    return named


def test_what_is_damaged_or_missing_is_told_and_the_rest_is_saved(stage: Delivery, tmp_path: Path) -> None:
    extract = stage.extract()
    stage.upload(extract)
    with lea_scope(stage.lea_id):
        ledger: Ledger | None = current_ledger(stage.lea_id)
        assert ledger is not None
        (ledger.folder / "users.parquet").write_bytes(b"something else")
        (Extract.objects.get(pk=extract).folder / "extract-1.csv").unlink()
    _file, backup = back_up(tmp_path)
    assert [fault.split("/", 2)[2] for fault in backup.faults] == [
        f"extracts/{extract}/extract-1.csv is missing.",
        f"ledgers/{ledger.pk}/users.parquet is damaged: it is not what was written.",
    ]
    assert len(backup.files) > 20


def test_the_command_says_by_its_status_whether_it_is_whole(
    stage: Delivery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written but not whole is another thing than not written: whoever runs it each night keeps the file."""
    extract, file = stage.extract(), tmp_path / "backup.zip"
    assert main(["backup", str(file)]) == 0
    first = last_backup()
    assert first is not None
    assert (first.made_at, first.faults) == (read_backup(file).made_at, 0)
    with lea_scope(stage.lea_id):
        (Extract.objects.get(pk=extract).folder / "extract-1.csv").unlink()
    assert main(["backup", str(file)]) == 3
    assert "extract-1.csv is missing" in capsys.readouterr().err
    second = last_backup()
    assert second is not None
    assert (second.made_at, second.faults) == (read_backup(file).made_at, 1)


@pytest.mark.parametrize(("more", "keys"), [([], False), (["--with-keys"], True)])
def test_each_lea_is_told_that_its_data_were_copied_and_whether_with_the_keys(
    stage: Delivery, tmp_path: Path, more: list[str], *, keys: bool
) -> None:
    assert main(["backup", str(tmp_path / "backup.zip"), *more]) == 0
    for lea_id in (stage.lea_id, stage.people.other_lea_id):
        with lea_scope(lea_id):
            entry = AuditEntry.objects.all()[0]
            assert (entry.action, entry.object, entry.detail) == ("make backup", f"lea {lea_id}", {"keys": keys})
            assert (entry.door, entry.actor, entry.actor_email, entry.ip) == ("command", None, "", None)
            assert AuditEntry.objects.filter(action="make backup").count() == 1


def test_a_backup_that_cannot_be_noted_is_made_all_the_same(
    stage: Delivery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is there, and whoever runs the command is told."""
    with connect_as_owner() as owner:
        owner.execute("ALTER TABLE audit_entry ADD CONSTRAINT full_up CHECK (action <> 'make backup') NOT VALID")
        try:
            assert main(["backup", str(tmp_path / "backup.zip")]) == 0
        finally:
            owner.execute("ALTER TABLE audit_entry DROP CONSTRAINT full_up")
    assert "no LEA's log says that this backup was made" in capsys.readouterr().err
    assert read_backup(tmp_path / "backup.zip").leas == 2
    with lea_scope(stage.lea_id):
        assert not AuditEntry.objects.filter(action="make backup").exists()


@pytest.mark.usefixtures("stage")
def test_a_table_that_the_owner_cannot_read_whole_stops_it(tmp_path: Path) -> None:
    """Its rows would be missing, and nobody would know before they are needed."""
    with connect_as_owner() as owner:
        owner.execute("ALTER POLICY of_owner ON ledger RENAME TO another")
        try:
            with pytest.raises(DataStop, match="cannot read all rows of ledger"):
                back_up(tmp_path)
        finally:
            owner.execute("ALTER POLICY another ON ledger RENAME TO of_owner")
