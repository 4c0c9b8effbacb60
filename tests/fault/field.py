"""The whole thing as it runs in production, to be broken: processes of the web, of workers and of the receiver.

The database is the embedded one; whoever breaks things looks into it past row security, as its superuser.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller

from cersgroups.records.server import EmbeddedServer, stop_abandoned
from tests.fault.boundary import Boundary
from tests.fault.stage import account
from tests.mailbox import Mailbox, free_port

ROOT = Path(__file__).parents[2]
LIMIT = 120.0
"""Seconds that anything may take on a busy machine."""

Process = subprocess.Popen[bytes]


@dataclass
class Worker:
    """A running worker; `note` has the numbers that it has in the database, and where it died by itself."""

    process: Process
    note: Path
    boundary: Boundary | None = None

    @property
    def numbers(self) -> list[int]:
        return [int(line) for line in self.note.read_text().split() if line.isdigit()] if self.note.exists() else []

    @property
    def hit(self) -> bool:
        """Whether it died at its boundary."""
        return self.boundary is not None and self.note.exists() and str(self.boundary) in self.note.read_text()


@dataclass
class Field:
    """`leas` as stage.py tells them; `box` is the mail server."""

    data: Path
    environment: dict[str, str]
    box: Mailbox
    controller: Controller
    sandbox_url: str = ""
    leas: list[dict[str, Any]] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    web: Process | None = None
    url: str = ""
    quick: bool = False
    _started: list[Process] = field(default_factory=list)
    _count: int = 0

    def run(self, *arguments: str) -> Any:
        """What `python ARGUMENTS` prints, as JSON."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=LIMIT
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, name: str, *arguments: str) -> Process:
        """A process that goes on, with its output in `<name>.log`."""
        with (self.data / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def start_web(self) -> None:
        """`cersgroups serve` without a worker; it keeps the database."""
        log = self.data / "serve.log"
        log.unlink(missing_ok=True)
        self.web = self.start("serve", "-m", "cersgroups", "serve", "--no-worker", "--port", str(free_port()))
        wait_until(lambda: re.search(r"at (http://127\.0\.0\.1:\d+)", log.read_text()), log)
        found = re.search(r"at (http://127\.0\.0\.1:\d+)", log.read_text())
        self.url = found[1] if found else ""
        wait_until(lambda: answers(f"{self.url}/account/login/"), log)

    def start_worker(self, boundary: Boundary | None = None, *more: str) -> Worker:
        """A worker; with a boundary, one that dies there."""
        self._count += 1
        note = self.data / f"worker-{self._count}.note"
        deadly = ["--step", boundary.step, "--when", boundary.when] if boundary else []
        quick = ["--quick"] if self.quick else []
        command = ("-m", "tests.fault.killable_worker", "--note", str(note), *deadly, *quick, *more)
        worker = Worker(self.start("worker" if not more else f"worker-{self._count}", *command), note, boundary)
        self.workers.append(worker)
        return worker

    def start_sandbox(self, count: int, *faults: str) -> None:
        port = free_port()
        accounts = [f"--account={account(number)}:sandbox" for number in range(1, count + 1)]
        years = f"--years={','.join(str(year) for year in range(2020, 2100))}"
        folder = f"--folder={self.data / 'sandbox'}"
        self.start("sandbox", "-m", "cersgroups", "sandbox", f"--port={port}", folder, years, *accounts, *faults)
        self.sandbox_url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{self.sandbox_url}/state.json"), self.data / "sandbox.log")

    def control(self, **settings: Any) -> None:
        """What the sandbox does wrong from now on."""
        httpx.post(f"{self.sandbox_url}/control", json=settings).raise_for_status()

    def sandbox(self) -> dict[str, Any]:
        state: dict[str, Any] = httpx.get(f"{self.sandbox_url}/state.json", timeout=60).json()
        return state

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        server = EmbeddedServer(self.data / "postgres")
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            yield connection

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.database() as connection:
            return connection.execute(query.encode(), values).fetchall()

    def tell(self, statement: str, *values: Any) -> None:
        with self.database() as connection:
            connection.execute(statement.encode(), values)

    def make_due(self, minute: int) -> None:
        """One more occurrence of every scheduled process has just come, each with the other roster in force."""
        for lea in self.leas:
            self.tell("UPDATE lea SET current_snapshot_id = %s WHERE id = %s", lea["rosters"][minute % 2], lea["id"])
        # yesterday's minutes are used up one by one: an occurrence is made up for within 24 hours
        self.tell(
            """
            WITH moment AS (
                SELECT date_trunc('minute', now() AT TIME ZONE 'America/Los_Angeles') - %s * interval '1 minute' AS at
            )
            UPDATE scheduled_process SET time = moment.at::time,
                since = (moment.at - interval '1 second') AT TIME ZONE 'America/Los_Angeles' FROM moment
            """,
            7 * minute + 2,
        )
        self.tell("UPDATE due SET at = now() WHERE what = 'scheduled_process'")

    def waiting(self) -> list[tuple[Any, ...]]:
        """What has not ended yet: runs, uploads, jobs."""
        return self.ask(
            """
            SELECT 'run', id, state FROM scheduled_run WHERE state IN ('queued', 'building', 'uploading', 'telling')
            UNION ALL SELECT 'upload', id, state FROM upload
                WHERE state IN ('queued', 'preparing', 'recording', 'sending')
            UNION ALL SELECT task_name, id, status::text FROM procrastinate_jobs
                WHERE queue_name IN ('default', 'heavy') AND task_name <> 'tell_of_waiting' AND status <> 'succeeded'
            """
        )

    def end(self) -> None:
        for process in self._started:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(LIMIT)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=20).status_code == 200
    except httpx.TransportError:
        return False


def wait_until(done: Callable[[], object], log: Path | None = None, limit: float = LIMIT) -> None:
    """Fails, with the end of the log, after so many seconds."""
    deadline = time.monotonic() + limit
    while not done():
        assert time.monotonic() < deadline, log.read_text()[-4000:] if log and log.exists() else "it takes too long"
        time.sleep(0.1)


@contextmanager
def playing_field(count: int, *, quick: bool = False, faults: Sequence[str] = (), **more: str) -> Iterator[Field]:
    """`count` LEAs, the web, the receiver and the mail server; workers are started by whoever asks for it."""
    data = Path(tempfile.mkdtemp(prefix="cersgroups-fault-"))
    data.chmod(0o711)
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
    own = {
        "CERSGROUPS_DATA": str(data),
        "CERSGROUPS_SMTP_URL": f"smtp://127.0.0.1:{controller.port}",
        "CERSGROUPS_UPLOAD_PAUSE_SECONDS": "1",
        "CERSGROUPS_STATIC": str(data / "static"),
    }
    arena = Field(data, {**kept, **own, **more}, box, controller, quick=quick)
    try:
        arena.start_sandbox(count, *faults)
        arena.start_web()
        arena.leas = arena.run("-m", "tests.fault.stage", str(count), arena.sandbox_url)
        yield arena
    finally:
        arena.end()
        with suppress(RuntimeError):
            controller.stop()
        stop_database(data)
        shutil.rmtree(data, ignore_errors=True)


def stop_database(data: Path) -> None:
    """Its keeper does, when all are gone; unless it looked while one of those that were killed was still there."""
    with suppress(AssertionError):
        wait_until(lambda: EmbeddedServer(data / "postgres").pid is None, limit=5)
    wait_until(lambda: stop_abandoned(data), limit=30)
