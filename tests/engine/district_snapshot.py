"""The small district as a snapshot, for tests of what the engine reads from one."""

from pathlib import Path

from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, write_snapshot
from tests.engine.roster_files import DISTRICT, write_roster


def snapshot_of(folder: Path, **changes: str) -> Snapshot:
    """A snapshot of DISTRICT with some tables replaced."""
    roster = write_roster(folder / "roster", {**DISTRICT, **changes})
    return write_snapshot(RosterFolder(roster), folder / "snapshot", source="roster folder")
