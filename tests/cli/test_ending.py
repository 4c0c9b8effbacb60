"""A program that is told to end, in whatever way, tidies up first."""

import signal
import subprocess
import sys
import time

import pytest

HOLD = """
import sys, time
from cersgroups.cli.ending import end_when_input_ends, ends_cleanly
with ends_cleanly():
    try:
        if "input" in sys.argv:
            end_when_input_ends()
        print("up", flush=True)
        time.sleep(60)
    finally:
        print("tidying", flush=True)
        time.sleep(0.3)
        print("tidy", flush=True)
"""


def started(*arguments: str, through: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
    program = subprocess.Popen(
        [*through, sys.executable, "-c", HOLD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "up\n"
    return program


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_tidies_up_and_hears_nothing_more_while_it_does(number: signal.Signals) -> None:
    program = started()
    assert program.stdout is not None
    program.send_signal(number)
    assert program.stdout.readline() == "tidying\n"
    program.send_signal(signal.SIGINT)
    program.send_signal(signal.SIGTERM)
    assert program.stdout.read() == "tidy\n"
    assert program.wait(30) == 128 + number


def test_with_nohup_a_closed_terminal_ends_nothing() -> None:
    program = started(through=("nohup",))
    program.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert program.poll() is None
    program.terminate()
    assert program.wait(30) == 128 + signal.SIGTERM


def test_it_ends_with_whoever_holds_its_input() -> None:
    program = started("input")
    out, _ = program.communicate(timeout=30)
    assert out == "tidying\ntidy\n"
