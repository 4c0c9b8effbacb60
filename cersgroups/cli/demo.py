"""`cersgroups demo`: an invented district, an extract of each type in one table, then the web application with it.

A sandbox of the receiver runs beside it, so that uploading can be tried too.
"""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from cersgroups.cers.sandbox import Sandbox
from cersgroups.cli.application import application
from cersgroups.cli.database_keeper import kept_database
from cersgroups.cli.demo_folder import demo_data, demo_folder, use_data
from cersgroups.cli.demo_site import connect_to, fill, show_sign_ins
from cersgroups.cli.demo_table import show_extracts
from cersgroups.cli.ending import end_when_parent_ends, ends_cleanly
from cersgroups.cli.progress import progress_bar, tell
from cersgroups.cli.serve import answer, free_port, prepare
from cersgroups.cli.worker_keeper import kept_worker
from cersgroups.core import environment
from cersgroups.core.error import RequestStop
from cersgroups.core.profile import Profile
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, write_snapshot
from cersgroups.sources.demo import District, write_roster

HOST = "127.0.0.1"
"""Its passwords are known to everybody, so only this machine may reach it."""

_PORT = 8000


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", metavar="FOLDER", type=Path, default=Path("demo"), help="where (default: demo)")
    parser.add_argument("--students", metavar="N", type=int, default=3000, help="how many (default: 3000)")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="another seed, another district")
    parser.add_argument("--port", metavar="N", type=int, help=f"of the web server (default: {_PORT}, else a free one)")
    parser.add_argument("--no-serve", action="store_true", help="stop after the table")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    district = District(args.students, args.seed, _school_year(datetime.now().astimezone().date()))
    district.check()
    if args.with_parent:
        end_when_parent_ends()
    with ends_cleanly(), demo_folder(args.folder) as folder:
        snapshot, profiles = _table(folder, district)
        if not args.no_serve:
            with demo_data(folder) as data:
                use_data(data, HOST, _port(args.port))
                _serve(folder, snapshot, profiles)
    return 0


def _school_year(today: date) -> int:
    """That in which the day lies, so that terms run on most days."""
    return today.year + (today.month > 6)


def _as_of(snapshot: Snapshot) -> date:
    """A day on which every school has a term."""
    return date(snapshot.school_year - 1, 11, 23)


def _program() -> str:
    """As it was called, so that what is shown can be typed: after `make demo` it is on no path."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "cersgroups" else "cersgroups"


def _table(folder: Path, district: District) -> tuple[Snapshot, list[Profile]]:
    with progress_bar() as progress:
        progress("inventing a district", 0.1)
        write_roster(folder / "roster", district)
        roster = RosterFolder(folder / "roster")
        snapshot = write_snapshot(roster, folder / "snapshot", source="demo roster", progress=progress)
        profiles = show_extracts(snapshot, _as_of(snapshot), folder, progress)
    tell(f"Everything is in {folder}: roster/, snapshot/, profiles/, extracts/. Try: {_program()} validate FILE\n")
    return snapshot, profiles


def _port(wanted: int | None) -> int:
    if wanted is not None:
        return free_port(HOST, wanted)
    try:
        return free_port(HOST, _PORT)
    except RequestStop:
        return free_port(HOST, 0)


def _serve(folder: Path, snapshot: Snapshot, profiles: list[Profile]) -> None:
    with kept_database(), application(), Sandbox() as cers, progress_bar() as progress:
        progress("starting the database", 0.1)
        prepare()
        with kept_worker() as running:
            people = fill(folder / "roster", snapshot, profiles, _as_of(snapshot), running, progress)
            connect_to(cers)
            answer(HOST, environment.number("CERSGROUPS_PORT"), ready=lambda: show_sign_ins(people, cers))
