"""`python -m tests.bench.friday_contest`: a Friday at 22:30, the scheduled process of a thousand LEAs is due at once.

With 1, 2 and 4 worker processes, a receiver that needs two seconds for each file, and a mail server that takes all.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller

from cersgroups.records.server import database_server
from tests.bench.district import District
from tests.bench.friday_size import sizes
from tests.bench.measurement import measure
from tests.bench.page_server import data_folder, processor_seconds
from tests.bench.query_log import QueryLog
from tests.bench.slow_receiver import slow_receiver
from tests.mailbox import Mailbox, free_port

LEAS, STUDENTS, WORKERS, CONCURRENCY, ANSWER_SECONDS = 1_000, 5_800_000, (1, 2, 4), 8, 2.0
SMALL = 5_000
"""An LEA with fewer students than this counts as small: large ones must not hold it up."""

_POLL_SECONDS = 0.5

Connection = psycopg.Connection[tuple[object, ...]]

_DUE = """
UPDATE scheduled_process SET days = ARRAY[extract(isodow FROM moment)::int - 1], time = moment::time,
    since = now() - interval '1 hour'
FROM (SELECT now() AT TIME ZONE 'America/Los_Angeles' - interval '10 minutes' AS moment) m;
UPDATE due SET at = now() WHERE what = 'scheduled_process';
"""
_FORGET = """
TRUNCATE upload, upload_part, ledger, extract, extract_profile, extract_finding, scheduled_run, audit_entry CASCADE;
DELETE FROM procrastinate_jobs;
"""


@dataclass(frozen=True)
class Friday:
    """What came of it with so many workers. Seconds from the moment when all was due; memory of all workers."""

    workers: int
    seconds: float
    small_seconds: float
    uploaded: int
    mails: int
    failed: int
    processor_seconds: float
    peak_mb: float
    transactions: int
    queries: int


def main(arguments: Sequence[str]) -> None:
    args = _arguments(arguments)
    students = sizes(args.leas, args.students)
    args.data.mkdir(exist_ok=True)
    for size in sorted(set(students)):
        _prepare(District(size, args.data.resolve()))
    with data_folder() as folder, slow_receiver(args.answer) as receiver:
        environment = {**os.environ, "CERSGROUPS_DATA": str(folder), "PYTHONPATH": str(Path.cwd())}
        os.environ["CERSGROUPS_DATA"] = str(folder)
        with database_server() as server:
            assert server is not None
            _tell("making LEAs")
            stage = [sys.executable, "-m", "tests.bench.friday_stage", str(args.data.resolve()), receiver.url]
            subprocess.run([*stage, json.dumps(students)], env=environment, check=True)
            with psycopg.connect(server.url("postgres"), autocommit=True) as database:
                log = QueryLog(server)
                small = [number + 1 for number, size in enumerate(students) if size < SMALL]
                fridays = []
                for workers in args.workers:
                    _tell(f"Friday with {workers} workers")
                    _forget(database, folder)
                    receiver.took.clear()
                    fridays.append(_friday(database, log, environment, workers, args.concurrency, len(students), small))
    print(_heading(args, students))
    print(_table(fridays))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.friday_contest", description=__doc__)
    parser.add_argument("--leas", type=int, default=LEAS, metavar="N")
    parser.add_argument("--students", type=int, default=STUDENTS, metavar="N", help="in all LEAs together")
    parser.add_argument("--workers", type=_numbers, default=WORKERS, metavar="N,N", help="processes (1,2,4)")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, metavar="N", help="of each process")
    parser.add_argument(
        "--answer", type=float, default=ANSWER_SECONDS, metavar="S", help="the receiver's time for a file"
    )
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    return parser.parse_args(arguments)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _prepare(district: District) -> None:
    district.prepare()
    if not district.snapshot.exists():
        _tell(f"{district.students:,} students: making the snapshot")
        measure("cersgroups", "roster", "convert", district.roster, district.snapshot)


def _forget(database: Connection, folder: Path) -> None:
    """As if nothing had ever been made or sent."""
    for statement in filter(str.strip, _FORGET.split(";")):
        database.execute(statement.encode())
    for kind in ("extracts", "uploads", "ledgers"):
        for path in folder.glob(f"leas/*/{kind}/*"):
            shutil.rmtree(path)


def _friday(
    database: Connection,
    log: QueryLog,
    environment: dict[str, str],
    workers: int,
    concurrency: int,
    leas: int,
    small: list[int],
) -> Friday:
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    post.start()
    try:
        mailed = {**environment, "CERSGROUPS_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}
        before = _transactions(database)
        log.count()
        command = [sys.executable, "-m", "cersgroups", "worker", "--concurrency", str(concurrency)]
        begun = time.perf_counter()
        for statement in filter(str.strip, _DUE.split(";")):
            database.execute(statement.encode())
        running = [subprocess.Popen(command, env=mailed, stderr=subprocess.DEVNULL) for _ in range(workers)]
        small_seconds, peaks = 0.0, dict.fromkeys(range(workers), 0.0)
        while (ended := _ended(database)) < leas:
            time.sleep(_POLL_SECONDS)
            peaks |= {n: max(peaks[n], _peak_mb(process.pid)) for n, process in enumerate(running)}
            if not small_seconds and _ended(database, small) >= 0.95 * len(small):
                small_seconds = time.perf_counter() - begun
            print(f"  {ended} of {leas} runs", end="\r", file=sys.stderr)
        seconds = time.perf_counter() - begun
        used = sum(processor_seconds(process.pid) for process in running)
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
        return Friday(
            workers,
            seconds,
            small_seconds or seconds,
            _count(database, "SELECT count(*) FROM upload WHERE state = 'done'"),
            len(mailbox.mails),
            _count(database, "SELECT count(*) FROM scheduled_run WHERE state <> 'done'"),
            used,
            sum(peaks.values()),
            _transactions(database) - before,
            log.count(),
        )
    finally:
        post.stop()


def _ended(database: Connection, leas: list[int] | None = None) -> int:
    ended = "SELECT count(*) FROM scheduled_run WHERE finished_at IS NOT NULL"
    if leas is None:
        return _count(database, ended)
    return _count(database, f"{ended} AND lea_id = ANY(ARRAY[{', '.join(map(str, leas))}])")


def _transactions(database: Connection) -> int:
    database.execute("SELECT pg_stat_clear_snapshot()")
    return _count(database, "SELECT sum(xact_commit)::bigint FROM pg_stat_database")


def _count(database: Connection, query: str) -> int:
    row = database.execute(query.encode()).fetchone()
    return int(str(row[0])) if row else 0


def _peak_mb(pid: int) -> float:
    """Highest resident size so far, in 10^6 bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) * 1024 / 1e6


def _heading(args: argparse.Namespace, students: list[int]) -> str:
    return (
        f"{len(students):,} LEAs, {sum(students):,} students (the largest {students[0]:,}, the middle one "
        f"{students[len(students) // 2]:,}); {args.concurrency} jobs at a time in each worker; "
        f"the receiver answers after {args.answer:g} s; {os.cpu_count()} cores\n"
    )


def _table(fridays: Sequence[Friday]) -> str:
    first = fridays[0]
    head = (
        "workers",
        "seconds until done",
        f"until 95 % of those under {SMALL:,} students",
        "uploads",
        "mails",
        "failed",
        "speed-up",
        "share of the ideal",
        "processor seconds",
        "peak MB, all workers",
        "transactions",
        "queries",
    )
    rows = [
        (
            f"{friday.workers}",
            f"{friday.seconds:.0f}",
            f"{friday.small_seconds:.0f}",
            f"{friday.uploaded:,}",
            f"{friday.mails:,}",
            f"{friday.failed:,}",
            f"{first.seconds / friday.seconds:.2f}",
            f"{100 * first.seconds * first.workers / friday.seconds / friday.workers:.0f} %",
            f"{friday.processor_seconds:.0f}",
            f"{friday.peak_mb:.0f}",
            f"{friday.transactions:,}",
            f"{friday.queries:,}",
        )
        for friday in fridays
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("--:",) * len(head), *rows))


def _tell(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
