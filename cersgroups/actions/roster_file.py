"""Files that a browser sends: put into the data folder under names that cannot lead out of it."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings

from cersgroups.actions.scanner import scan
from cersgroups.core.error import RequestStop

_CHUNK = 1 << 20
MAX_FILES = 40
_WORKBOOK = re.compile(r"\.(xls[xmb]?|ods|numbers)$", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]")


@dataclass(frozen=True)
class UploadedFile:
    """`name` as the browser says it; `content` is read once, in pieces."""

    name: str
    content: IO[bytes]


def store_files(files: Sequence[UploadedFile], folder: Path) -> Path:
    """Write the files into the new `folder`, synced; returns the path of the roster: the only zip, else the folder.

    Raises RequestStop for too many or too large files, for what is neither CSV nor zip, and for what the installation's
    virus scanner does not let pass.
    """
    _check_number(files)
    folder.mkdir(parents=True, mode=0o700)
    left = settings.ROSTER_MAX_BYTES
    for file in files:
        left -= _store(file, folder / _safe_name(file.name), left)
    scan(sorted(folder.iterdir()))
    return stored_roster(folder)


def stored_roster(folder: Path) -> Path:
    """The roster that `store_files` put into the folder."""
    stored = [path for path in folder.iterdir() if path.suffix.lower() == ".zip"]
    return stored[0] if stored else folder


def _check_number(files: Sequence[UploadedFile]) -> None:
    zips = [file for file in files if file.name.lower().endswith(".zip")]
    if not files:
        raise RequestStop("No file was sent. Choose one zip, or the CSV files of the roster.")
    if len(files) > MAX_FILES:
        raise RequestStop(f"{len(files)} files were sent, more than {MAX_FILES}. Send only the roster's tables.")
    if zips and len(files) > 1:
        raise RequestStop("A zip was sent together with other files. Send one zip alone, or CSV files only.")


def _safe_name(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    safe = _UNSAFE.sub("-", last).lstrip(". ")[-100:]
    if not safe.lower().endswith((".csv", ".zip")):
        save = " Save each sheet as CSV in your spreadsheet program first." if _WORKBOOK.search(last) else ""
        raise RequestStop(f"{last} is not a CSV file or a zip. Send one zip, or the CSV files of the roster.{save}")
    return safe


def _store(file: UploadedFile, path: Path, left: int) -> int:
    if path.exists():
        raise RequestStop(f"{path.name}: was sent twice. Send each table once.")
    size = 0
    with path.open("xb") as target:
        while chunk := file.content.read(_CHUNK):
            size += len(chunk)
            if size > left:
                limit = settings.ROSTER_MAX_BYTES >> 20
                raise RequestStop(f"{path.name}: the upload is larger than {limit:,} MB. Zip it, or send less.")
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return size
