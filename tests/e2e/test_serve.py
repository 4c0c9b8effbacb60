"""The whole program as people start it: server, worker and database in one command, and nothing left behind.

All tests use one data folder, one after the other, as a machine's own: each waits until nothing runs there.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from cersgroups.records.server import EmbeddedServer

NEEDED = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
LIMIT = 60
"""Seconds that anything may take on a busy machine."""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder that PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="cersgroups-serve-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def folder(data: Path) -> Iterator[Path]:
    """The data folder; whatever a failed test left running there is killed."""
    yield data
    for process in processes_in(data):
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: not processes_in(data))


@dataclass(frozen=True)
class Serving:
    """A started `cersgroups serve`: its address, and the link to make the first admin (blank if none is shown)."""

    process: "subprocess.Popen[bytes]"
    address: str
    link: str

    def end(self, how: signal.Signals) -> int:
        """Tell it to end, as a terminal does, which tells every process of it: the exit status."""
        os.killpg(self.process.pid, how)
        return self.process.wait(LIMIT)


def run(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cersgroups", *arguments],
        env={**NEEDED, "CERSGROUPS_DATA": str(folder), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


@contextmanager
def serving(folder: Path) -> Iterator[Serving]:
    """A server that answers; killed at the end if it still runs. What it says goes to a file: a pipe could fill up."""
    said = folder / "said"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cersgroups", "serve", "--port", "0"],
            env={**NEEDED, "CERSGROUPS_DATA": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(lambda: process.poll() is not None or answers(address_in(said)), said)
        assert process.poll() is None, said.read_text()
        link = re.search(r"http://\S+/first-admin/\S+", said.read_text())
        yield Serving(process, address_in(said), link[0] if link else "")
    finally:
        process.kill()
        process.wait(LIMIT)
    assert "refused to gracefully stop" not in said.read_text()


def address_in(said: Path) -> str:
    """What the server says that it is at; blank before."""
    found = re.search(r"at (http://\S+) ", said.read_text())
    return found[1] if found else ""


def wait_until(done: Callable[[], object], said: Path | None = None) -> None:
    """Fails, with what was said, after LIMIT seconds."""
    deadline = time.monotonic() + LIMIT
    while not done():
        assert time.monotonic() < deadline, said and said.read_text()
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Whether a web server is there."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
            return bool(answer.status)
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def processes_in(folder: Path) -> list[int]:
    """What still uses the data folder, PostgreSQL's processes too. One of multiprocessing's ends a moment later."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit() or int(process.name) == os.getpid():
                continue
            used = f"CERSGROUPS_DATA={folder}\0" in (process / "environ").read_text(errors="replace")
            if used or f"{folder}/" in (process / "cmdline").read_text(errors="replace"):
                found.append(int(process.name))
        except OSError:
            continue  # it has just ended
    return found


def test_the_first_start_shows_a_link_to_make_the_admin_and_leaves_nothing_behind(folder: Path) -> None:
    with serving(folder) as server:
        assert server.link.startswith(f"{server.address}/first-admin/")
        assert server.end(signal.SIGINT) == 0
        assert not answers(server.address)
    wait_until(lambda: not processes_in(folder))


def test_signals_that_come_all_at_once_end_it_as_one_does(folder: Path) -> None:
    """As with sudo, which passes on what its whole group has got, or a terminal that closes after Ctrl-C."""
    with serving(folder) as server:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) * 100:
            server.process.send_signal(number)
        assert server.process.wait(LIMIT) in (0, 128 + signal.SIGINT, 128 + signal.SIGTERM, 128 + signal.SIGHUP)
    wait_until(lambda: not processes_in(folder))


def test_when_it_is_killed_nothing_of_it_stays_and_it_can_start_again(folder: Path) -> None:
    with serving(folder) as server:
        server.process.kill()
        wait_until(lambda: not processes_in(folder))
        assert not answers(server.address)
    with serving(folder) as again:
        assert again.end(signal.SIGTERM) == 0
    wait_until(lambda: not processes_in(folder))


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    with serving(folder) as server:
        second = run(folder, "serve", "--port", server.address.rsplit(":", 1)[1])
        assert second.returncode == 2
        assert f"{server.address.removeprefix('http://')}: cannot listen there" in second.stderr
        assert answers(server.address)
        assert server.end(signal.SIGINT) == 0


def test_an_unsafe_setting_is_told_and_nothing_starts(folder: Path) -> None:
    done = run(folder, "serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - what is refused
    assert done.returncode == 2
    assert "CERSGROUPS_URL is http://0.0.0.0" in done.stderr
    assert "Traceback" not in done.stderr
    wait_until(lambda: not processes_in(folder))


def test_a_new_link_can_be_asked_for(folder: Path) -> None:
    done = run(folder, "first-admin", CERSGROUPS_PORT="8123")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:8123/first-admin/")


def test_djangos_commands_run_with_the_database_and_migrate_as_its_owner(folder: Path) -> None:
    assert run(folder, "manage", "migrate", "-v", "0").returncode == 0
    shown = run(folder, "manage", "showmigrations", "records", "--plan")
    assert "[X]  records.0006_row_security" in shown.stdout


def test_with_the_owners_url_alone_the_application_still_cannot_pass_row_security(folder: Path) -> None:
    """Another server, as an LEA's own would be: here the embedded one under another name, used by its URL."""
    asked = (
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone())"
    )
    other = folder / "other"
    other.mkdir(mode=0o711)
    with running_database(folder) as url:
        migrated = run(other, "manage", "migrate", "-v", "0", DATABASE_URL=url)
        assert migrated.returncode == 0, migrated.stderr
        assert "cersgroups_app" in run(other, "manage", "shell", "--no-imports", "-c", asked, DATABASE_URL=url).stdout
        assert run(other, "worker", "--once", DATABASE_URL=url).returncode == 0
        unsafe = run(other, "worker", "--once", DATABASE_URL=url, DATABASE_OWNER_URL=url)
        assert unsafe.returncode == 2
        assert "would use the database as postgres" in unsafe.stderr


@contextmanager
def running_database(folder: Path) -> Iterator[str]:
    """The URL, as superuser, of an empty database on the folder's PostgreSQL, which runs within."""
    hold = [sys.executable, "-m", "cersgroups.cli.database_keeper"]
    environment = {**NEEDED, "CERSGROUPS_DATA": str(folder)}
    with subprocess.Popen(hold, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"ready\n"
            server = EmbeddedServer(folder / "postgres")
            with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as superuser:
                superuser.execute("CREATE DATABASE own")
            yield server.url("postgres", "own")
        finally:
            holder.communicate(timeout=LIMIT)
