"""Folders of Parquet files with a manifest: written aside, synced and renamed, so whole or not there; never changed.

A folder of which a file is missing, or differs from its digest, is refused.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cersgroups.core.error import DataStop
from cersgroups.engine.database import Connection, text

MANIFEST = "manifest.json"


def write_stored(connection: Connection, target: Path, tables: Mapping[str, str], manifest: Mapping[str, Any]) -> None:
    """Store the result of each query as `<table>.parquet` in the new folder `target`, with the manifest."""
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    aside.mkdir(parents=True)
    digests = {}
    try:
        for table, query in tables.items():
            path = aside / f"{table}.parquet"
            connection.execute(f"COPY ({query}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
            digests[table] = digest(path)
            sync(path)
        whole = json.dumps({**manifest, "sha256": digests}, indent=1, ensure_ascii=False)
        (aside / MANIFEST).write_text(whole, encoding="utf-8")
        sync(aside / MANIFEST)
        sync(aside)
        aside.rename(target)
        sync(target.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def read_stored(path: Path, tables: Iterable[str], version: int, damaged: str) -> dict[str, Any]:
    """The manifest. Raises DataStop unless all is as it was written; `damaged` is a sentence with {path} and {why}."""
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        digests = dict(manifest["sha256"])
        found = manifest["schema_version"]
    except (OSError, ValueError, KeyError, TypeError):
        raise DataStop(damaged.format(path=path, why=f"no readable {MANIFEST}")) from None
    if found != version:
        raise DataStop(damaged.format(path=path, why=f"its version is {found}, this program reads {version}"))
    for table in tables:
        file = path / f"{table}.parquet"
        if not file.is_file():
            raise DataStop(damaged.format(path=path, why=f"{file.name} is missing"))
        if digest(file) != digests.get(table):
            raise DataStop(damaged.format(path=path, why=f"{file.name} has changed"))
    return manifest


def digest(path: Path) -> str:
    """SHA-256, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have the system put it on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
