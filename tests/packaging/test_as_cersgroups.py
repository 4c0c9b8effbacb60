"""packaging/as-cersgroups runs a command with the settings as systemd reads them."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "as-cersgroups"

SETTINGS = """
# a remark
CERSGROUPS_URL=https://groups.district.example
  CERSGROUPS_MAIL_FROM=groups@district.example
CERSGROUPS_SMTP_URL=smtp://user:p&ss$HOME;#'w@mail.district.example:587
CERSGROUPS_SECRET_KEY="in quotes"
DATABASE_URL='postgresql://app@db/cersgroups?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem'"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """With settings of its own, and a `runuser` that tells what it is asked for."""
    (tmp_path / "settings").write_text(SETTINGS)
    runuser = tmp_path / "runuser"
    runuser.write_text('#!/bin/sh\necho "$@"\nenv\n')
    runuser.chmod(0o755)
    script = tmp_path / "as-cersgroups"
    script.write_text(SCRIPT.read_text().replace("/etc/cersgroups/settings", str(tmp_path / "settings")))
    return script


def told(script: Path, *arguments: str, **variables: str) -> list[str]:
    done = subprocess.run(
        ["sh", script, *arguments],
        env={"PATH": f"{script.parent}:{os.environ['PATH']}", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_command_runs_as_the_programs_user_with_its_settings_as_they_stand(script: Path) -> None:
    command, *variables = told(script, "backup", "/var/backups/a file.zip", SUDO_USER="olive")
    assert command == "-u cersgroups -- /opt/cersgroups/.venv/bin/cersgroups backup /var/backups/a file.zip"
    assert {
        "CERSGROUPS_URL=https://groups.district.example",
        "CERSGROUPS_MAIL_FROM=groups@district.example",
        "CERSGROUPS_SMTP_URL=smtp://user:p&ss$HOME;#'w@mail.district.example:587",
        "CERSGROUPS_SECRET_KEY=in quotes",
        "DATABASE_URL=postgresql://app@db/cersgroups?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem",
        "CERSGROUPS_DATA=/var/lib/cersgroups",
        "HOME=/var/lib/cersgroups",
        "LOGNAME=olive",
    } <= set(variables)


def test_another_data_folder_can_be_named(script: Path) -> None:
    assert "CERSGROUPS_DATA=/srv/new" in told(script, "doctor", CERSGROUPS_DATA="/srv/new")


def test_without_settings_nothing_is_run(script: Path) -> None:
    (script.parent / "settings").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        told(script, "doctor")
