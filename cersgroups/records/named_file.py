"""Which files of the data folder the records name: what a backup must hold besides the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cersgroups.core.state import is_waiting
from cersgroups.records.extract import Extract
from cersgroups.records.ledger import Ledger
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload, UploadPart

STORED_SNAPSHOT = ("ready", "held")
PREPARED_UPLOAD = ("held", "ready", "recording", "sending", "done", "accepted", "refused", "stopped")
"""States in which the files are there; a test holds them against all states."""


@dataclass(frozen=True)
class NamedFolder:
    """`path` is a whole folder of one record. `needed`: without it, or without one of `files`, the record is broken.

    `files`: names in it with their MD5 in upper-case hex, blank where the record has none. `stored`: it has a manifest.
    """

    path: Path
    needed: bool = True
    stored: bool = False
    files: dict[str, str] = field(default_factory=dict)


def named_folders(alias: str) -> Iterator[NamedFolder]:
    """Those of all LEAs, read with this alias (whole.py)."""
    kept = {"files_removed_at": None}
    for snapshot in Snapshot.objects.using(alias).filter(**kept).defer("schools").iterator():
        if snapshot.state in STORED_SNAPSHOT:
            yield NamedFolder(snapshot.folder, stored=True)
        else:  # what a source gives is fetched anew
            uploaded = snapshot.occasion == "upload" and is_waiting("snapshot", snapshot.state)
            yield NamedFolder(snapshot.received, needed=uploaded)
    for extract in Extract.objects.using(alias).filter(**kept).iterator():
        if not extract.waiting:
            yield NamedFolder(extract.folder, extract.state == "done", files=dict.fromkeys(extract.files, ""))
    parts: dict[int, dict[str, str]] = {}
    for part in UploadPart.objects.using(alias).iterator():
        parts.setdefault(part.upload_id, {})[part.file] = part.digest
    for upload in Upload.objects.using(alias).filter(**kept).iterator():
        yield NamedFolder(upload.folder, upload.state in PREPARED_UPLOAD, files=parts.get(upload.pk, {}))
    for ledger in Ledger.objects.using(alias).filter(**kept).iterator():
        yield NamedFolder(ledger.folder, stored=True)
