"""`cersgroups build`: a roster and profiles in, a checked CERS file out."""

import argparse
import json
import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cersgroups.cers.acceptance import checking
from cersgroups.cli.progress import progress_bar, tell
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
    parser.add_argument("--as-of", metavar="DATE", type=_date, help="the day that counts (default: today at the LEA)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the file to write (default: the profile's name)")
    parser.add_argument("--findings", metavar="FILE.csv", type=Path, help="write the rows behind the findings here")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no date. Write it as 2026-11-23.") from None


def run(args: argparse.Namespace) -> int:
    profiles = [from_file(path) for path in args.profiles]
    target = args.out or Path(f"{_file_name(profiles)}.csv")
    for path in (target, args.findings):
        if path is not None and not path.absolute().parent.is_dir():
            raise RequestStop(f"{path}: the folder {path.absolute().parent} does not exist.")
    with (
        progress_bar() as progress,
        opened_roster(args, progress) as snapshot,
        TemporaryDirectory(prefix=".cersgroups-", dir=target.absolute().parent) as aside,
    ):
        with checking(snapshot.school_year) as check:
            extract = build(snapshot, profiles, args.as_of or snapshot.today(), Path(aside), progress, check)
        if args.findings:
            _publish(extract.findings_file, args.findings)
        files = publish(extract, target)
    if args.json:
        print(json.dumps(as_json(extract, files), ensure_ascii=False, indent=1))
    else:
        _tell(extract, files)
    if extract.why:
        raise DataStop(extract.why)
    return 0


def publish(extract: Extract, target: Path) -> list[Path]:
    """Move the files to `target`, or to `target` with -1, -2, ... if there are several; returns their paths."""
    if len(extract.files) == 1:
        targets = [target]
    else:
        targets = [target.with_stem(f"{target.stem}-{n}") for n in range(1, len(extract.files) + 1)]
    for file, path in zip(extract.files, targets, strict=True):
        _publish(file, path)
    return targets


def _publish(file: Path, target: Path) -> None:
    """Put `file` in the place of `target`, whole or not at all."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        file.replace(target)
    except OSError:  # another file system: copy beside it first
        aside = target.with_name(f".{target.name}.part")
        aside.write_bytes(file.read_bytes())
        aside.replace(target)


def _file_name(profiles: Sequence[Profile]) -> str:
    """The only profile's name, without what a file name cannot hold; `consolidated` for several."""
    if len(profiles) > 1:
        return "consolidated"
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]+', "-", profiles[0].name).strip(". ") or "extract"


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


def _tell(extract: Extract, files: Sequence[Path]) -> None:
    for file in files:
        tell(f"{file}: checked by the receiver's rules.")
    if files:
        tell(
            f"{extract.groups:,} groups, {extract.students:,} students, {extract.users:,} users, "
            f"{extract.records:,} records."
        )
    for finding in extract.findings:
        tell(f"{finding.severity}: {finding.message}")
