"""Restoring a backup (core/backup.py) into an empty installation: all is verified before anything is put in place."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from allauth.usersessions.models import UserSession

from cersgroups.actions.audit import note_system
from cersgroups.core.backup import DUMP, KEYS, Backup, Progress, read_contents, unpack
from cersgroups.core.error import RequestStop
from cersgroups.engine.store import sync
from cersgroups.records.api_token import ApiToken
from cersgroups.records.bucket import configured_bucket
from cersgroups.records.dump import is_empty, load_dump
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import Lea
from cersgroups.records.readiness import needed_migrations
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import discard, publish
from cersgroups.records.whole import whole


def read_backup(file: Path) -> Backup:
    """What is in it. Raises RequestStop if it is no backup, or of a newer version."""
    return read_contents(file, needed_migrations())


def check_empty() -> None:
    """Raises RequestStop unless database and data folder hold nothing: a restore never replaces anything."""
    leas = data_folder() / "leas"
    if not is_empty():
        raise RequestStop(
            "The database holds tables already. Restore into a new data folder (CERSGROUPS_DATA), or an empty database."
        )
    if leas.exists() and any(leas.iterdir()):
        raise RequestStop(f"{leas}: holds files already. Move it away, or name another data folder (CERSGROUPS_DATA).")
    bucket = configured_bucket()
    if bucket is not None and not bucket.is_empty():
        raise RequestStop("The bucket holds files already. Name another one, or another CERSGROUPS_BUCKET_PREFIX.")


def restore(file: Path, backup: Backup, progress: Progress, *, shut_at: datetime | None) -> None:
    """Put everything in its place; the tables are then of the backup's version. `shut_at`: as `settle` has it, from the
    moment at which the tables are there.

    Raises RequestStop unless the installation is empty, DataStop if a file in the backup is damaged or the database
    cannot be loaded; then nothing is in place.
    """
    check_empty()
    placed: list[Path] = []
    with TemporaryDirectory(prefix=".restore-", dir=data_folder()) as name:
        aside = Path(name)
        unpack(file, backup, aside, progress)
        (aside / "loading").mkdir()
        try:
            for folder in sorted(aside.glob("leas/*/*/*")):
                placed.append(_placed(folder, data_folder() / folder.relative_to(aside)))
            progress("the database", 0.9)
            load_dump(aside / DUMP, aside / "loading", shut_at=shut_at)
        except BaseException:
            for folder in placed:
                discard(folder)
            shutil.rmtree(data_folder() / "leas", ignore_errors=True)
            raise
        for key in KEYS:
            if (aside / key).exists():
                (aside / key).replace(data_folder() / key)


@dataclass(frozen=True)
class Settled:
    """Of how many LEAs the installation is, and how many API tokens that let somebody in were revoked."""

    leas: int
    tokens: int


def settle(backup: Backup, *, shut_at: datetime | None) -> Settled:
    """After the tables are up to date: nobody is signed in, each LEA gets an audit entry, uploads nothing, and its API
    tokens are revoked as of `shut_at`. None: nothing can have happened since the backup, and both stay as they were.

    CERS may have got files since, tokens been revoked, and the installation that it was made of may still run.
    """
    UserSession.objects.all().delete()  # the sessions themselves are in no backup
    with whole() as alias:
        lea_ids = list(Lea.objects.using(alias).values_list("pk", flat=True))
    return Settled(len(lea_ids), sum(_settle_lea(lea_id, backup, shut_at) for lea_id in lea_ids))


def _settle_lea(lea_id: int, backup: Backup, shut_at: datetime | None) -> int:
    """How many API tokens were revoked, by this or as the database was loaded."""
    revoked = 0
    with lea_scope(lea_id):
        if shut_at is not None:
            Lea.objects.filter(pk=lea_id).update(uploads_enabled=False)
            unexpired = ApiToken.objects.filter(lea_id=lea_id, expires_at__gt=shut_at)
            unexpired.filter(revoked_at=None).update(revoked_at=shut_at)
            revoked = unexpired.filter(revoked_at=shut_at).count()
        # no backup has what was uploaded and could be used
        Snapshot.objects.exclude(received_until=None).update(received_until=None, counted=None)
        told = {"made_at": backup.made_at, "uploads": shut_at is None, "revoked_API_tokens": revoked or None}
        note_system(lea_id, "restore backup", f"lea {lea_id}", door="command", **told)
    return revoked


def _placed(folder: Path, target: Path) -> Path:
    for parent in (target.parents[2], target.parents[1], target.parent):
        parent.mkdir(mode=0o700, exist_ok=True)
    publish(folder, target)
    sync(target.parent)
    return target
