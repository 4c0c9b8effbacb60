"""The oldest PostgreSQL that is supported, as a server of its own, where its programs are installed."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from cersgroups.records.folder import is_root
from cersgroups.records.server import _SYSTEM_USER, APP_ROLE, OLDEST_VERSION, _ensure_system_user
from tests.cli.installation import Installation

PROGRAMS = Path(f"/usr/lib/postgresql/{OLDEST_VERSION}/bin")
"""Where Debian puts them."""

OWNER = "the_owner"


@dataclass(frozen=True)
class OldestServer:
    """`folder` holds the socket; `aside` is where its installations' data folders lie."""

    folder: Path
    aside: Path

    def installation(self, name: str) -> Installation:
        """With an empty database."""
        (self.aside / name).mkdir(mode=0o700)
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as superuser:
            superuser.execute(f"CREATE DATABASE {name} OWNER {OWNER}".encode())
        return Installation(self.aside / name, self.url(OWNER, name))

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"


@contextmanager
def oldest_server(aside: Path) -> Iterator[OldestServer]:
    """Gone afterwards. Its folder is not below pytest's, which its user cannot reach where this is root."""
    with tempfile.TemporaryDirectory(prefix="cersgroups-oldest-") as name:
        folder = Path(name)
        if is_root():
            _ensure_system_user()
            folder.chmod(0o755)
            subprocess.run(["chown", _SYSTEM_USER, name], check=True)
        _run("initdb", "-D", f"{name}/cluster", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -c unix_socket_directories='{name}' -c fsync=off"
        _run("pg_ctl", "-D", f"{name}/cluster", "-w", "-l", f"{name}/log", "-o", options, "start")
        try:
            server = OldestServer(folder, aside)
            with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as superuser:
                superuser.execute(f"CREATE ROLE {OWNER} LOGIN".encode())
                superuser.execute(f"CREATE ROLE {APP_ROLE} LOGIN".encode())
            yield server
        finally:
            _run("pg_ctl", "-D", f"{name}/cluster", "-w", "-m", "immediate", "stop")


def _run(program: str, *arguments: str) -> None:
    """As another user if this is root, which PostgreSQL refuses to be."""
    user = _SYSTEM_USER if is_root() else None
    subprocess.run(
        [str(PROGRAMS / program), *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
    )
