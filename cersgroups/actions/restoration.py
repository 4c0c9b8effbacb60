"""Restoring a backup (backup.py) into an empty installation: everything is verified before anything is put in place."""

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cersgroups.actions.audit import note_system
from cersgroups.actions.backup import CONTENTS, DUMP, FORMAT, KEYS, Backup, BackupFile
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.engine.store import sync
from cersgroups.records.bucket import configured_bucket
from cersgroups.records.dump import is_empty, load_dump
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import Lea
from cersgroups.records.readiness import needed_migrations
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import discard, publish
from cersgroups.records.whole import whole

_PATH = re.compile(r"leas/[0-9]+/(received|snapshots|extracts|uploads|ledgers)/[0-9]+(/[^/\x00]+)+")
"""Files of a backup are put nowhere else."""

_PIECE = 1 << 20

Progress = Callable[[str, float], None]


def read_backup(file: Path) -> Backup:
    """What is in it. Raises RequestStop if it is no backup, or of a newer version."""
    try:
        with zipfile.ZipFile(file) as archive:
            content: dict[str, Any] = json.loads(archive.read(CONTENTS))
        found = content.pop("format")
        files = {path: BackupFile(**entry) for path, entry in content.pop("files").items()}
        backup = Backup(**content, files=files)
        newer = {(app, name) for app, name in backup.migrations} - needed_migrations()
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError):
        raise RequestStop(f"{file}: is no backup of cersgroups, or only a part of one.") from None
    if found != FORMAT or newer:
        raise RequestStop(f"{file}: was made by version {backup.version}, which is newer. Install that version first.")
    return backup


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


def restore(file: Path, backup: Backup, progress: Progress) -> None:
    """Put everything in its place; the tables are then of the backup's version.

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
            load_dump(aside / DUMP, aside / "loading")
        except BaseException:
            for folder in placed:
                discard(folder)
            shutil.rmtree(data_folder() / "leas", ignore_errors=True)
            raise
        for key in KEYS:
            if (aside / key).exists():
                (aside / key).replace(data_folder() / key)


def settle(backup: Backup, *, uploads: bool) -> int:
    """After the tables are up to date: an audit entry for each LEA, and no uploads unless `uploads`; how many LEAs.

    CERS may have got files since the backup was made, and the installation that it was made of may still run.
    """
    with whole() as alias:
        lea_ids = list(Lea.objects.using(alias).values_list("pk", flat=True))
    for lea_id in lea_ids:
        with lea_scope(lea_id):
            if not uploads:
                Lea.objects.filter(pk=lea_id).update(uploads_enabled=False)
            # no backup has what was uploaded and could be used
            Snapshot.objects.exclude(received_until=None).update(received_until=None, counted=None)
            note_system(
                lea_id, "restore backup", f"lea {lea_id}", door="command", made_at=backup.made_at, uploads=uploads
            )
    return len(lea_ids)


def _placed(folder: Path, target: Path) -> Path:
    for parent in (target.parents[2], target.parents[1], target.parent):
        parent.mkdir(mode=0o700, exist_ok=True)
    publish(folder, target)
    sync(target.parent)
    return target


def unpack(file: Path, backup: Backup, aside: Path, progress: Progress) -> None:
    """Write its files into the folder `aside`. Raises DataStop for one that is damaged, or would lie elsewhere."""
    with zipfile.ZipFile(file) as archive:
        for number, (path, entry) in enumerate(backup.files.items()):
            progress("files", 0.9 * number / len(backup.files))
            if path not in (DUMP, *KEYS) and (not _PATH.fullmatch(path) or "/../" in f"{path}/"):
                raise DataStop(f"{file}: names {path!r}, where no file of a backup can be. Do not trust it.")
            _unpack_one(archive, file, path, entry, aside / path)


def _unpack_one(archive: zipfile.ZipFile, file: Path, path: str, entry: BackupFile, target: Path) -> None:
    for folder in reversed(target.relative_to(target.anchor).parents):
        (Path(target.anchor) / folder).mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with archive.open(entry.entry) as source, target.open("xb") as written:
            os.fchmod(written.fileno(), 0o600)
            while piece := source.read(_PIECE):
                digest.update(piece)
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise DataStop(f"{file}: {path} in it is damaged. Take another backup.") from None
    if digest.hexdigest() != entry.sha256:
        raise DataStop(f"{file}: {path} in it is damaged. Take another backup.")
