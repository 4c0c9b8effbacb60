"""What stands in the way of the web application is told in a sentence: no database, no tables, no assets."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="cersgroups-application-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def refused(folder: Path, *arguments: str, **variables: str) -> str:
    """What the command says, which ends with status 2."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**clean, "CERSGROUPS_DATA": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["first-admin"], ["manage", "migrate"]])
def test_a_database_that_does_not_answer_is_told_without_its_password(folder: Path, command: list[str]) -> None:
    url = "postgresql://own:secret-word@127.0.0.1:1/own"
    said = refused(folder, "-m", "cersgroups", *command, DATABASE_URL=url)
    assert "The database of DATABASE_URL cannot be used" in said
    assert "secret-word" not in said


def test_a_worker_that_comes_before_the_tables_is_told(folder: Path) -> None:
    assert "make its tables first: cersgroups manage migrate" in refused(folder, "-m", "cersgroups", "worker", "--once")


def test_assets_that_were_never_built_are_told(folder: Path) -> None:
    without = (
        "from django.contrib.staticfiles import finders\n"
        "finders.find = lambda path: None\n"
        "from cersgroups.cli.main import main\n"
        "raise SystemExit(main(['serve', '--port', '0']))"
    )
    assert "Build them: make assets" in refused(folder, "-c", without)


def test_a_server_that_is_too_old_is_told(folder: Path) -> None:
    old = (
        "from cersgroups.cli import application\n"
        "application.OLDEST_VERSION = 99\n"
        "from cersgroups.cli.main import main\n"
        "raise SystemExit(main(['worker', '--once']))"
    )
    assert "too old: it is PostgreSQL 18. This program works with PostgreSQL 15 and newer" in refused(folder, "-c", old)
