"""`cersgroups validate FILE`: what CERS would answer to a file, and what it would garble without a word."""

import argparse
import json
import re
from datetime import date
from pathlib import Path

from cersgroups.cers.known import Known, usual_years
from cersgroups.cers.validation import validate_file
from cersgroups.cers.verdict import Verdict
from cersgroups.cli.terminal import shown
from cersgroups.core.error import RequestStop

MAX_TOLD = 20
"""Failures and hazards printed one by one; --json gives all."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a student groups file (CSV)")
    add_known(parser)


def run(args: argparse.Namespace) -> int:
    """Print the verdict. Status 0 if the file is accepted and safe, else 1."""
    verdict = validate_file(args.file, known_from(args))
    if args.json:
        print(json.dumps(verdict.as_json()))
    else:
        print("\n".join(map(shown, lines(verdict, args.file.name))))
    return 0 if verdict.safe else 1


def add_known(parser: argparse.ArgumentParser) -> None:
    """The options that say what the receiver knows."""
    parser.add_argument("--schools", metavar="A,B", help="CDS codes CERS knows (all in the file)")
    parser.add_argument("--years", metavar="Y,Z", help="school years CERS knows (five back to one ahead)")
    parser.add_argument("--subjects", metavar="ELA,Math", help="subjects CERS knows (ELA,Math)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def known_from(args: argparse.Namespace) -> Known:
    """What the options say; the usual years are those of today by the local clock."""
    schools = None if args.schools is None else frozenset(split(args.schools))
    years = usual_years(date.today()) if args.years is None else school_years(args.years)
    if args.subjects is None:
        return Known(schools, years)
    return Known(schools, years, tuple(split(args.subjects)))


def school_years(text: str) -> frozenset[int]:
    """Raises RequestStop for a text that is no list of years."""
    return frozenset(map(_year, split(text)))


def split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def lines(verdict: Verdict, name: str) -> list[str]:
    """The verdict for people: a sentence, then failures or hazards with their rows."""
    if verdict.crash is not None:
        return [
            f"{name}: CERS cannot read this file and answers with an error of its own.",
            f"  {verdict.crash}",
            "Write six columns, and close every quote.",
        ]
    if not verdict.ok:
        told = [f"  Row {r.row}: {r.message}" for r in verdict.results]
        return [f"{name}: CERS would refuse this file. Nothing of it would be loaded.", *_some(told)]
    accepted = [f"  {result.message}" for result in verdict.results]
    if verdict.safe:
        return [f"{name}: CERS would accept this file, and load it as it is.", *_some(accepted)]
    hazards = [f"  {hazard.message}" for hazard in verdict.hazards]
    return [
        f"{name}: CERS would accept this file, but not store what it says. Do not send it.",
        *_some(hazards),
    ]


def _some(told: list[str]) -> list[str]:
    more = len(told) - MAX_TOLD
    return told if more <= 0 else [*told[:MAX_TOLD], f"  and {more:,} more (--json gives all)"]


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise RequestStop(f"--years: {text!r} is no school year. Write 2027 for 2026-27.")
    return int(text)
