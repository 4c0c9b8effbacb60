"""`cersgroups demo-roster FOLDER`: write the roster of an invented district."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cersgroups.cli.progress import Progress, progress_bar
from cersgroups.sources.demo import Counts, District, write_roster
from cersgroups.sources.demo_oneroster import VERSIONS, write_oneroster

ROSTER_FOLDER = "roster-folder"
_SUMMARY = {
    "schools": "schools",
    "staff": "staff",
    "teachers": "teacher records",
    "sections": "sections",
    "students": "students",
    "enrollments": "enrollments",
    "rosters": "roster rows",
    "student_groups": "student groups",
}
"""The tables worth a line of the summary, and what people call their rows."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="what to write; the .zip for OneRoster")
    parser.add_argument("--students", metavar="N", type=int, default=3000, help="enrolled students (3000)")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="the same seed, the same bytes (1)")
    parser.add_argument("--school-year", metavar="YEAR", type=int, default=2027, help="2027 is 2026-27")
    parser.add_argument(
        "--format",
        choices=(ROSTER_FOLDER, *(f"oneroster-{version}" for version in VERSIONS)),
        default=ROSTER_FOLDER,
        help="a roster folder, or OneRoster CSV in a zip",
    )


def run(args: argparse.Namespace) -> int:
    """Write the district and print what it has. Returns the exit status."""
    district = District(args.students, args.seed, args.school_year)
    with progress_bar() as progress:
        counts = _write(args, district, _share_of(district, progress))
    Console(file=sys.stdout).print(_summary(counts))
    return 0


def _write(args: argparse.Namespace, district: District, progress: Callable[[int], None]) -> Counts:
    if args.format == ROSTER_FOLDER:
        return write_roster(args.folder, district, progress)
    return write_oneroster(args.folder, district, args.format.removeprefix("oneroster-"), progress)


def _share_of(district: District, progress: Progress) -> Callable[[int], None]:
    """Turns students of one school into the share of all that is done."""
    done = 0

    def advance(students: int) -> None:
        nonlocal done
        done += students
        progress("writing schools", done / district.students)

    return advance


def _summary(counts: Counts) -> Table:
    table = Table("made", "count", title="Demo district")
    table.columns[1].justify = "right"
    for name, words in _SUMMARY.items():
        table.add_row(words, f"{counts.rows[name]:,}")
    return table
