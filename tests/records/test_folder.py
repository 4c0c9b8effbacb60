"""The data folder: what is in it belongs to nobody else."""

from pathlib import Path

import pytest

from cersgroups.records.folder import (
    data_folder,
    extract_folder,
    lea_folder,
    received_folder,
    snapshot_folder,
    upload_folder,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CERSGROUPS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_it_is_made_so_that_nobody_else_can_list_it(folder: Path) -> None:
    assert data_folder() == folder
    assert folder.stat().st_mode & 0o066 == 0


def test_an_leas_folders_are_for_their_owner_only(folder: Path) -> None:
    lea_folder(7)
    made = [path for path in (folder / "leas").rglob("*") if path.is_dir()]
    assert len(made) == 6
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / "leas", *made))


def test_every_record_has_a_folder_of_its_own_below_its_lea(folder: Path) -> None:
    assert snapshot_folder(7, 1) == folder / "leas" / "7" / "snapshots" / "1"
    assert extract_folder(7, 1) == folder / "leas" / "7" / "extracts" / "1"
    assert received_folder(8, 1) == folder / "leas" / "8" / "received" / "1"
    assert upload_folder(8, 1) == folder / "leas" / "8" / "uploads" / "1"


def test_a_folder_that_is_there_keeps_its_permissions(folder: Path) -> None:
    folder.mkdir(mode=0o750)
    data_folder()
    assert folder.stat().st_mode & 0o777 == 0o750
