"""`python -m tests.bench` (`make bench`): what a build costs, beside others who do the same work."""

# ruff: noqa: T201 - a command prints

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.contest import SMALL, Contest, Line
from tests.bench.district import District
from tests.bench.measurement import Measurement, measure, median_of
from tests.bench.table import as_markdown, as_text, verdicts
from tests.bench.target import targets, validation_target
from tests.bench.validation import ROWS, write_clean_file

SIZES = (60_000, 600_000, 5_800_000)
RECEIVER_SECONDS = 3.2
"""The receiver's own check of a million rows, its lists in memory; published, not measured here."""


def main(arguments: Sequence[str]) -> None:
    """Run the contest at every size, then the validation, and print the table and the targets."""
    args = _arguments(arguments)
    args.data.mkdir(exist_ok=True)
    lines: list[Line] = []
    for size in args.sizes:
        plain = args.all or size < SMALL
        lines += Contest(District(size, args.data.resolve()), args.runs, _tell).lines(plain)
    rows_a_second = ROWS / _validate(args.data / "clean.csv", args.runs).seconds
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {args.runs} runs (1 from {SMALL:,})\n")
    print(as_markdown(lines) if args.markdown else as_text(lines))
    print(
        f"\nvalidate: {ROWS / rows_a_second:.2f} s for {ROWS:,} clean rows, {rows_a_second:,.0f} a second; "
        f"the receiver's own check: {RECEIVER_SECONDS} s (published), {ROWS / RECEIVER_SECONDS:,.0f} a second\n"
    )
    print(verdicts([*targets(lines), validation_target(rows_a_second)]))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="N,N", help="students (default: all three)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help=f"at sizes below {SMALL:,} (3)")
    parser.add_argument("--all", action="store_true", help="plain Python at the largest size too (it takes memory)")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size.replace("_", "")) for size in text.split(","))


def _validate(path: Path, runs: int) -> Measurement:
    _tell("validating a million rows")
    if not path.exists():
        write_clean_file(path)

    def run() -> Measurement:
        measured = measure("tests.bench.validation", path)
        if not measured.said["clean"]:
            raise RuntimeError(f"{path}: the receiver would not take this file. Delete it, and run again.")
        return measured.timed_inside()

    return median_of(runs, run)


def _tell(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
