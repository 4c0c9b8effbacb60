"""Making a backup (core/backup.py): the database and every file that its records name, at one instant.

Files never change and records change last. So the database is dumped first, at one instant, and then the files that it
names are copied. What a record took away meanwhile makes it start again, with the files that are copied already.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import Error, connections

from cersgroups import __version__
from cersgroups.actions.audit import note_everywhere
from cersgroups.core.backup import CONTENTS, DUMP, FORMAT, KEYS, Backup, BackupFile, Progress
from cersgroups.core.error import DataStop
from cersgroups.engine.store import MANIFEST
from cersgroups.records.bucket import WHOLE
from cersgroups.records.dump import check_dumpable, write_dump
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import Lea
from cersgroups.records.named_file import NamedFolder, named_folders
from cersgroups.records.readiness import applied_migrations, tables_fit
from cersgroups.records.stored_folder import fetched
from cersgroups.records.whole import OWNER_ALIAS, whole

_ROUNDS = 3
_STORED = (".parquet", ".zip", ".dump")
"""What is compressed already."""

_PIECE = 1 << 20


def write_backup(target: Path, workspace: Path, progress: Progress, *, with_keys: bool = False) -> Backup:
    """Write the new file `target`; `workspace` is an empty folder. Files that are damaged or missing are `faults`.

    Raises DataStop if the database is of another version than the program, or cannot be dumped.
    """
    _check_version()
    with zipfile.ZipFile(target, "x", allowZip64=True) as archive:
        packing = _Packing(archive)
        leas, faults = _pack_records(packing, workspace / DUMP, progress)
        for key in KEYS if with_keys else ():
            if (data_folder() / key).is_file():
                packing.add(data_folder() / key, key)
        packing.add(workspace / DUMP, DUMP)
        migrations = [list(name) for name in sorted(applied_migrations())]
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        backup = Backup(made_at, __version__, leas, migrations, packing.files, faults)
        archive.writestr(CONTENTS, json.dumps({"format": FORMAT, **asdict(backup)}, indent=1), zipfile.ZIP_DEFLATED)
    return backup


def note_backup(*, keys: bool) -> bool:
    """Say in every LEA's audit log that its data were copied, and whether with the `keys`; False if it cannot be said.

    After the file is there: that it was made counts more than that it is noted.
    """
    connections[OWNER_ALIAS].close()  # idle while files were copied: somebody may have cut it meanwhile
    try:
        note_everywhere("make backup", keys=keys)
    except Error:
        return False
    return True


def _check_version() -> None:
    if not tables_fit():
        raise DataStop(
            f"The database is of another version than this program ({__version__}). Make the backup with the program "
            f"that has used it, or bring the tables up to date first: cersgroups manage migrate --database owner"
        )


def _pack_records(packing: "_Packing", dump: Path, progress: Progress) -> tuple[int, list[str]]:
    """The last dump fits the files: how many LEAs it has, and a sentence for each that is missing or damaged."""
    faults: list[str] = []
    for _ in range(_ROUNDS):
        progress("the database", 0.0)
        with whole() as alias:
            check_dumpable(alias)
            write_dump(dump, alias)
            named = list(named_folders(alias))
            leas = Lea.objects.using(alias).count()
        before, faults = faults, []
        for number, folder in enumerate(named):
            progress("files", number / len(named))
            faults += packing.add_folder(folder)
        if not faults or faults == before:
            break
    packing.forget_others([folder.path for folder in named])
    return leas, faults


class _Packing:
    """What is in the archive by now."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, BackupFile] = {}
        self._whole: set[Path] = set()

    def add_folder(self, folder: NamedFolder) -> list[str]:
        """Add its files, unless it is there whole already; a sentence for each that is missing or damaged."""
        if folder.path in self._whole:
            return []
        faults = list(self._fill(folder))
        if not faults:
            self._whole.add(folder.path)
        return faults

    def _fill(self, folder: NamedFolder) -> Iterator[str]:
        place = folder.path.relative_to(data_folder())
        fetched(folder.path, changes=True)
        wanted = {**folder.files, **(_digests(folder.path) if folder.stored else {})}
        found: dict[str, tuple[str, str]] = {}
        for path in sorted(folder.path.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.name != WHOLE:
                name = path.relative_to(folder.path).as_posix()
                try:
                    found[name] = self.add(path, f"{place}/{name}")
                except FileNotFoundError:
                    yield f"{place}/{name} was taken away while it was read."
        if folder.needed and not found:
            yield f"{place} is missing."
            return
        for name, digest in wanted.items():
            if name not in found and folder.needed:
                yield f"{place}/{name} is missing."
            elif name in found and digest and digest not in found[name]:
                yield f"{place}/{name} is damaged: it is not what was written."

    def add(self, source: Path, path: str) -> tuple[str, str]:
        """Add a file; its SHA-256 in hex and its MD5 in upper-case hex."""
        entry = path
        while entry in self.archive.NameToInfo:
            entry += "~"  # an earlier round's, which a record has changed since
        info = zipfile.ZipInfo(entry)
        info.compress_type = zipfile.ZIP_STORED if source.suffix in _STORED else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        sha, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        with source.open("rb") as file, self.archive.open(info, "w", force_zip64=True) as target:
            while piece := file.read(_PIECE):
                sha.update(piece)
                md5.update(piece)
                size += target.write(piece)
        self.files[path] = BackupFile(entry, sha.hexdigest(), size)
        return sha.hexdigest(), md5.hexdigest().upper()

    def forget_others(self, named: list[Path]) -> None:
        """Files of folders that the last dump no longer names do not count."""
        folders = {path.relative_to(data_folder()).as_posix() for path in named}
        self.files = {path: file for path, file in self.files.items() if "/".join(path.split("/")[:4]) in folders}


def _digests(folder: Path) -> dict[str, str]:
    """By name, the SHA-256 that the folder's manifest says; the manifest itself must be there."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST: "", **{f"{table}.parquet": str(digest) for table, digest in manifest["sha256"].items()}}
    except (OSError, ValueError, KeyError, AttributeError):
        return {MANIFEST: ""}
