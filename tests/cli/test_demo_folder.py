"""A demo's folder is replaced by the next demo, and nothing else ever is."""

import os
from pathlib import Path

import pytest

from cersgroups.cli import demo_folder as room
from cersgroups.cli.demo_folder import MARK, demo_data, demo_folder, use_data
from cersgroups.core.error import RequestStop


def test_the_next_demo_replaces_what_the_last_one_left(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "demo") as folder:
        (folder / "roster").mkdir()
        (folder / "roster" / "schools.csv").touch()
        (folder / "note.txt").touch()
    with demo_folder(tmp_path / "demo") as folder:
        assert {path.name for path in folder.iterdir()} == {MARK, "profiles", "extracts"}


def test_what_is_no_demo_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(RequestStop, match="holds something that is no demo"), demo_folder(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    with demo_folder(tmp_path) as folder:
        assert (folder / MARK).is_file()


def test_a_demo_that_runs_is_not_disturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_WAIT_SECONDS", 0.0)
    with demo_folder(tmp_path / "demo") as folder:
        (folder / "roster").mkdir()
        with pytest.raises(RequestStop, match="a demo runs there"), demo_folder(tmp_path / "demo"):
            pass
        assert (folder / "roster").is_dir()


def test_its_data_are_gone_when_it_ends(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "demo") as folder, demo_data(folder) as data:
        (data / "leas").mkdir()
        assert data.stat().st_mode & 0o066 == 0
    assert not data.exists()


def test_data_of_a_killed_demo_are_removed_by_the_next(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "demo") as folder:
        killed = demo_data(folder)
        data = killed.__enter__()
        (data / "leas").mkdir()
        noted = (folder / MARK).read_text()
        assert noted == str(data)
    with demo_folder(tmp_path / "demo"):
        assert not data.exists()


def test_a_folder_that_is_no_demos_data_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    for name in ("precious", "cersgroups-demo-precious"):
        precious = tmp_path / name
        precious.mkdir()
        (tmp_path / "demo" / MARK).write_text(str(precious))
        with demo_folder(tmp_path / "demo"):
            assert precious.is_dir()


def test_no_setting_of_the_environment_reaches_a_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = {"DATABASE_URL": "postgresql://real@db/real", "CERSGROUPS_DATA": "/real", "CERSGROUPS_HOST": "0.0.0.0"}  # noqa: S104
    monkeypatch.setattr(os, "environ", {**real, "HOME": "/home/real"})
    use_data(tmp_path, "127.0.0.1", 8123)
    assert os.environ == {
        "HOME": "/home/real",
        "CERSGROUPS_DATA": str(tmp_path),
        "CERSGROUPS_HOST": "127.0.0.1",
        "CERSGROUPS_PORT": "8123",
    }
