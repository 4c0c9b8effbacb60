"""The units are what systemd understands, and let the program do nothing that it does not need."""

import shutil
import subprocess
import sys
from pathlib import Path

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
