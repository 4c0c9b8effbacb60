"""`cersgroups worker`: runs the jobs, on this machine or on as many as wanted."""

import argparse
import os
import signal
import sys
import threading

from cersgroups.cli.application import application
from cersgroups.cli.progress import tell


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", metavar="N", type=int, default=1, help="jobs at a time (default: 1)")
    parser.add_argument("--once", action="store_true", help="run the jobs that are there, then end")
    parser.add_argument("--until-input-ends", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    if args.until_input_ends:
        threading.Thread(target=_stop_when_input_ends, daemon=True).start()
    with application():
        from cersgroups.jobs.worker import run_worker
        from cersgroups.records.role import check_role

        check_role()
        tell("The worker runs. Stop it with Ctrl-C: what it is doing then goes on with the next one.")
        run_worker(concurrency=args.concurrency, wait=not args.once)
    return 0


def _stop_when_input_ends() -> None:
    """Whoever started this worker holds its input open; when they are gone, however, the worker stops."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
