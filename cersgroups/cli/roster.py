"""`cersgroups roster inspect` and `roster convert`: what is in a roster, and another form of it."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cersgroups.cli.output import beside, check_new_folder
from cersgroups.cli.progress import progress_bar, tell
from cersgroups.cli.snapshot import add_roster_arguments, convert_roster, opened_roster, put_roster
from cersgroups.cli.terminal import shown
from cersgroups.core.error import RequestStop, Stop
from cersgroups.core.roster import TABLES
from cersgroups.engine.finding import tell_findings
from cersgroups.engine.school import SchoolRow, read_schools
from cersgroups.engine.snapshot import Snapshot, is_snapshot
from cersgroups.engine.support import Feature, Support, read_support

_MOST_SCHOOLS = 60
"""So many are printed for people; `--json` has all."""


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="inspect | convert", required=True)
    inspect = _add(commands, "inspect", "what is in it, what it supports, what is wrong with it")
    add_roster_arguments(inspect)
    inspect.add_argument("--json", action="store_true", help="print the result as one JSON object")
    inspect.set_defaults(act=_inspect)
    convert = _add(commands, "convert", "write it as a snapshot or as a roster folder")
    add_roster_arguments(convert)
    convert.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder")
    convert.add_argument(
        "--to", choices=("snapshot", "folder"), default="snapshot", help="what to write (default: snapshot)"
    )
    convert.set_defaults(act=_convert)


def _add(commands: Any, name: str, summary: str) -> argparse.ArgumentParser:
    """A command within the command; its own help describes it too. (The type of `commands` is argparse's secret.)"""
    added: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    return added


def run(args: argparse.Namespace) -> int:
    status: int = args.act(args)
    return status


def _inspect(args: argparse.Namespace) -> int:
    mapping = _mapping(args)
    try:
        with progress_bar() as progress, opened_roster(args, progress) as snapshot:
            result = as_json(snapshot, read_support(snapshot), read_schools(snapshot))
    except Stop as stop:
        # the counts say where the SSIDs are: most needed when the roster cannot be read without a mapping
        if mapping is None:
            raise
        result = {"source": None, "stop": str(stop)}
    if mapping is not None:
        result["mapping"] = mapping
    if args.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        _print(result)
    return Stop.status if "stop" in result else 0


def _mapping(args: argparse.Namespace) -> dict[str, Any] | None:
    """For OneRoster: how many values fit at each place, and the mapping that follows; None for anything else."""
    from cersgroups.sources import mapping
    from cersgroups.sources.oneroster_inspect import inspect

    if is_snapshot(args.roster) or args.roster.suffix == ".toml" or not args.roster.exists():
        return None
    given = mapping.from_file(args.mapping) if args.mapping else None
    try:
        seen = inspect(args.roster, given)
    except RequestStop:  # no OneRoster
        return None
    places = [(name, count) for name in ("ssid", "seid", "cds") for count in seen.places.of(name)]
    return {
        "version": seen.version,
        "files": [{"name": file.name, "rows": file.rows} for file in seen.files],
        "places": [
            {"id": name, "place": c.place, "filled": c.filled, "fitting": c.fitting, "total": c.total}
            for name, c in places
        ],
        "suggested": seen.mapping,
    }


def as_json(snapshot: Snapshot, support: Support, schools: Sequence[SchoolRow]) -> dict[str, Any]:
    def features(items: tuple[Feature, ...]) -> list[dict[str, Any]]:
        return [{"name": f.name, "works": f.works, "lacks": f.lacks} for f in items]

    return {
        "source": snapshot.source,
        "lea_code": snapshot.lea_code,
        "name": snapshot.name,
        "school_year": snapshot.school_year,
        "time_zone": snapshot.time_zone,
        "taken_at": snapshot.taken_at.isoformat(),
        "tables": {table: snapshot.counts[table] for table in TABLES},
        "schools": [asdict(school) for school in schools],
        "supports": {
            "types": features(support.types),
            "name_patterns": features(support.name_patterns),
            "filters": features(support.filters),
        },
        "findings": [finding.as_json() for finding in tell_findings(snapshot.finding_counts)],
    }


def _print(result: dict[str, Any]) -> None:
    if "stop" in result:
        tell(shown(f"This roster cannot be read as it is: {result['stop']}"))
    else:
        year = result["school_year"]
        head = f"{result['name']} ({result['lea_code']}), school year {year - 1}-{year % 100:02d}: {result['source']}"
        print(shown(head))
        _print_tables(result)
    if mapping := result.get("mapping"):
        print(f"\nOneRoster {mapping['version']}: where the identifiers may be")
        for place in mapping["places"]:
            line = f"  {place['id']:<5} {place['place']:<28} {place['fitting']:>9,} of {place['total']:,} fit"
            print(shown(line))
        if mapping["suggested"]:
            print("\nMapping:\n" + "".join(f"  {shown(line)}\n" for line in mapping["suggested"].splitlines()))


def _print_tables(result: dict[str, Any]) -> None:
    print("\nTables")
    for table, count in result["tables"].items():
        print(f"  {table:<16}{count:>12,}")
    _print_schools(result["schools"])
    for title, key in (("Types", "types"), ("Name patterns", "name_patterns"), ("Filters", "filters")):
        print(f"\n{title}")
        for feature in result["supports"][key]:
            print(f"  {feature['name']:<22}" + ("works" if feature["works"] else f"needs {feature['lacks']}"))
    print("\nFindings" + ("" if result["findings"] else ": none"))
    for finding in result["findings"]:
        print(f"  {finding['severity']}: {finding['message']}")


def _print_schools(schools: list[dict[str, Any]]) -> None:
    """By the school_id that a profile names; of a school without a CDS code nothing can be built."""
    first = schools[:_MOST_SCHOOLS]
    width = max((len(school["school_id"]) for school in first), default=0)
    print("\nSchools (school_id, CDS code, name)")
    for school in first:
        inactive = "" if school["active"] else " (inactive)"
        line = f"  {school['school_id']:<{width}}  {school['cds_code'] or '-':<14}  {school['name']}{inactive}"
        print(shown(line))
    if len(schools) > len(first):
        print(f"  and {len(schools) - len(first):,} more: --json lists all")


def _convert(args: argparse.Namespace) -> int:
    target: Path = args.folder
    check_new_folder(target)
    with progress_bar() as progress, beside(target) as aside:
        snapshot = convert_roster(args, aside / "snapshot", aside, progress)
        put_roster(snapshot, args.to, aside, target)
    tell(f"{target}: a {'snapshot' if args.to == 'snapshot' else 'roster folder'} of {snapshot.name}.")
    for finding in tell_findings(snapshot.finding_counts):
        tell(f"{finding.severity}: {finding.message}")
    return 0
