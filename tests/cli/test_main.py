"""`cersgroups`: its commands, their help, and that no person's mistake gives a traceback."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cersgroups.cli.main import COMMANDS, main
from cersgroups.core.student_group import HEADER


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    summary = COMMANDS[command][1]
    assert f"{summary[0].upper()}{summary[1:]}." in " ".join(capsys.readouterr().out.split())


def test_every_command_stands_beside_its_summary_in_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    for name, (_, summary) in COMMANDS.items():
        assert any(re.fullmatch(rf" +{name} +{re.escape(summary[:20])}.*", line) for line in lines), name


@pytest.mark.parametrize("arguments", [[], ["bild"], ["build"]])
def test_a_wrong_request_has_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: cersgroups" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ([], "cersgroups --help"),
        (["bild"], "cersgroups --help"),
        (["--nope", "build", "x", "y"], "cersgroups --help"),
        (["build"], "cersgroups build --help"),
        (["build", "x", "y", "--nope"], "cersgroups build --help"),
        (["build", "x", "y", "--as-of", "today"], "cersgroups build --help"),
        (["roster", "convert", "x"], "cersgroups roster convert --help"),
        (["validate", "x", "y"], "cersgroups validate --help"),
        (["sandbox", "--port", "x"], "cersgroups sandbox --help"),
    ],
)
def test_a_wrong_argument_is_told_with_where_the_right_ones_stand(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert printed.err.endswith(f". See `{hint}`.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_interrupted_says_so_and_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Also within a query, where DuckDB meets the signal first."""
    program = subprocess.Popen(
        [sys.executable, "-c", ASKS_FOR_EVER],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "asking\n"
    program.send_signal(number)
    _, err = program.communicate(timeout=60)
    assert program.returncode == 128 + number
    assert err == "cersgroups: interrupted. What was there before is unchanged.\n"
    assert list(tmp_path.iterdir()) == []


ASKS_FOR_EVER = """
from cersgroups.cli import main, validate
from cersgroups.engine.database import connect

def ask(args):
    with connect() as connection:
        print("asking", flush=True)
        while True:
            connection.execute("SELECT sum(range) FROM range(3000000)")

validate.run = ask
main.sys.argv = ["cersgroups", "validate", "x.csv"]
main.run()
"""


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(",".join(HEADER) + "\n" + "a,b,c,d,e,f\n" * 20_000)
    command = f"{sys.executable} -m cersgroups validate {file} --json | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - a pipe
    assert (done.stdout, done.stderr) == ("{", "")


def test_a_result_that_cannot_be_printed_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("x")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "cersgroups", "validate", str(file)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("cersgroups: No space left on device. Make room on the disk")
    assert "Traceback" not in done.stderr
