"""The sandbox's import records: one per upload, in memory and, if a folder is given, on disk."""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cersgroups.core.error import RequestStop


@dataclass
class ImportRecord:
    """`outcome` is the warehouse's; None while the upload waits for `due` (seconds since the epoch)."""

    id: int
    digest: str
    creator: str
    filename: str
    batch: str | None
    created: str
    updated: str
    status: str
    message: str | None
    outcome: str | None
    reason: str | None
    due: float

    def finish(self, outcome: str, status: str, message: str | None, reason: str | None) -> None:
        self.outcome, self.status, self.message, self.reason = outcome, status, message, reason
        self.updated = now()

    def as_json(self, url: str) -> dict[str, Any]:
        """As the receiver answers it."""
        at = f"{url}/imports/{self.id}"
        links = {"self": at, "payload": f"{at}/payload", "payload-properties": f"{at}/payload/properties"}
        return {
            "id": self.id,
            "content": "GROUPS",
            "contentType": "application/csv",
            "digest": self.digest,
            "status": self.status,
            "batch": self.batch,
            "creator": self.creator,
            "created": self.created,
            "updated": self.updated,
            "message": self.message,
            "_links": {name: {"href": href} for name, href in links.items()},
        }


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Folder:
    """Where uploads and records are kept: `000001.csv` first, then `000001.json`, each whole or not at all."""

    def __init__(self, path: Path, setup: dict[str, Any]) -> None:
        """Raises RequestStop if another sandbox uses the folder, or if it was begun with another `setup`: its uploads
        would not come out the same.
        """
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = (path / "sandbox.lock").open("w")  # the system lets go of it when this program ends
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise RequestStop(f"{path}: another sandbox uses this folder. End it, or name another folder.") from None
        file = path / "sandbox.json"
        if not file.exists():
            _write(file, json.dumps(setup).encode())
        elif json.loads(file.read_bytes()) != setup:
            raise RequestStop(f"{path}: was begun with other schools or subjects. Give the same, or another folder.")

    def close(self) -> None:
        """Another sandbox may use the folder."""
        self._lock.close()

    def save(self, record: ImportRecord, content: bytes | None = None) -> None:
        """The record, and on its first time the bytes of the upload."""
        if content is not None:
            _write(self.path / f"{record.id:06}.csv", content)
        _write(self.path / f"{record.id:06}.json", json.dumps(asdict(record)).encode())

    def records(self) -> Iterator[tuple[ImportRecord, bytes]]:
        """All that was saved, in order."""
        for file in sorted(self.path.glob("[0-9]*.json")):
            yield ImportRecord(**json.loads(file.read_bytes())), file.with_suffix(".csv").read_bytes()


def _write(file: Path, content: bytes) -> None:
    aside = file.with_suffix(".part")
    with aside.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
