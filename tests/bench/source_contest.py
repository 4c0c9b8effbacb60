"""`python -m tests.bench.source_contest`: what one sync of a district costs with each kind of live source.

Each stand-in is a process of its own on this machine: `python -m MODULE ROSTER_FOLDER` prints, on its first line, the
settings that a person would enter, as JSON, and runs until its input ends. A kind of source takes one line in SOURCES.
"""

# ruff: noqa: T201 - a command prints

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.district import District
from tests.bench.measurement import Measurement, measure, median_of
from tests.bench.table import verdicts
from tests.bench.target import source_targets

SOURCES = {
    "aeries_api": "tests.sources.aeries_server",
    "oneroster": "tests.sources.oneroster_server",
    "aeries_database": "tests.bench.aeries_database",
}
"""The module of the stand-in, by the name of the kind."""

STUDENTS = 60_000
HEADER = "| source | rows | seconds | rows a second | waiting | peak MB |\n| --- | --: | --: | --: | --: | --: |"


@dataclass(frozen=True)
class Synced:
    """One sync of one source. `waiting`: the share of the time in which our process did not compute."""

    source: str
    measurement: Measurement

    @property
    def line(self) -> str:
        measured = self.measurement
        rows, waiting = measured.said["rows"], measured.said["waiting"]
        return (
            f"| {self.source} | {rows:,} | {measured.seconds:.1f} | {rows / measured.seconds:,.0f} "
            f"| {waiting:.0%} | {measured.peak_mb:.0f} |"
        )


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.source_contest", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sources", default=",".join(SOURCES), help="kinds with commas between them (default: all)")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    args = parser.parse_args(arguments)
    args.data.mkdir(exist_ok=True)
    district = District(args.students, args.data.resolve())
    district.prepare()
    print(f"{os.cpu_count()} cores, {args.students:,} students, median of {args.runs} runs\n\n{HEADER}")
    synced = []
    for source in args.sources.split(","):
        synced.append(Synced(source, _sync(source, district, args.runs)))
        print(synced[-1].line, flush=True)
    print("\n" + verdicts([*source_targets([(one.source, one.measurement) for one in synced])]))


def _sync(source: str, district: District, runs: int) -> Measurement:
    with tempfile.TemporaryDirectory() as name, _stand_in(SOURCES[source], district.roster) as settings:
        folder = Path(name)
        (folder / "settings.json").write_text(settings, encoding="utf-8")

        def run() -> Measurement:
            return measure("tests.bench.source", source, folder / "settings.json", folder).timed_inside()

        return median_of(runs, run)


@contextmanager
def _stand_in(module: str, roster: Path) -> Iterator[str]:
    """The settings that lead to the stand-in; it ends with its input."""
    command = [sys.executable, "-m", module, str(roster)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline()
        finally:
            process.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1:])
