"""A roster, whatever it is, becomes a snapshot. Used by the command line and by the jobs; needs no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

from cersgroups.core.finding import Finding
from cersgroups.engine.folder import write_folder
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import DEFAULT_TIME_ZONE, Progress, Snapshot, is_snapshot, open_snapshot, write_snapshot
from cersgroups.sources.live import LiveKind, Settings
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.roster import open_roster, open_side_folder, supplied_by
from cersgroups.sources.tally import Tally

_FETCHING = 0.8
"""The part of a sync that asking the source is; storing is the rest."""


@dataclass(frozen=True)
class ReadRoster:
    """A roster as roster tables, the kind of source that it is of, and what was odd about it."""

    folder: RosterFolder
    source: str
    findings: tuple[Finding, ...] = ()


def convert_roster(
    roster: Path,
    target: Path,
    workspace: Path,
    *,
    sides: Sequence[Path] = (),
    mapping: Mapping | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Write the snapshot of `roster` with its side folders at `target`, using `workspace` meanwhile.

    `roster` may be the settings of a live source (sources/live_file.py), which is asked for it as of `as_of`, else of
    today. Raises RequestStop and DataStop as reading the roster and writing the snapshot do.
    """
    opened = [open_side_folder(folder, workspace) for folder in sides]
    side_folders = [
        RosterFolder(side.folder, {table: str(folder / file) for table, file in side.labels.items()})
        for folder, side in zip(sides, opened, strict=True)
    ]
    tell = progress or (lambda _what, _share: None)
    if is_snapshot(roster):
        read = ReadRoster(_unpacked(roster, workspace), open_snapshot(roster).source)
    elif is_live_file(roster):
        # only here: who reads files needs no HTTP and no driver
        from cersgroups.sources.live_file import read_live_file

        live = read_live_file(roster)
        read = fetch_roster(live.kind, live.settings, as_of or _today(), workspace, tell)
        tell = storing(tell)
    else:
        supplied = frozenset[str]().union(*map(supplied_by, opened))
        found = open_roster(roster, workspace, mapping=mapping, supplied=supplied, progress=tell)
        read = ReadRoster(RosterFolder(found.folder, found.labels), found.kind, found.findings)
    findings = [*read.findings, *(finding for side in opened for finding in side.findings)]
    return write_snapshot(read.folder, target, source=read.source, sides=side_folders, findings=findings, progress=tell)


def is_live_file(roster: Path) -> bool:
    """Whether the path is meant as the settings of a live source."""
    return roster.suffix.lower() == ".toml" and roster.is_file()


def fetch_roster(kind: LiveKind, settings: Settings, as_of: date, workspace: Path, tell: Progress) -> ReadRoster:
    """Ask a live source for everything, into a new folder below `workspace`.

    Raises RequestStop for settings that are missing, DataStop naming the request that failed.
    """
    folder, tally = Path(mkdtemp(prefix="fetched-", dir=workspace)), Tally()
    complete = kind.complete(settings)
    kind.fetch(complete, as_of, folder, tally, lambda what, share: tell(f"fetching {what}", share * _FETCHING))
    return ReadRoster(RosterFolder(folder, kind.labels), kind.label, tally.findings())


def store_roster(read: ReadRoster, target: Path, tell: Progress) -> Snapshot:
    """Write the snapshot of what was fetched. Raises DataStop for data that cannot be used."""
    return write_snapshot(read.folder, target, source=read.source, findings=read.findings, progress=storing(tell))


def storing(tell: Progress) -> Progress:
    """The progress of storing, as the last part of a sync."""
    return lambda what, share: tell(what, _FETCHING + (1 - _FETCHING) * share)


def _today() -> date:
    return datetime.now(ZoneInfo(DEFAULT_TIME_ZONE)).date()


def _unpacked(snapshot: Path, workspace: Path) -> RosterFolder:
    folder = workspace / "roster"
    folder.mkdir()
    write_folder(open_snapshot(snapshot), folder)
    return RosterFolder(folder)
