"""`cersgroups worker`: runs the jobs, on this machine or on as many as wanted."""

import argparse
import os

from cersgroups.cli.application import application
from cersgroups.cli.ending import end_when_input_ends, ends_cleanly
from cersgroups.cli.progress import tell


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--concurrency",
        metavar="N",
        type=int,
        default=4,
        help="jobs at a time; beside them as many syncs, and as many builds but no more than processors; of both two "
        "at least (default: 4)",
    )
    parser.add_argument("--once", action="store_true", help="run the jobs that are there, then end")
    parser.add_argument("--until-input-ends", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    if args.until_input_ends:
        end_when_input_ends()
    with ends_cleanly(), application():
        from cersgroups.jobs.cache import keep_cache_small
        from cersgroups.jobs.worker import run_worker
        from cersgroups.records.role import check_role

        check_role()
        if args.once:
            tell("The worker does the jobs that are there, then it ends.")
        elif not args.until_input_ends:
            tell("The worker runs. Stop it with Ctrl-C: another one then goes on with what it was doing.")
        if not args.once:
            keep_cache_small()
        left = run_worker(concurrency=args.concurrency, wait=not args.once)
    if left:
        os._exit(0)  # Python would wait for the job's thread; nothing is lost, as with any killed worker
    return 0
