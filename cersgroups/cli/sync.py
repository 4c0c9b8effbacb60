"""`cersgroups sync`: a roster from the student information system, into a folder, or into an installation.

cersgroups sync SOURCE.toml FOLDER         # needs no database
cersgroups sync SOURCE.toml --check
cersgroups sync --lea 3768338 [--source NAME] [--check]
"""

import argparse
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cersgroups.cli.build import as_date
from cersgroups.cli.output import beside, check_new_folder
from cersgroups.cli.progress import counted, progress_bar, tell
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.sources.live import Check

_COUNTED = ("schools", "sections", "students", "staff")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "settings", metavar="SOURCE.toml", type=Path, nargs="?", help="kind and settings of a source (docs/sources.md)"
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="a new folder for the roster")
    parser.add_argument(
        "--to", choices=("snapshot", "folder"), default="snapshot", help="what to write (default: snapshot)"
    )
    parser.add_argument(
        "--as-of", metavar="DATE", type=as_date, help="the day that says which school year (default: today)"
    )
    parser.add_argument("--lea", metavar="CODE", help="the LEA of this installation: its code, name or number")
    parser.add_argument("--source", metavar="NAME", help="which of its sources, if there are several")
    parser.add_argument("--no-wait", action="store_true", help="with --lea: do not wait for the end of it")
    parser.add_argument("--check", action="store_true", help="only test the connection")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    if args.lea:
        if args.settings or args.folder or args.as_of:
            raise RequestStop("Give a SOURCE.toml, or an LEA of this installation with --lea; not both.")
        from cersgroups.cli.sync_installation import sync_lea

        return sync_lea(args)
    if args.source or args.no_wait:
        raise RequestStop("--source and --no-wait are for a source of this installation. Name its LEA with --lea.")
    if args.settings is None:
        raise RequestStop("Nothing to fetch from. Give a SOURCE.toml, or an LEA of this installation with --lea.")
    return _check(args) if args.check else _fetch(args)


def _check(args: argparse.Namespace) -> int:
    from cersgroups.sources.live_file import read_live_file

    live = read_live_file(args.settings)
    return tell_checks(live.kind.check(live.settings, args.as_of or _today()), args.json)


def tell_checks(checks: Sequence[Check], as_json: bool) -> int:
    """Print the ticks. Raises DataStop unless everything that a sync needs can be read."""
    well = all(check.ok for check in checks)
    if as_json:
        rows = [{"what": check.what, "ok": check.ok, "sentence": check.sentence} for check in checks]
        print(json.dumps({"ok": well, "checks": rows}, ensure_ascii=False, indent=1))
    else:
        for check in checks:
            print(f"{'ok     ' if check.ok else 'FAILED '} {check.what}: {check.sentence}")
    if not well:
        raise DataStop("Not everything that a sync needs can be read. Correct what is marked, and test again.")
    return 0


def _fetch(args: argparse.Namespace) -> int:
    from cersgroups.actions.conversion import convert_roster
    from cersgroups.cli.snapshot import put_roster
    from cersgroups.engine.finding import tell_findings

    target: Path | None = args.folder
    if target is None:
        raise RequestStop("Where to? Name a new folder after SOURCE.toml, or test the connection with --check.")
    check_new_folder(target)
    if args.settings.suffix.lower() != ".toml" or not args.settings.is_file():
        raise RequestStop(f"{args.settings}: there is no such file. Give the settings of a source as SOURCE.toml.")
    with progress_bar() as progress, beside(target) as aside:
        snapshot = convert_roster(args.settings, aside / "snapshot", aside, as_of=args.as_of, progress=progress)
        put_roster(snapshot, args.to, aside, target)
    findings = tell_findings(snapshot.finding_counts)
    told = {
        "folder": str(target),
        "source": snapshot.source,
        "lea_code": snapshot.lea_code,
        "school_year": snapshot.school_year,
        "tables": snapshot.counts,
        "findings": [finding.as_json() for finding in findings],
    }
    tell_result(told, args.json, f"{target}: a roster of {snapshot.name}, fetched from {snapshot.source}.")
    if not args.json:
        for finding in findings:
            tell(f"{finding.severity}: {finding.message}")
    return 0


def tell_result(result: dict[str, Any], as_json: bool, sentence: str) -> None:
    """What was fetched: the object, or a sentence with counts."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        tell(sentence)
        tell(", ".join(counted(result["tables"].get(table, 0), table) for table in _COUNTED) + ".")


def _today() -> date:
    return datetime.now(ZoneInfo("America/Los_Angeles")).date()
