"""The units are what systemd understands, and let the program do nothing that it does not need."""

import os
import shlex
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from time import time

import pytest

UNITS = Path(__file__).parents[2] / "packaging" / "systemd"
INSTALLED = "/opt/cersgroups/.venv/bin/cersgroups"
analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """As they are installed, with a program that is there."""
    for unit in UNITS.iterdir():
        name = unit.name.replace("@.", "@1.")
        (tmp_path / name).write_text(unit.read_text().replace(INSTALLED, sys.executable))
    return sorted(tmp_path.iterdir())


@analyze
def test_systemd_understands_them(units: list[Path]) -> None:
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@analyze
def test_they_are_closed_to_what_the_program_does_not_need(units: list[Path]) -> None:
    for unit in units:
        if unit.suffix == ".service":
            command = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", sorted(unit.name for unit in UNITS.glob("*.service")))
def test_each_runs_as_a_user_of_its_own_with_its_settings(unit: str) -> None:
    lines = (UNITS / unit).read_text().splitlines()
    assert {"User=cersgroups", "EnvironmentFile=/etc/cersgroups/settings", "UMask=0077"} <= set(lines)
    assert any(line.startswith(f"ExecStart={INSTALLED} ") for line in lines)


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ("0", {f"{date.today()}.zip", "young.zip"}),
        ("3", {f"{date.today()}-not-whole.zip", "young.zip", "old.zip"}),
        ("1", {"new.zip", "young.zip", "old.zip", "old-not-whole.zip"}),
        ("TERM", {"new.zip", "young.zip", "old.zip", "old-not-whole.zip"}),
    ],
)
def test_a_backup_is_kept_under_its_day_and_no_whole_one_goes_while_new_ones_are_not_whole(
    tmp_path: Path, status: str, kept: set[str]
) -> None:
    for name, days in (("new.zip", 0), ("young.zip", 13), ("old.zip", 16), ("old-not-whole.zip", 16)):
        (tmp_path / name).touch()
        then = time() - timedelta(days=days).total_seconds()
        os.utime(tmp_path / name, (then, then))
    subprocess.run(after_the_backup(tmp_path), env={**os.environ, "EXIT_STATUS": status}, check=True)
    assert {path.name for path in tmp_path.iterdir()} == kept


def after_the_backup(folder: Path) -> list[str]:
    """What systemd runs afterwards, as it reads it: lines joined, its own signs replaced."""
    lines = (UNITS / "cersgroups-backup.service").read_text().replace("\\\n", " ").splitlines()
    [line] = [line.removeprefix("ExecStopPost=") for line in lines if line.startswith("ExecStopPost=")]
    return shlex.split(line.replace("$$", "$").replace("%%", "%").replace("/var/backups/cersgroups", str(folder)))
