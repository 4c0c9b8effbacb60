"""`python -m tests.bench.ledger_contest`: what comparing an upload with the ledger and following it cost."""

# ruff: noqa: T201 - a command prints

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.district import AS_OF, District
from tests.bench.measurement import Measurement, measure

STUDENTS = 600_000
OTHER_TERM = "2027-03-01"
"""A day on which other terms run: half of the groups have changed."""

HEADER = "| what | seconds | peak MB | groups new / changed / unchanged / retired | rows of difference.csv |"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ledger_contest", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    args = parser.parse_args(arguments)
    args.data.mkdir(exist_ok=True)
    district = District(args.students, args.data.resolve())
    district.prepare()
    district.convert()
    autumn, spring = (_extract(district, day) for day in (AS_OF, OTHER_TERM))
    print(f"{os.cpu_count()} cores, {args.students:,} students\n\n{HEADER}\n| --- | --: | --: | --- | --: |")
    for line in _lines(district, autumn, spring):
        print(line, flush=True)


def _extract(district: District, day: str) -> Path:
    folder = district.empty(f"extract-{day}")
    measure("tests.bench.engine", district.snapshot, district.profile, folder, day)
    return folder


def _lines(district: District, autumn: Path, spring: Path) -> Sequence[str]:
    ledgers = district.empty("ledgers")
    none, first, second = (ledgers / name for name in ("none", "first", "second"))

    def step(what: str, ledger: Path, extract: Path, target: Path) -> Measurement:
        return measure("tests.bench.ledger", what, ledger, extract, district.snapshot, target).timed_inside()

    def difference(ledger: Path, extract: Path) -> Measurement:
        return step("compare", ledger, extract, district.empty("difference"))

    steps: dict[str, Callable[[], Measurement]] = {
        "compare, CERS empty": lambda: difference(none, autumn),
        "apply, CERS empty": lambda: step("apply", none, autumn, first),
        "compare, nothing new": lambda: difference(first, autumn),
        "compare, another term": lambda: difference(first, spring),
        "apply, another term": lambda: step("apply", first, spring, second),
    }
    lines = [_line(what, run()) for what, run in steps.items()]
    for folder in (autumn, spring, ledgers):
        shutil.rmtree(folder)
    return lines


def _line(what: str, measured: Measurement) -> str:
    said = measured.said
    kinds = ("groups_new", "groups_changed", "groups_unchanged", "groups_retired")
    groups = " / ".join(f"{said[kind]:,}" for kind in kinds) if "rows" in said else ""
    rows = f"{said['rows']:,}" if "rows" in said else ""
    return f"| {what} | {measured.seconds:.2f} | {measured.peak_mb:.0f} | {groups} | {rows} |"


if __name__ == "__main__":
    main(sys.argv[1:])
