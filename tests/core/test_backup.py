"""A backup may come from anybody: what is none is told in a sentence, and its files lie nowhere but in their places."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cersgroups.core.backup import Backup, BackupFile, read_contents, unpack
from cersgroups.core.error import DataStop, RequestStop

KNOWN = frozenset({("records", "0001_lea_and_people")})
CONTENT: dict[str, Any] = {
    "format": 1,
    "made_at": "2026-11-24T02:00:00+00:00",
    "version": "1.0",
    "leas": 1,
    "migrations": [["records", "0001_lea_and_people"]],
    "files": {},
    "faults": [],
}


def progress(_what: str, _share: float) -> None: ...


def entry_of(content: bytes, name: str = "evil") -> BackupFile:
    return BackupFile(name, hashlib.sha256(content).hexdigest(), len(content))


def backup_of(files: Mapping[str, BackupFile]) -> Backup:
    return Backup("", "", 0, [], {"database.dump": entry_of(b"dump", "dump"), **files}, [])


def forged(folder: Path, packing: int = zipfile.ZIP_STORED, content: Any = None) -> Path:
    """A zip with a file, the dump, and a list of contents."""
    file = folder / "forged.zip"
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("evil", "evil")
        archive.writestr("evil-2", "evil")
        archive.writestr("dump", "dump")
        archive.writestr("backup.json", json.dumps(content))
    (folder / "aside").mkdir(exist_ok=True)
    return file


@pytest.mark.parametrize("path", ["../evil", "leas/1/extracts/1/../../../../evil", "leas/1/elsewhere/1/x", "/etc/evil"])
def test_a_backup_that_names_other_places_is_not_trusted(tmp_path: Path, path: str) -> None:
    file = forged(tmp_path)
    with pytest.raises(DataStop, match="Do not trust it"):
        unpack(file, backup_of({path: entry_of(b"evil")}), tmp_path / "aside", progress)
    assert list((tmp_path / "aside").iterdir()) == []


PLACE = "leas/1/extracts/1/a"


@pytest.mark.parametrize(
    "path", ["leas/1/extracts/1/./a", f"{PLACE}/b", "leas/1/extracts/1/" + "x" * 256, "leas/1/extracts/1" + "/x" * 600]
)
def test_a_path_that_is_anothers_place_or_that_no_disk_holds_is_not_trusted(tmp_path: Path, path: str) -> None:
    file = forged(tmp_path)
    files = {PLACE: entry_of(b"evil"), path: entry_of(b"evil", "evil-2")}
    with pytest.raises(DataStop, match="Do not trust it"):
        unpack(file, backup_of(files), tmp_path / "aside", progress)
    assert list((tmp_path / "aside").iterdir()) == []


def test_one_entry_that_is_to_be_many_files_is_not_trusted(tmp_path: Path) -> None:
    """A small file could fill a disk."""
    files = {f"{PLACE}{number}": entry_of(b"evil") for number in range(2)}
    with pytest.raises(DataStop, match="Do not trust it"):
        unpack(forged(tmp_path), backup_of(files), tmp_path / "aside", progress)


def test_without_the_database_it_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="the database is not in it"):
        unpack(forged(tmp_path), Backup("", "", 0, [], {}, []), tmp_path / "aside", progress)


def test_what_unpacks_to_another_size_than_it_should_is_damaged(tmp_path: Path) -> None:
    """It is told before a gigabyte is written."""
    files = {PLACE: BackupFile("evil", entry_of(b"evil").sha256, 3)}
    with pytest.raises(DataStop, match="is damaged"):
        unpack(forged(tmp_path), backup_of(files), tmp_path / "aside", progress)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_otherwise_than_we_pack_is_damaged(tmp_path: Path, packing: int) -> None:
    with pytest.raises(DataStop, match="is damaged"):
        unpack(forged(tmp_path, packing), backup_of({PLACE: entry_of(b"evil")}), tmp_path / "aside", progress)


def test_an_encrypted_entry_is_damaged(tmp_path: Path) -> None:
    file = forged(tmp_path)
    content = bytearray(file.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    file.write_bytes(content)
    with pytest.raises(DataStop, match="is damaged"):
        unpack(file, backup_of({PLACE: entry_of(b"evil")}), tmp_path / "aside", progress)


def test_what_is_no_backup_or_a_newer_one_is_told(tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    file.write_text("something else")
    with pytest.raises(RequestStop, match="is no backup"):
        read_contents(file, KNOWN)
    with pytest.raises(FileNotFoundError):
        read_contents(tmp_path / "nowhere.zip", KNOWN)
    for newer in ({"migrations": [["records", "9999_tomorrow"]]}, {"format": 2, "files": "other"}):
        file = forged(tmp_path, content={**CONTENT, "version": "99", **newer})
        with pytest.raises(RequestStop, match="was made by version 99, which is newer"):
            read_contents(file, KNOWN)


def test_what_we_write_is_read(tmp_path: Path) -> None:
    entry = entry_of(b"dump", "dump")
    found = read_contents(forged(tmp_path, content={**CONTENT, "files": {"database.dump": asdict(entry)}}), KNOWN)
    assert found.files == {"database.dump": entry}
    assert (found.made_at, found.leas) == (CONTENT["made_at"], 1)


@pytest.mark.parametrize(
    "odd",
    [
        [],
        {},
        {"files": []},
        {"files": {"a": []}},
        {"files": {"a": {"entry": 4, "sha256": "0" * 64, "size": 4}}},
        {"files": {"a": {"entry": "a", "sha256": "short", "size": 4}}},
        {"files": {"a": {"entry": "a", "sha256": "0" * 64, "size": "4"}}},
        {"files": {"\ud800": {"entry": "a", "sha256": "0" * 64, "size": 4}}},
        {"migrations": 4},
        {"migrations": [["a"]]},
        {"migrations": [[["a"], "b"]]},
        {"leas": "one"},
        {"faults": [1]},
        {"faults": "none"},
        {"made_at": "2026-11-24\0"},
        {"made_at": "yesterday"},
        {"made_at": None},
        {"version": "\x1b[2J"},
    ],
    ids=ascii,
)
def test_a_list_of_contents_that_is_none_is_told(tmp_path: Path, odd: Any) -> None:
    file = forged(tmp_path, content={**CONTENT, **odd} if odd else odd)
    with pytest.raises(RequestStop, match="is no backup"):
        read_contents(file, KNOWN)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": ' + "9" * 5_000 + "}", "\ufeff{}", ""])
def test_a_list_of_contents_that_is_no_json_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup.json", text)
    with pytest.raises(RequestStop, match="is no backup"):
        read_contents(file, KNOWN)
