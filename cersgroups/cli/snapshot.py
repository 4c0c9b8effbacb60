"""ROSTER on the command line: whatever it is, an opened snapshot."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cersgroups.cli.progress import Progress
from cersgroups.engine.snapshot import Snapshot, is_snapshot, open_snapshot


def add_roster_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "roster", metavar="ROSTER", type=Path, help="OneRoster zip or folder, roster folder, snapshot, or SOURCE.toml"
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


def put_roster(snapshot: Snapshot, to: str, aside: Path, target: Path) -> None:
    """Put the snapshot from `aside` in its place, or `to` "folder": a roster folder made of it."""
    from cersgroups.engine.folder import write_folder

    result = snapshot.path
    if to == "folder":
        result = aside / "folder"
        result.mkdir()
        write_folder(snapshot, result)
    result.rename(target)


def convert_roster(args: argparse.Namespace, target: Path, workspace: Path, tell: Progress) -> Snapshot:
    """Write the snapshot of ROSTER with its side folders at `target`, using `workspace` meanwhile."""
    # only here: a snapshot alone needs no source
    from cersgroups.actions import conversion
    from cersgroups.sources import mapping

    return conversion.convert_roster(
        args.roster,
        target,
        workspace,
        sides=args.side,
        mapping=mapping.from_file(args.mapping) if args.mapping else None,
        as_of=getattr(args, "as_of", None),
        progress=tell,
    )
