"""What the sandbox holds: import records in order, and the warehouse they were loaded into."""

import hashlib
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from cersgroups.cers.known import Known
from cersgroups.cers.sandbox_account import Account
from cersgroups.cers.sandbox_import import Folder, ImportRecord, now
from cersgroups.cers.validation import validate
from cersgroups.cers.warehouse import Warehouse

EVERY_YEAR = frozenset(range(1900, 2200))


class Store:
    """Takes uploads one at a time and in order. With a folder, a restart goes on where the last run ended."""

    def __init__(self, known: Known, folder: Path | None = None) -> None:
        """Raises RequestStop if the folder belongs to a sandbox with other schools or subjects."""
        self.known = known
        # The year was checked when the file came; a year later it must still load the same.
        self.warehouse = Warehouse(Known(known.schools, EVERY_YEAR, known.subjects))
        self.records: dict[int, ImportRecord] = {}
        self._waiting: list[tuple[ImportRecord, bytes]] = []
        self._lock = threading.Lock()
        setup = {"schools": sorted(known.schools or []), "subjects": list(known.subjects)}
        self._folder = Folder(folder, setup) if folder else None
        for record, content in self._folder.records() if self._folder else ():
            self._restore(record, content)

    def receive(self, content: bytes, account: Account, filename: str, batch: str | None, late: float) -> ImportRecord:
        """Check an upload and load it, or after `late` seconds. Gives the record as the receiver would answer it.

        That is BAD_DATA if refused, PROCESSED if the same bytes were processed before, else ACCEPTED.
        """
        with self._lock:
            self._catch_up()
            record = self._record(content, account, filename, batch)
            verdict = validate(content, account.scope(self.known))
            if verdict.ok and (late or self._waiting):
                last = self._waiting[-1][0].due if self._waiting else 0.0
                record.due = max(time.time() + late, last)
                self._waiting.append((record, content))
            elif verdict.ok:
                self._load(record, content)
            else:
                # The model words the refusal; a file that is refused changes nothing in it.
                upload = Warehouse(account.scope(self.known)).upload(content)
                record.finish(upload.outcome, upload.status, upload.message, upload.reason)
            self._save(record, content)
            self.records[record.id] = record
            return _as_answered(record)

    def close(self) -> None:
        """It takes no more uploads."""
        if self._folder:
            self._folder.close()

    def record(self, number: int) -> ImportRecord | None:
        with self._lock:
            self._catch_up()
            return self.records.get(number)

    def state(self) -> dict[str, Any]:
        """Groups, students and records, newest record first."""
        with self._lock:
            self._catch_up()
            state = self.warehouse.state()
            return {
                "groups": [group for group in state["groups"] if not group["deleted"]],
                "students_created": state["students_created"],
                "imports": [_told(record) for record in reversed(self.records.values())],
            }

    def _record(self, content: bytes, account: Account, filename: str, batch: str | None) -> ImportRecord:
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest().upper()
        created, number = now(), len(self.records) + 1
        return ImportRecord(
            number, digest, account.username, filename, batch, created, created, "ACCEPTED", None, None, None, 0.0
        )

    def _catch_up(self) -> None:
        """Load what is due: nothing runs between requests, so the order is always that of arrival."""
        while self._waiting and self._waiting[0][0].due <= time.time():
            record, content = self._waiting.pop(0)
            self._load(record, content)
            self._save(record)

    def _load(self, record: ImportRecord, content: bytes) -> None:
        upload = self.warehouse.upload(content)
        record.finish(upload.outcome, upload.status, upload.message, upload.reason)

    def _save(self, record: ImportRecord, content: bytes | None = None) -> None:
        if self._folder:
            self._folder.save(record, content)

    def _restore(self, record: ImportRecord, content: bytes) -> None:
        self.records[record.id] = record
        if record.outcome is None:
            self._waiting.append((record, content))
        elif record.outcome in ("loaded", "skipped", "load_failed"):
            self.warehouse.upload(content)


def _as_answered(record: ImportRecord) -> ImportRecord:
    """The answer goes out before the loading: only what came of the check is in it."""
    if record.outcome not in ("loaded", "load_failed"):
        return replace(record)
    return replace(record, status="ACCEPTED", message=None, updated=record.created)


def _told(record: ImportRecord) -> dict[str, Any]:
    columns = ("id", "filename", "creator", "created", "updated", "digest", "status", "outcome", "message", "reason")
    return {column: getattr(record, column) for column in columns}
