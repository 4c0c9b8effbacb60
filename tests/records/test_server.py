"""The embedded PostgreSQL: starts and stops with its programs, however they start and end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cersgroups.core.error import RequestStop
from cersgroups.records.server import APP_ROLE, OWNER, EmbeddedServer, database_server, stop_abandoned

HOLD = (
    "import sys\n"
    "from cersgroups.records.server import database_server\n"
    "with database_server():\n"
    "    print('up', flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL's own user can reach (pytest's are closed to others)."""
    with tempfile.TemporaryDirectory(prefix="cersgroups-server-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path
        stop(EmbeddedServer(path / "postgres"))


def start(folder: Path) -> "subprocess.Popen[str]":
    """A program that uses the server until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={**os.environ, "CERSGROUPS_DATA": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def is_up(program: "subprocess.Popen[str]") -> bool:
    assert program.stdout is not None
    return program.stdout.readline() == "up\n"


def end(program: "subprocess.Popen[str]") -> None:
    program.communicate()
    assert program.returncode == 0


def runs(server: EmbeddedServer) -> bool:
    pid = server.pid
    return pid is not None and Path(f"/proc/{pid}").exists()


def stop(server: EmbeddedServer) -> None:
    if (pid := server.pid) is not None and runs(server):
        os.kill(pid, signal.SIGINT)
        while runs(server):
            time.sleep(0.02)


def test_it_starts_with_the_first_program_and_stops_with_the_last(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    first, second = start(folder), start(folder)
    assert is_up(first)
    assert is_up(second)
    end(first)
    assert runs(server)
    end(second)
    assert not runs(server)


def test_many_programs_that_start_at_once_share_one_server(folder: Path) -> None:
    programs = [start(folder) for _ in range(4)]
    assert all(is_up(program) for program in programs)
    server = EmbeddedServer(folder / "postgres")
    with psycopg.connect(server.url(OWNER)) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("cersgroups",)
    for program in programs:
        end(program)
    assert not runs(server)


def test_what_was_committed_survives_the_killing_of_program_and_server(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    program = start(folder)
    assert is_up(program)
    with psycopg.connect(server.url(OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    program.kill()
    program.wait()
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    again = start(folder)
    assert is_up(again)
    with psycopg.connect(server.url(OWNER)) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    end(again)
    assert not runs(server)


def test_a_process_that_has_got_the_killed_servers_number_is_no_hindrance(folder: Path) -> None:
    """As in a container that was killed and started again: small numbers are used anew."""
    server = EmbeddedServer(folder / "postgres")
    program = start(folder)
    assert is_up(program)
    lines = (server.folder / "postmaster.pid").read_text().splitlines()
    end(program)
    (server.folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = start(folder)
    assert is_up(again)
    assert server.pid != os.getpid()
    end(again)


def test_a_killed_program_does_not_keep_the_server_running_for_ever(folder: Path) -> None:
    server = EmbeddedServer(folder / "postgres")
    killed = start(folder)
    assert is_up(killed)
    killed.kill()
    killed.wait()
    assert runs(server)
    after = start(folder)
    assert is_up(after)
    end(after)
    assert not runs(server)


def test_half_a_cluster_of_an_interrupted_first_start_is_made_anew(folder: Path) -> None:
    rest = folder / "postgres"
    rest.mkdir()
    (rest / "base").touch()
    program = start(folder)
    assert is_up(program)
    end(program)


def test_only_its_own_user_reaches_it(folder: Path) -> None:
    program = start(folder)
    assert is_up(program)
    server = EmbeddedServer(folder / "postgres")
    assert server.socket.stat().st_mode & 0o077 == 0
    with psycopg.connect(server.url(APP_ROLE)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    end(program)


def test_a_long_path_is_no_hindrance_and_its_socket_is_closed_to_others_too(folder: Path) -> None:
    deep = folder / ("long" * 12) / ("long" * 12)
    deep.mkdir(parents=True)
    program = start(deep)
    assert is_up(program)
    socket = EmbeddedServer(deep / "postgres").socket
    assert socket.stat().st_mode & 0o077 == 0
    with psycopg.connect(EmbeddedServer(deep / "postgres").url(APP_ROLE)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    end(program)
    assert not socket.exists()


def test_with_a_database_url_nothing_is_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERSGROUPS_DATA", str(folder))
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    with database_server() as server:
        assert server is None
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's PostgreSQL runs as another user")
def test_root_is_told_which_folder_bars_the_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    barred = folder / "barred"
    barred.mkdir(mode=0o700)
    inner = barred / "data"
    inner.mkdir(mode=0o711)
    monkeypatch.setenv("CERSGROUPS_DATA", str(inner))
    with pytest.raises(RequestStop, match=f"cannot pass through {barred}"), database_server():
        pass


def test_what_killed_programs_left_can_be_stopped_but_not_what_is_used(folder: Path) -> None:
    program = start(folder)
    assert is_up(program)
    server = EmbeddedServer(folder / "postgres")
    assert stop_abandoned(folder) is False
    assert runs(server)
    program.kill()
    program.communicate()
    assert runs(server)
    assert stop_abandoned(folder) is True
    assert not runs(server)
    assert stop_abandoned(folder) is True
