"""`cersgroups save-source SOURCE.toml --lea NUMBER`: a source of an LEA, as its admin would enter it on the page.

A script can run it again: the source of that name is changed, as when a secret is a new one.
"""

import argparse
from datetime import time
from pathlib import Path

from cersgroups.cli.application import application, migrate
from cersgroups.cli.leas import lea_number
from cersgroups.cli.progress import tell
from cersgroups.core.schedule import DAY_NAMES
from cersgroups.sources.live_file import LiveFile, read_live_file


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "settings", metavar="SOURCE.toml", type=Path, help="kind and settings of the source (docs/sources.md)"
    )
    parser.add_argument(
        "--lea", metavar="NUMBER", type=lea_number, required=True, help="whose source (`cersgroups leas` lists LEAs)"
    )
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="of the source, if there are several (default: that of its kind, such as Aeries API)",
    )
    parser.add_argument("--nightly", metavar="HH:MM", type=_time, help="sync it every night at this time of the LEA's")
    parser.add_argument("--before-runs", action="store_true", help="sync it before each run of the scheduled process")


def _time(text: str) -> time:
    try:
        hour, minute = text.split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day. Write it as 02:30") from None


def run(args: argparse.Namespace) -> int:
    live = read_live_file(args.settings)
    with application():
        migrate()
        name = _save(args, live)
    tell(
        f"{name} is a source of LEA {args.lea}. To test it: cersgroups sync --lea {args.lea} --source '{name}' --check"
    )
    return 0


def _save(args: argparse.Namespace, live: LiveFile) -> str:
    from django.db import transaction

    from cersgroups.actions.lea import find_lea
    from cersgroups.actions.source import ByItself, Entry, save_source_by_command, save_sync_schedule_by_command
    from cersgroups.records.scope import lea_scope

    with lea_scope(args.lea), transaction.atomic():
        entry = Entry(args.name or live.kind.label, live.kind.kind, live.settings)
        source = save_source_by_command(find_lea(args.lea).pk, entry)
        if args.nightly or args.before_runs:
            days = range(len(DAY_NAMES)) if args.nightly else ()
            by_itself = ByItself(args.nightly is not None, days, args.nightly, args.before_runs)
            save_sync_schedule_by_command(source, by_itself)
    return source.name
