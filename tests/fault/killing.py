"""Workers and the web are killed again and again while scheduled runs go on; then all must be as if nothing was."""

import random
import re
import signal
import statistics
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from tests.fault.boundary import Boundary
from tests.fault.field import Field, Process, Worker
from tests.fault.stage import PASSWORD, addresses, admin

ROUND_SECONDS = 420.0
STEP_SECONDS = 40.0
IDLE_SHARE = 0.1


@dataclass
class Figures:
    """`recovered`: for each job of a killed worker, seconds until another had it. `violations` should be empty."""

    rounds: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    random: int = 0
    web: int = 0
    in_mail: int = 0
    recovered: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    mails: int = 0
    mails_twice: int = 0

    @property
    def kills(self) -> int:
        return self.steps.total() + self.random + self.web

    def table(self, what: str, arena: Field) -> str:
        uploads = arena.ask("SELECT count(*) FROM upload_part")[0][0]
        sent = len(arena.sandbox()["imports"])
        rows = (
            ("kills", f"{self.kills}"),
            ("... of workers, at a step", f"{self.steps.total()} ({len(self.steps)} different)"),
            ("... of workers, at a random moment", f"{self.random}"),
            ("... of the web", f"{self.web}"),
            ("rounds; scheduled runs", f"{self.rounds}; {self.rounds * len(arena.leas)}"),
            ("files CERS took; of them again, the answer lost", f"{sent}; {sent - uploads}"),
            ("jobs of killed workers", f"{len(self.recovered)}"),
            ("... go on elsewhere after, median", _seconds(statistics.median(self.recovered or [0]))),
            ("... at the latest", _seconds(max(self.recovered, default=0))),
            ("mails; of them twice, as the worker died while sending", f"{self.mails}; {self.mails_twice}"),
            ("violations", f"{len(self.violations)}"),
        )
        return "\n".join([f"| {what} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


@dataclass
class Killing:
    """`count` workers, which die at `boundaries` in this order; every `spared`-th (0: none) at a random moment only.

    `seed` makes the rest repeatable.
    """

    arena: Field
    count: int
    boundaries: list[Boundary]
    seed: int = 0
    spared: int = 3
    figures: Figures = field(default_factory=Figures)
    _orphans: dict[int, tuple[float, set[int]]] = field(default_factory=dict)
    _left: int = 0
    _started: int = 0
    _born: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.boundaries = list(self.boundaries)

    def round(self, kills: int, *, web: bool, pause: float) -> None:
        """One run of every LEA, with at most so many kills, at random moments about `pause` seconds apart."""
        self._left = kills
        while len(self.arena.workers) < self.count:
            self._start()
        if web:
            self._kill_web()
        self.arena.make_due(self.figures.rounds)
        self.figures.rounds += 1
        deadline, next_kill = time.monotonic() + ROUND_SECONDS, time.monotonic() + pause
        while not self._is_over():
            self._look_at_the_dead()
            if self._left > 0 and time.monotonic() > next_kill:
                next_kill = time.monotonic() + self._random.uniform(0.5, 1.5) * pause
                self._kill_one()
            if time.monotonic() > deadline:
                self.figures.violations.append(f"round {self.figures.rounds} does not end: {self.arena.waiting()}")
                return
            time.sleep(0.1)
        self._look_at_the_dead()
        found = self.arena.run("-m", "tests.fault.witness", self.arena.sandbox_url, str(self.figures.rounds))
        self.figures.violations += [f"round {self.figures.rounds}: {fault}" for fault in found]
        self._look_at_mails()

    def _start(self) -> None:
        """Most die at a step, as long as there are steps at which none has died yet."""
        self._started += 1
        armed = self.boundaries and self._left > 0 and (not self.spared or self._started % self.spared)
        worker = self.arena.start_worker(self.boundaries.pop(0) if armed else None)
        self._born[worker.process.pid] = time.monotonic()

    def _is_over(self) -> bool:
        runs = self.arena.ask("SELECT count(*) FROM scheduled_run WHERE started_by_id IS NULL")[0][0]
        whole = bool(runs >= self.figures.rounds * len(self.arena.leas))
        return whole and not self._orphans and not self.arena.waiting()

    def _kill_one(self) -> None:
        """Mostly one that does something. One that is to die at a step is given time to come there."""
        busy = {row[0] for row in self._doing()}
        now = time.monotonic()
        living = [w for w in self.arena.workers if not w.boundary or now - self._born[w.process.pid] > STEP_SECONDS]
        working = [worker for worker in living if busy & set(worker.numbers)]
        chosen = working or (living if self._random.random() < IDLE_SHARE else [])
        if chosen:
            self._random.choice(chosen).process.kill()

    def _look_at_the_dead(self) -> None:
        for worker in list(self.arena.workers):
            if worker.process.poll() is not None:
                self._bury(worker)
        if self._orphans:
            doing = {job: number for number, job, _ in self._doing()}
            todo = {row[0] for row in self.arena.ask("SELECT id FROM procrastinate_jobs WHERE status = 'todo'")}
            for job, (died, numbers) in list(self._orphans.items()):
                if job not in todo and doing.get(job, 0) not in numbers and doing.get(job, 0) is not None:
                    self.figures.recovered.append(time.monotonic() - died)
                    del self._orphans[job]

    def _bury(self, worker: Worker) -> None:
        """Note what it leaves, and start the next one."""
        numbers = set(worker.numbers)
        for number, job, task in self._doing():
            if number in numbers:
                self._orphans[job] = (time.monotonic(), numbers)
                self.figures.in_mail += task == "advance_run"
        if worker.process.returncode != -signal.SIGKILL:
            self.figures.violations.append(f"a worker ended with {worker.process.returncode}")
        elif worker.hit:
            self.figures.steps[str(worker.boundary)] += 1
        else:
            self.figures.random += 1
            if worker.boundary:
                self.boundaries.append(worker.boundary)
        self._left -= 1
        self.arena.workers.remove(worker)
        self._start()

    def _doing(self) -> list[tuple[int, int, str]]:
        """Worker's number, job, task."""
        query = (
            "SELECT worker_id, id, task_name FROM procrastinate_jobs "
            "WHERE status = 'doing' AND queue_name IN ('default', 'heavy')"
        )
        return [(number, job, task) for number, job, task in self.arena.ask(query)]

    def _kill_web(self) -> None:
        """While somebody clicks Run now: the run is there, or not at all."""
        assert self.arena.web is not None
        number = self._random.randrange(len(self.arena.leas)) + 1
        clicking = threading.Thread(target=_run_now, args=(self.arena.url, number, clicked := threading.Event()))
        clicking.start()
        clicked.wait(30)
        time.sleep(self._random.uniform(0, 0.2))
        _kill(self.arena.web)
        clicking.join(60)
        self.figures.web += 1
        self.arena.start_web()

    def _look_at_mails(self) -> None:
        """One to each address for each run; twice only as often as a worker died while a run went on."""
        sent = Counter((mail["To"], mail["Message-ID"].split("@")[0]) for mail in self.arena.box.mails)
        numbers = {lea["id"]: number for number, lea in enumerate(self.arena.leas, start=1)}
        for run, lea in self.arena.ask("SELECT id, lea_id FROM scheduled_run"):
            for address in addresses(numbers[lea]):
                if not sent[address, f"<run-{run}.lea-{lea}"]:
                    self.figures.violations.append(f"no mail to {address} about run {run}")
        self.figures.mails = sent.total()
        self.figures.mails_twice = sent.total() - len(sent)
        if self.figures.mails_twice > self.figures.in_mail:
            self.figures.violations.append(f"{self.figures.mails_twice} mails came twice")


def _kill(process: Process) -> None:
    process.kill()
    process.wait(60)


def _run_now(url: str, number: int, clicked: threading.Event) -> None:
    try:
        with suppress(httpx.TransportError), httpx.Client(base_url=url, timeout=30, follow_redirects=True) as client:
            form = client.get("/account/login/").text
            client.post("/account/login/", data=_secret(form) | {"login": admin(number), "password": PASSWORD})
            form = client.get("/scheduled-process/").text
            clicked.set()
            client.post("/scheduled-process/run/", data=_secret(form))
    finally:
        clicked.set()


def _secret(form: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found, form[:2000]
    return {"csrfmiddlewaretoken": found[1]}
