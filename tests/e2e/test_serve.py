"""The whole program as people start it: server, worker and database in one command, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cersgroups.records.server import EmbeddedServer

NEEDED = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="cersgroups-serve-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def run(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cersgroups", *arguments],
        env={**NEEDED, "CERSGROUPS_DATA": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def serve(folder: Path) -> tuple["subprocess.Popen[str]", str, str]:
    """A started server, its address, and the link to make the first admin (blank if none is shown)."""
    server = subprocess.Popen(
        [sys.executable, "-m", "cersgroups", "serve", "--port", "0"],
        env={**NEEDED, "CERSGROUPS_DATA": str(folder)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert server.stderr is not None
    said = ""
    while "Started worker" not in said:
        line = server.stderr.readline()
        assert line, said
        said += line
    address = re.search(r"at (http://\S+) ", said)
    link = re.search(r"http://\S+/first-admin/\S+", said)
    assert address is not None
    return server, address[1], link[0] if link else ""


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
            return bool(answer.status)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def processes_in(folder: Path) -> list[str]:
    """Command lines of what still uses the data folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            used = f"CERSGROUPS_DATA={folder}" in (process / "environ").read_text(errors="replace")
            if used or str(folder) in (process / "cmdline").read_text(errors="replace"):
                found.append((process / "cmdline").read_text(errors="replace").replace("\0", " "))
        except OSError:
            continue
    return found


def test_it_serves_shows_the_first_link_and_leaves_nothing_behind(folder: Path) -> None:
    server, address, link = serve(folder)
    assert answers(address)
    assert link.startswith(f"{address}/first-admin/")
    server.send_signal(signal.SIGINT)
    assert server.wait(30) == 0
    assert processes_in(folder) == []


def test_when_it_is_killed_worker_and_web_server_end_and_it_can_start_again(folder: Path) -> None:
    server, address, _link = serve(folder)
    server.kill()
    server.wait()
    deadline = time.monotonic() + 20
    while [line for line in processes_in(folder) if "cersgroups" in line.split(" postgres")[0] and "-m" in line]:
        assert time.monotonic() < deadline, processes_in(folder)
        time.sleep(0.2)
    assert not answers(address)
    again, address, _link = serve(folder)
    assert answers(address)
    again.send_signal(signal.SIGTERM)
    assert again.wait(30) == 0
    assert processes_in(folder) == []


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    server, address, _link = serve(folder)
    port = address.rsplit(":", 1)[1]
    second = run(folder, "serve", "--port", port)
    assert second.returncode == 2
    assert f"127.0.0.1:{port}: cannot listen there" in second.stderr
    assert answers(address)
    server.send_signal(signal.SIGINT)
    assert server.wait(30) == 0


def test_an_unsafe_setting_is_told_and_nothing_starts(folder: Path) -> None:
    done = run(folder, "serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - what is refused
    assert done.returncode == 2
    assert "CERSGROUPS_URL is http://0.0.0.0" in done.stderr
    assert "Traceback" not in done.stderr
    assert processes_in(folder) == []


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
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], env={**NEEDED, "CERSGROUPS_DATA": str(folder)}, stdin=subprocess.PIPE, stdout=-1
    )
    assert holder.stdout is not None
    assert holder.stdout.readline()
    server = EmbeddedServer(folder / "postgres")
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE own")
    url = server.url("postgres", "own").replace("@/", "@/", 1)
    other = folder / "other"
    other.mkdir(mode=0o711)
    migrated = run(other, "manage", "migrate", "-v", "0", DATABASE_URL=url)
    assert migrated.returncode == 0, migrated.stderr
    asked = (
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone())"
    )
    assert "cersgroups_app" in run(other, "manage", "shell", "--no-imports", "-c", asked, DATABASE_URL=url).stdout
    assert run(other, "worker", "--once", DATABASE_URL=url).returncode == 0
    unsafe = run(other, "worker", "--once", DATABASE_URL=url, DATABASE_OWNER_URL=url)
    assert unsafe.returncode == 2
    assert "would use the database as postgres" in unsafe.stderr
    holder.communicate()


HOLD = (
    "import sys\n"
    "from cersgroups.records.server import database_server\n"
    "with database_server():\n    print('up', flush=True)\n    sys.stdin.read()\n"
)
