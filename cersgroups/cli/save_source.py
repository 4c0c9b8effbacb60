"""`cersgroups save-source SOURCE.toml --lea NUMBER`: a source of an LEA, as its admin would enter it on the page.

A script can run it again: the source of that name is changed, as when a secret is a new one.
"""

import argparse
import re
import shlex
from datetime import time
from pathlib import Path

from cersgroups.cli.application import application, migrate
from cersgroups.cli.leas import lea_number
from cersgroups.cli.progress import tell
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
    parser.add_argument(
        "--nightly",
        metavar="HH:MM",
        type=_time,
        help="sync it at this time of the LEA's: every night, or on the days that are chosen",
    )
    parser.add_argument("--before-runs", action="store_true", help="sync it before each run of the scheduled process")


def _time(text: str) -> time:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day. Write it as 02:30")
    hour, minute = map(int, text.split(":"))
    return time(hour, minute)


def run(args: argparse.Namespace) -> int:
    live = read_live_file(args.settings)
    with application():
        migrate()
        name = _save(args, live)
    test = f"cersgroups sync --lea {args.lea} --source {shlex.quote(name)} --check"
    tell(f"{name} is a source of LEA {args.lea}. To test it: {test}")
    return 0


def _save(args: argparse.Namespace, live: LiveFile) -> str:
    from django.db import transaction

    from cersgroups.actions.lea import lea_of_command
    from cersgroups.actions.source import Entry, save_source_by_command, save_sync_schedule_by_command
    from cersgroups.records.scope import lea_scope

    with lea_scope(args.lea), transaction.atomic():
        entry = Entry(args.name or live.kind.label, live.kind.kind, live.settings)
        source = save_source_by_command(lea_of_command(args.lea).pk, entry)
        if args.nightly or args.before_runs:
            save_sync_schedule_by_command(source, args.nightly, before_runs=args.before_runs)
    return source.name
