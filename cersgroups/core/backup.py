"""What a backup holds (actions/backup.py), and reading one: nothing that the file says is used before it was checked.

It needs no Django: `python -m tests.fuzz backup_contents` throws bytes at it.
"""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.storable import storable
from cersgroups.core.unzipping import UNZIPPING

FORMAT = 1
DUMP, CONTENTS, KEYS = "database.dump", "backup.json", ("encryption_key", "secret_key")

MAX_CONTENTS_BYTES = 1 << 30
"""Unpacked bytes of backup.json: it has some 200 for each file."""

_PATH = re.compile(r"leas/[0-9]+/(received|snapshots|extracts|uploads|ledgers)/[0-9]+(/[^/\x00]+)+")
"""Files of a backup are put nowhere else."""

_LONGEST_PATH, _LONGEST_NAME = 1_000, 255
"""In bytes; file systems take no longer ones."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_UNREADABLE: tuple[type[Exception], ...] = (*UNZIPPING, KeyError, TypeError, AttributeError)
_NO_BACKUP = "is no backup of cersgroups, or only a part of one"
_PIECE = 1 << 20

Progress = Callable[[str, float], None]
Migration = tuple[str, str]
"""The app's label and the migration's name."""


@dataclass(frozen=True)
class BackupFile:
    """One file of the backup: `entry` is its name in the archive, `sha256` in hex, `size` in bytes."""

    entry: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Backup:
    """What the archive's backup.json says: `files` by path in the data folder, `faults` what could not be saved."""

    made_at: str
    version: str
    leas: int
    migrations: list[list[str]]
    files: dict[str, BackupFile]
    faults: list[str]


class _NotOurs(ValueError):  # noqa: N818 - told as a Stop
    """Something in backup.json is of another kind than we write."""


def read_contents(file: Path, known: Set[Migration]) -> Backup:
    """What is in it; `known` are this program's migrations. Raises RequestStop for what is none, or a newer one's."""
    with file.open("rb") as opened:
        try:
            content = _contents(opened)
            version = _text(content, "version")
            backup = _backup(content) if content["format"] == FORMAT else None
        except _UNREADABLE:
            raise RequestStop(f"{file}: {_NO_BACKUP}.") from None
    if backup is None or {(app, name) for app, name in backup.migrations} - known:
        raise RequestStop(f"{file}: was made by version {version}, which is newer. Install that version first.")
    return backup


def _contents(opened: IO[bytes]) -> dict[str, Any]:
    with zipfile.ZipFile(opened) as archive:
        info = archive.getinfo(CONTENTS)
        if info.file_size > MAX_CONTENTS_BYTES or not _is_packed_as_ours(info):
            raise _NotOurs
        content: dict[str, Any] = json.loads(archive.read(info))
    return content


def _is_packed_as_ours(info: zipfile.ZipInfo) -> bool:
    return info.compress_type in _PACKED and not info.flag_bits & _ENCRYPTED


def _backup(content: dict[str, Any]) -> Backup:
    files = {path: _file(entry) for path, entry in content.pop("files").items()}
    backup = Backup(**{name: value for name, value in content.items() if name != "format"}, files=files)
    datetime.fromisoformat(_text(content, "made_at"))
    are_pairs = all(_are_texts(pair) and len(pair) == 2 for pair in backup.migrations)
    are_texts = _are_texts(backup.faults) and _are_texts(list(files))
    if not are_pairs or not are_texts or type(backup.leas) is not int:
        raise _NotOurs
    return backup


def _file(entry: dict[str, Any]) -> BackupFile:
    found = BackupFile(**entry)
    if not _are_texts([found.entry]) or not _DIGEST.fullmatch(found.sha256) or type(found.size) is not int:
        raise _NotOurs
    return found


def _text(content: dict[str, Any], name: str) -> str:
    """It stands in sentences and in the audit log."""
    found = content[name]
    if not _are_texts([found]) or not found.isprintable():
        raise _NotOurs
    return str(found)


def _are_texts(values: object) -> bool:
    """Whether it is a list of texts that a file and the database can hold."""
    return isinstance(values, list) and all(isinstance(value, str) and value == storable(value) for value in values)


def _check_places(file: Path, backup: Backup) -> None:
    folders = {str(folder) for path in backup.files for folder in Path(path).parents}
    entries: set[str] = set()
    for path, found in backup.files.items():
        if not (path in (DUMP, *KEYS) or _is_place(path)) or path in folders or found.entry in entries:
            raise DataStop(f"{file}: names {path!r}, where no file of a backup can be. Do not trust it.")
        entries.add(found.entry)
    if DUMP not in backup.files:
        raise RequestStop(f"{file}: {_NO_BACKUP}: the database is not in it.")


def _is_place(path: str) -> bool:
    """One spelling for each place: a path with dots in it could be another's."""
    names = path.split("/")
    return (
        bool(_PATH.fullmatch(path))
        and not {".", ".."} & set(names)
        and len(path.encode()) <= _LONGEST_PATH
        and all(len(name.encode()) <= _LONGEST_NAME for name in names)
    )


def unpack(file: Path, backup: Backup, aside: Path, progress: Progress) -> None:
    """Write its files into the empty folder `aside`.

    Raises DataStop for one that is damaged, would lie elsewhere or at another's place; RequestStop if it is no backup.
    """
    _check_places(file, backup)
    with file.open("rb") as opened:
        try:
            archive = zipfile.ZipFile(opened)
        except UNZIPPING:
            raise RequestStop(f"{file}: {_NO_BACKUP}.") from None
        for number, (path, entry) in enumerate(backup.files.items()):
            progress("files", 0.9 * number / len(backup.files))
            _unpack_one(archive, entry, aside / path, f"{file}: {path} in it is damaged. Take another backup.")


def _unpack_one(archive: zipfile.ZipFile, entry: BackupFile, target: Path, damaged: str) -> None:
    for folder in reversed(target.relative_to(target.anchor).parents):
        (Path(target.anchor) / folder).mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as written:
        os.fchmod(written.fileno(), 0o600)
        for piece in _pieces(archive, entry, damaged):
            digest.update(piece)
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != entry.sha256:
        raise DataStop(damaged)


def _pieces(archive: zipfile.ZipFile, entry: BackupFile, damaged: str) -> Iterator[bytes]:
    """What is unpacked, never more than it should be."""
    try:
        info = archive.getinfo(entry.entry)
        if info.file_size != entry.size or not _is_packed_as_ours(info):
            raise DataStop(damaged)
        with archive.open(info) as source:
            while piece := source.read(_PIECE):
                yield piece
    except _UNREADABLE:
        raise DataStop(damaged) from None
