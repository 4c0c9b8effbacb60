"""What this program has stored and somebody may bring back changed, as functions of bytes (parser.py)."""

import hashlib
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cersgroups.core.backup import CONTENTS, DUMP, FORMAT, read_contents, unpack
from cersgroups.core.storable import storable
from cersgroups.engine.ledger import apply, open_ledger
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import open_snapshot, write_snapshot
from cersgroups.engine.store import MANIFEST
from tests.fuzz.tiny import TINY

_KNOWN = frozenset({("records", "0001_lea_and_people")})
_FILES = {DUMP: b"dump", "leas/1/extracts/2/extract-1.csv": b"group_name\n" * 40, "secret_key": b"key"}


def backup_file(content: bytes) -> None:
    """A backup as it comes: whatever is unpacked lies in the folder that it is unpacked into."""
    with TemporaryDirectory() as name:
        file, outside, aside = Path(name) / "backup", Path(name) / "outside", Path(name) / "outside" / "aside"
        file.write_bytes(content)
        aside.mkdir(parents=True)
        try:
            backup = read_contents(file, _KNOWN)
            told = f"{backup.made_at}{backup.version}{backup.leas}{backup.faults}"
            assert told == storable(told)
            unpack(file, backup, aside, lambda _what, _share: None)
            found = {str(path.relative_to(aside)) for path in aside.rglob("*") if path.is_file()}
            assert found == backup.files.keys()
        finally:
            assert list(outside.iterdir()) == [aside]
            assert not any(path.is_symlink() for path in aside.rglob("*"))


def backup_contents(content: bytes) -> None:
    """The list of contents in a backup whose files are whole."""
    backup_file(_zipped(content))


def snapshot_manifest(content: bytes) -> None:
    """The manifest of a snapshot whose tables are whole; what it says can be used."""
    snapshot = open_snapshot(_with_manifest(_tiny_snapshot(), content))
    snapshot.today()
    assert f"{snapshot.counts['schools']:,}{snapshot.school_year - 1}{sum(snapshot.finding_counts.values())}"


def ledger_manifest(content: bytes) -> None:
    """The same for a ledger."""
    ledger = open_ledger(_with_manifest(_tiny_ledger(), content))
    assert f"{ledger.groups:,}{ledger.students:,}{ledger.users:,}"


def _with_manifest(stored: tuple[Path, dict[str, Any]], content: bytes) -> Path:
    """The stored folder with this manifest, in which `{}` stands for the digests and counts that are right."""
    folder, manifest = stored
    for key in ("sha256", "counts"):
        content = content.replace(b'"%s": {}' % key.encode(), json.dumps({key: manifest.get(key)})[1:-1].encode())
    (folder / MANIFEST).write_bytes(content)
    return folder


@cache
def _tiny_snapshot() -> tuple[Path, dict[str, Any]]:
    place = _place()
    (place / "roster").mkdir()
    for table, rows in TINY.items():
        (place / "roster" / f"{table}.csv").write_bytes(rows)
    written = write_snapshot(RosterFolder(place / "roster", {}), place / "snapshot", source="roster folder")
    return written.path, json.loads((written.path / MANIFEST).read_text(encoding="utf-8"))


@cache
def _tiny_ledger() -> tuple[Path, dict[str, Any]]:
    written = apply(None, [], None, [], _place() / "ledger")
    return written.path, json.loads((written.path / MANIFEST).read_text(encoding="utf-8"))


def _place() -> Path:
    """A new folder that goes when this program ends."""
    _PLACES.append(TemporaryDirectory(prefix="cersgroups-fuzz-"))
    return Path(_PLACES[-1].name)


_PLACES: list[TemporaryDirectory[str]] = []

SNAPSHOT_SEED = (
    b'{"lea_code": "1", "name": "Tiny", "time_zone": "America/Los_Angeles", "school_year": 2027, "counts": {}, '
    b'"findings": {"ssid_invalid": 1}, "sha256": {}, "source": "roster folder", "schema_version": 2, '
    b'"taken_at": "2026-11-24T02:00:00+00:00"}'
)
LEDGER_SEED = b'{"groups": 0, "students": 0, "users": 0, "schema_version": 1, "sha256": {}}'


def _listed() -> dict[str, Any]:
    """What a whole backup's list of contents says."""
    files = {
        path: {"entry": path, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for path, content in _FILES.items()
    }
    migrations = [list(name) for name in _KNOWN]
    told = {"made_at": "2026-11-24T02:00:00+00:00", "version": "1", "leas": 1, "faults": ["a is missing."]}
    return {"format": FORMAT, **told, "migrations": migrations, "files": files}


def _zipped(listed: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for path, content in {**_FILES, CONTENTS: listed}.items():
            archive.writestr(path, content)
    return packed.getvalue()


CONTENTS_SEED = json.dumps(_listed()).encode()
BACKUP_SEEDS = [_zipped(CONTENTS_SEED, zipfile.ZIP_STORED), _zipped(CONTENTS_SEED)]
