"""From the path of a roster to a roster folder: recognises a roster folder and OneRoster, zipped or not."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.finding import Finding
from cersgroups.core.roster import ROSTER_FOLDER, TABLES
from cersgroups.sources import oneroster, roster_folder
from cersgroups.sources.archive import EXPECTED, Archive, open_archive, refuse_single_file
from cersgroups.sources.mapping import SUPPLIED_BY, Mapping
from cersgroups.sources.oneroster import Progress
from cersgroups.sources.tally import Tally

Kind = Literal["roster folder", "oneroster 1.1", "oneroster 1.2"]


@dataclass(frozen=True)
class OpenedRoster:
    """A folder of `<table>.csv` files, what was odd about them, and the files that the person knows.

    `labels` gives, for sentences, the name of the file that a table was made of.
    """

    kind: Kind
    folder: Path
    findings: tuple[Finding, ...]
    labels: dict[str, str]


def open_roster(
    path: Path,
    workspace: Path,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
    supplied: frozenset[str] = frozenset(),
) -> OpenedRoster:
    """Open a roster; whatever must be written goes into a new folder below `workspace`.

    `mapping` is for OneRoster only; `supplied` names those of ssid, seid and cds that side folders give (see
    `supplied_by`). `progress` is called with what is being done and the part that is done (0 to 1).
    Raises RequestStop if there is nothing at the path, DataStop if it is no roster or cannot be read.
    """
    tally = Tally()
    with _archive(path, tally) as archive:
        if not _is_oneroster(archive):
            folder = roster_folder.use_folder(archive, _new(workspace), tally, progress=progress)
            return OpenedRoster(ROSTER_FOLDER, folder, tally.findings(), _all_labels(archive))
        folder = _new(workspace)
        version = oneroster.write_roster(archive, folder, mapping or Mapping(), supplied, tally, progress)
    kind: Kind = "oneroster 1.1" if version == "1.1" else "oneroster 1.2"
    return OpenedRoster(kind, folder, tally.findings(), oneroster.LABELS)


def open_side_folder(path: Path, workspace: Path) -> OpenedRoster:
    """Open a side folder: roster tables of which only the key columns must be there.

    Raises RequestStop if there is nothing at the path, DataStop if no file in it is a roster table.
    """
    tally = Tally()
    with _archive(path, tally) as archive:
        if not roster_folder.has_tables(archive):
            raise _unknown(archive, f"A side folder holds roster tables: {', '.join(TABLES)}.")
        folder = roster_folder.use_folder(archive, _new(workspace), tally, side=True)
        return OpenedRoster(ROSTER_FOLDER, folder, tally.findings(), _labels(archive))


def supplied_by(side: OpenedRoster) -> frozenset[str]:
    """Those of ssid, seid and cds for which a side folder has the column."""
    return frozenset(
        name for name, (table, column) in SUPPLIED_BY.items() if column in roster_folder.columns_of(side.folder, table)
    )


def _archive(path: Path, tally: Tally) -> Archive:
    if not path.exists():
        raise RequestStop(f"{path}: there is nothing there. {EXPECTED}")
    if not path.is_dir():
        refuse_single_file(path)
    return open_archive(path, tally)


def _is_oneroster(archive: Archive) -> bool:
    """Whether it is OneRoster (else a roster folder). Raises DataStop if it is neither, or both."""
    is_oneroster = oneroster.is_oneroster(archive)
    if is_oneroster and archive.find("lea.csv"):
        raise DataStop(
            f"{archive.path}: holds lea.csv of a roster folder and files of a OneRoster export. "
            "Give one of them; tables that add to OneRoster go into a side folder (--side)."
        )
    if not is_oneroster and not any(archive.find(f"{name}.csv") for name in _OWN_TABLES):
        raise _unknown(archive, EXPECTED)
    return is_oneroster


_OWN_TABLES = TABLES.keys() - {"courses", "enrollments"}
"""Tables whose names no OneRoster file has."""


def _unknown(archive: Archive, expected: str) -> DataStop:
    found = ", ".join(archive.names[:10]) or "no CSV file"
    return DataStop(f"{archive.path}: this is not a roster: it holds {found}. {expected}")


def _all_labels(archive: Archive) -> dict[str, str]:
    """Each table's file with its folder or zip; of a table that is not there, where it was looked for."""
    folder, found = archive.path.absolute().name, _labels(archive)
    return {name: f"{folder}/{found.get(name, f'{name}.csv')}" for name in TABLES}


def _labels(archive: Archive) -> dict[str, str]:
    return {name: member.name for name in TABLES if (member := archive.find(f"{name}.csv")) is not None}


def _new(workspace: Path) -> Path:
    workspace.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="roster-", dir=workspace))
