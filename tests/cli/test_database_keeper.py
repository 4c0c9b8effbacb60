"""The embedded database ends with the program that used it, also when that is killed."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HOLD = """
import sys
from cersgroups.cli.database_keeper import kept_database
from cersgroups.records.server import embedded_server
with kept_database():
    print(embedded_server().pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="cersgroups-keeper-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def holding(folder: Path, **variables: str) -> "subprocess.Popen[str]":
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_"))}
    environment = {**clean, "CERSGROUPS_DATA": str(folder), **variables}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", HOLD], env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )


def server_of(program: "subprocess.Popen[str]") -> Path:
    """The process of the database that runs for it."""
    assert program.stdout is not None
    process = Path("/proc") / program.stdout.readline().strip()
    assert process.exists()
    return process


def wait_until_gone(process: Path) -> None:
    deadline = time.monotonic() + 30
    while process.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_stops_with_the_program(folder: Path) -> None:
    program = holding(folder)
    process = server_of(program)
    program.communicate(timeout=60)
    assert program.returncode == 0
    wait_until_gone(process)


def test_it_stops_when_the_program_is_killed_and_starts_again(folder: Path) -> None:
    program = holding(folder)
    process = server_of(program)
    program.kill()
    program.communicate()
    wait_until_gone(process)
    assert not (folder / "postgres" / "postmaster.pid").exists()
    again = holding(folder)
    process = server_of(again)
    again.communicate(timeout=60)
    wait_until_gone(process)


def test_it_stays_for_another_program_that_uses_it(folder: Path) -> None:
    first, second = holding(folder), holding(folder)
    process = server_of(first)
    assert server_of(second) == process
    first.kill()
    first.communicate()
    assert process.exists()
    second.communicate(timeout=60)
    wait_until_gone(process)


def test_with_a_database_of_ones_own_nothing_is_started(folder: Path) -> None:
    program = holding(folder, DATABASE_URL="postgresql://own@127.0.0.1/own")
    out, _ = program.communicate(timeout=60)
    assert out == "None\n"
    assert list(folder.iterdir()) == []


def test_why_it_cannot_start_is_told(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("3\n")
    _, err = holding(folder).communicate(timeout=60)
    assert "DataStop: The embedded PostgreSQL: pg_ctl failed" in err.splitlines()[-1] + err
