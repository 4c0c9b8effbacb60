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
from cersgroups.sources.live import LiveKind, Settings, Target
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


@dataclass(frozen=True)
class Sides:
    """Side folders, what was odd about them, and which of ssid, seid and cds they give."""

    folders: tuple[RosterFolder, ...] = ()
    findings: tuple[Finding, ...] = ()
    supplied: frozenset[str] = frozenset()


NO_SIDES = Sides()


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
    side = open_sides(sides, workspace)
    tell = progress or (lambda _what, _share: None)
    if is_snapshot(roster):
        read = ReadRoster(_unpacked(roster, workspace), open_snapshot(roster).source)
    elif is_live_file(roster):
        # only here: who reads files needs no HTTP and no driver
        from cersgroups.sources.live_file import read_live_file

        live = read_live_file(roster)
        read = fetch_roster(live.kind, live.settings, as_of or _today(), workspace, tell, side.supplied)
        tell = storing(tell)
    else:
        found = open_roster(roster, workspace, mapping=mapping, supplied=side.supplied, progress=tell)
        read = ReadRoster(RosterFolder(found.folder, found.labels), found.kind, found.findings)
    return _write(read, side, target, tell)


def open_sides(folders: Sequence[Path], workspace: Path) -> Sides:
    """Check side folders. Raises what `open_side_folder` raises."""
    opened = [open_side_folder(folder, workspace) for folder in folders]
    return Sides(
        folders=tuple(
            RosterFolder(side.folder, {table: str(folder / file) for table, file in side.labels.items()})
            for folder, side in zip(folders, opened, strict=True)
        ),
        findings=tuple(finding for side in opened for finding in side.findings),
        supplied=frozenset[str]().union(*map(supplied_by, opened)),
    )


def is_live_file(roster: Path) -> bool:
    """Whether the path is meant as the settings of a live source."""
    return roster.suffix.lower() == ".toml" and roster.is_file()


def fetch_roster(
    kind: LiveKind,
    settings: Settings,
    as_of: date,
    workspace: Path,
    tell: Progress,
    supplied: frozenset[str] = frozenset(),
) -> ReadRoster:
    """Ask a live source for everything, into a new folder below `workspace`. `supplied`: see Sides.

    Raises RequestStop for settings that are missing, DataStop naming the request that failed.
    """
    folder, tally = Path(mkdtemp(prefix="fetched-", dir=workspace)), Tally()
    complete = kind.complete(settings)

    def told(what: str, share: float) -> None:
        tell(f"fetching {what}", share * _FETCHING)

    kind.fetch(complete, Target(as_of, folder, tally, told, supplied))
    return ReadRoster(RosterFolder(folder, kind.labels), kind.label, tally.findings())


def store_roster(read: ReadRoster, target: Path, tell: Progress, side: Sides = NO_SIDES) -> Snapshot:
    """Write the snapshot of what was fetched. Raises DataStop for data that cannot be used."""
    return _write(read, side, target, storing(tell))


def _write(read: ReadRoster, side: Sides, target: Path, tell: Progress) -> Snapshot:
    findings = [*read.findings, *side.findings]
    return write_snapshot(read.folder, target, source=read.source, sides=side.folders, findings=findings, progress=tell)


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
