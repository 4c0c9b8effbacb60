"""`cersgroups build`: a roster and profiles in, a checked CERS file out."""

import argparse
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cersgroups.cers.acceptance import checking
from cersgroups.cli.output import beside, check_output, numbered, publish
from cersgroups.cli.progress import counted, progress_bar, tell
from cersgroups.cli.snapshot import add_roster_arguments, opened_roster
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.profile import Profile, from_file
from cersgroups.engine.extract import Extract, build


def configure(parser: argparse.ArgumentParser) -> None:
    add_roster_arguments(parser)
    parser.add_argument(
        "profiles",
        metavar="PROFILE.toml",
        type=Path,
        nargs="+",
        help="several are consolidated into one file",
    )
    parser.add_argument("--as-of", metavar="DATE", type=as_date, help="the day that counts (default: today at the LEA)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the file to write (default: the profile's name)")
    parser.add_argument("--findings", metavar="FILE.csv", type=Path, help="write the rows behind the findings here")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def as_date(value: str) -> date:
    """A date on the command line."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no date. Write it as 2026-11-23.") from None


def run(args: argparse.Namespace) -> int:
    profiles = [from_file(path) for path in args.profiles]
    target = Path(f"{_file_name(profiles)}.csv") if args.out is None else args.out
    _check_outputs(target, args)
    with (
        progress_bar() as progress,
        opened_roster(args, progress) as snapshot,
        beside(target) as aside,
    ):
        with checking(snapshot.school_year) as check:
            extract = build(snapshot, profiles, args.as_of or snapshot.today(), aside, progress, check)
        files = numbered(target, len(extract.files))
        findings = [(extract.findings_file, args.findings)] if args.findings else []
        publish([*zip(extract.files, files, strict=True), *findings])
    if args.json:
        print(json.dumps(as_json(extract, files), ensure_ascii=False, indent=1))
    else:
        _tell(extract, files)
    if extract.why:
        raise DataStop(f"{args.roster}: {extract.why}")
    return 0


def _check_outputs(target: Path, args: argparse.Namespace) -> None:
    inputs = [args.roster, *args.profiles, *([args.mapping] if args.mapping else [])]
    check_output(target, inputs)
    if args.findings:
        check_output(args.findings, inputs)
        if args.findings.absolute() == target.absolute():
            raise RequestStop(f"{target}: cannot hold both the groups and the findings. Name two files.")


def _file_name(profiles: Sequence[Profile]) -> str:
    """The only profile's name, without what a file name cannot hold; `consolidated` for several."""
    if len(profiles) > 1:
        return "consolidated"
    name = re.sub(r'[\x00-\x1f<>:"/\\|?*]+', "-", profiles[0].name).encode()[:_MAX_NAME].decode(errors="ignore")
    return name.strip(". ") or "extract"


_MAX_NAME = 200
"""Bytes: a file system takes 255, and `-1.csv` may follow."""


def as_json(extract: Extract, files: Sequence[Path]) -> dict[str, Any]:
    return {
        "file": str(files[0]) if files else None,
        "files": [str(file) for file in files],
        "records": extract.records,
        "groups": extract.groups,
        "students": extract.students,
        "users": extract.users,
        "findings": [finding.as_json() for finding in extract.findings],
    }


_COUNTS = ("groups", "students", "users", "records")


def _tell(extract: Extract, files: Sequence[Path]) -> None:
    for file in files:
        tell(f"{file}: checked by the receiver's rules.")
    if files:
        tell(", ".join(counted(getattr(extract, name), name) for name in _COUNTS) + ".")
    for finding in extract.findings:
        tell(f"{finding.severity}: {finding.message}")
