"""Folders of Parquet files with a manifest: written aside, synced and renamed, so whole or not there; never changed.

A folder of which a file is missing, or differs from its digest, is refused.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cersgroups.core.digest import digest
from cersgroups.core.error import DataStop
from cersgroups.engine.database import Connection, text

MANIFEST = "manifest.json"


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """A folder to write in, which becomes `target` if all goes well within: files are to be synced one by one."""
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    aside.mkdir(parents=True)
    try:
        yield aside
        sync(aside)
        aside.rename(target)
        sync(target.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_stored(connection: Connection, target: Path, tables: Mapping[str, str], manifest: Mapping[str, Any]) -> None:
    """Store the result of each query as `<table>.parquet` in the new folder `target`, with the manifest."""
    digests = {}
    with written_aside(target) as aside:
        for table, query in tables.items():
            digests[table] = write_table(connection, aside, table, query)
        write_manifest(aside, {**manifest, "sha256": digests})


def write_table(connection: Connection, folder: Path, table: str, query: str, options: str = "") -> str:
    """Write the result of the query as `<table>.parquet` for good; returns its digest."""
    path = folder / f"{table}.parquet"
    connection.execute(f"COPY ({query}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd{options})")
    sync(path)
    return digest(path)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """What `read_stored` reads: it holds `sha256` by table and `schema_version`."""
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    sync(path)


def read_stored(path: Path, tables: Iterable[str], version: int, damaged: str) -> dict[str, Any]:
    """The manifest. Raises DataStop unless all is as it was written; `damaged` is a sentence with {path} and {why}."""
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        digests = dict(manifest["sha256"])
        found = manifest["schema_version"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise DataStop(damaged.format(path=path, why=f"no readable {MANIFEST}")) from None
    if found != version:
        raise DataStop(damaged.format(path=path, why=f"its version is {found!r:.50}, this program reads {version}"))
    for table in tables:
        file = path / f"{table}.parquet"
        if not file.is_file():
            raise DataStop(damaged.format(path=path, why=f"{file.name} is missing"))
        if digest(file) != digests.get(table):
            raise DataStop(damaged.format(path=path, why=f"{file.name} has changed"))
    return manifest


def sync(path: Path) -> None:
    """Have the system put it on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
