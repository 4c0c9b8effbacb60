"""`cersgroups sandbox` as a process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cersgroups.cers.client import Client
from cersgroups.cers.credential import Credential
from cersgroups.cers.endpoint import Endpoints
from cersgroups.cli.main import main
from tests.cers.csv_file import OTHER_SCHOOL, SCHOOL, file, row
from tests.cers.receiver import PATIENCE, written


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process and what it printed until it listened."""
    command = [sys.executable, "-m", "cersgroups", "sandbox", "--port", "0", "--years", "2025", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed: list[str] = []
        while not printed or not printed[-1].startswith("What it holds"):
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            printed.append(line)
        try:
            yield process, printed
        finally:
            process.kill()


def client(printed: list[str], username: str = "sandbox", password: str = "sandbox") -> Client:  # noqa: S107
    token, address = (line.split()[-1] for line in printed[1:3])
    return Client(Endpoints(token, address), Credential("password", username, password, "sandbox", "sandbox"), PATIENCE)


def test_it_prints_its_address_and_takes_a_file_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    groups = written(tmp_path, file(row(login="a@b.c")))
    folder = ("--folder", str(tmp_path / "held"))
    with running(*folder, "--lose-next", "1") as (process, printed):
        assert printed[0].startswith("The sandbox of the receiver is at http://127.0.0.1:")
        assert client(printed).send(groups).outcome == "lost"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
    with running(*folder) as (_, printed):
        assert client(printed).send(groups).outcome == "processed"


def test_accounts_have_their_schools(tmp_path: Path) -> None:
    groups = written(tmp_path, file(row()))
    accounts = ("--account", f"north:secret:{SCHOOL}", "--account", f"south:secret:{OTHER_SCHOOL}")
    with running(*accounts, "--no-polling") as (_, printed):
        accepted = client(printed, "north", "secret").send(groups)
        assert accepted.outcome == "accepted"
        assert client(printed, "north", "secret").status(str(accepted.import_id)).code == "not_visible"
        assert client(printed, "south", "secret").send(groups).outcome == "refused"
        assert client(printed).check().sentence.startswith("127.0.0.1 does not accept user name and password.")


def test_ctrl_c_ends_it_with_a_sentence_and_its_log_has_no_secrets(tmp_path: Path) -> None:
    with running() as (process, printed):
        client(printed).send(written(tmp_path, file(row(login="a@b.c"))))
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130  # as of every command that is interrupted
    assert told.splitlines() == [
        "POST /api/v1/token: 200",
        "POST /groups/imports: 202",
        "The sandbox has ended. What it held is gone.",
    ]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (("--fail-share", "2"), "fail_share must be from 0 to 1"),
        (("--fail-status", "418"), "fail_status must be one of"),
        (("--account", "nobody"), "--account: write USER:PASSWORD"),
        (("--client", "x"), "--client: write ID:SECRET"),
        (("--years", "next"), "'next' is no school year"),
        (("--port", "-1"), "Choose another --port"),
    ],
)
def test_a_wrong_option_is_told(option: tuple[str, str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", *option]) == 2
    assert says in capsys.readouterr().err
