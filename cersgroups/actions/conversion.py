"""A roster, whatever it is, becomes a snapshot. Used by the command line and by the job; needs no database."""

from collections.abc import Sequence
from pathlib import Path

from cersgroups.engine.folder import write_folder
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Progress, Snapshot, is_snapshot, open_snapshot, write_snapshot
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.roster import open_roster, open_side_folder, supplied_by


def convert_roster(
    roster: Path,
    target: Path,
    workspace: Path,
    *,
    sides: Sequence[Path] = (),
    mapping: Mapping | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Write the snapshot of `roster` with its side folders at `target`, using `workspace` meanwhile.

    Raises RequestStop and DataStop as reading the roster and writing the snapshot do.
    """
    opened = [open_side_folder(folder, workspace) for folder in sides]
    side_folders = [
        RosterFolder(side.folder, {table: str(folder / file) for table, file in side.labels.items()})
        for folder, side in zip(sides, opened, strict=True)
    ]
    findings = [finding for side in opened for finding in side.findings]
    if is_snapshot(roster):
        base, source = _unpacked(roster, workspace), open_snapshot(roster).source
    else:
        supplied = frozenset[str]().union(*map(supplied_by, opened))
        found = open_roster(roster, workspace, mapping=mapping, supplied=supplied, progress=progress)
        base, source = RosterFolder(found.folder, found.labels), found.kind
        findings = [*found.findings, *findings]
    return write_snapshot(base, target, source=source, sides=side_folders, findings=findings, progress=progress)


def _unpacked(snapshot: Path, workspace: Path) -> RosterFolder:
    folder = workspace / "roster"
    folder.mkdir()
    write_folder(open_snapshot(snapshot), folder)
    return RosterFolder(folder)
