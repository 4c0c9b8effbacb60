"""ROSTER on the command line: whatever it is, an opened snapshot."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cersgroups.cli.progress import Progress
from cersgroups.core.error import RequestStop
from cersgroups.core.roster import TABLES
from cersgroups.engine.folder import write_folder
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, is_snapshot, open_snapshot, write_snapshot

_SUPPLIED = {
    "ssid": ("students", "ssid"),
    "seid": ("staff", "state_educator_id"),
    "cds": ("schools", "cds_code"),
}


def add_roster_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "roster", metavar="ROSTER", type=Path, help="OneRoster zip or folder, roster folder, or snapshot"
    )
    parser.add_argument(
        "--side",
        metavar="FOLDER",
        type=Path,
        action="append",
        default=[],
        help="roster folder tables that add to the roster or, key by key, replace cells in it",
    )
    parser.add_argument("--mapping", metavar="FILE.toml", type=Path, help="where OneRoster holds SSID, SEID and CDS")


@contextmanager
def opened_roster(args: argparse.Namespace, tell: Progress) -> Iterator[Snapshot]:
    """The snapshot that ROSTER is, or a temporary one made of it. Raises what reading it raises."""
    if is_snapshot(args.roster) and not args.side:
        yield open_snapshot(args.roster)
        return
    with TemporaryDirectory(prefix="cersgroups-") as workspace:
        yield convert_roster(args, Path(workspace) / "snapshot", Path(workspace), tell)


def convert_roster(args: argparse.Namespace, target: Path, workspace: Path, tell: Progress) -> Snapshot:
    """Write the snapshot of ROSTER with its side folders at `target`, using `workspace` meanwhile."""
    sides = [_side(folder) for folder in args.side]
    unpacked = workspace / "roster"
    unpacked.mkdir()
    if is_snapshot(args.roster):
        snapshot = open_snapshot(args.roster)
        write_folder(snapshot, unpacked)
        return write_snapshot(RosterFolder(unpacked), target, source=snapshot.source, sides=sides, progress=tell)
    # only here: a snapshot needs no source
    from cersgroups.sources.mapping import read_mapping
    from cersgroups.sources.roster import open_roster

    roster = open_roster(
        args.roster,
        unpacked,
        mapping=read_mapping(args.mapping) if args.mapping else None,
        supplied=frozenset(name for name in _SUPPLIED if any(_supplies(side, name) for side in sides)),
        progress=tell,
    )
    return write_snapshot(
        RosterFolder(roster.folder, roster.labels),
        target,
        source=roster.kind,
        sides=sides,
        findings=roster.findings,
        progress=tell,
    )


def _side(folder: Path) -> RosterFolder:
    if not folder.is_dir():
        raise RequestStop(f"{folder}: there is no such folder. --side takes a folder of roster tables.")
    if not any((folder / f"{table}.csv").exists() for table in TABLES):
        raise RequestStop(f"{folder}: holds no roster table. --side takes files such as students.csv.")
    return RosterFolder(folder)


def _supplies(side: RosterFolder, name: str) -> bool:
    table, column = _SUPPLIED[name]
    file = side.file(TABLES[table])
    return file.exists() and column in file.open(encoding="utf-8-sig").readline()
