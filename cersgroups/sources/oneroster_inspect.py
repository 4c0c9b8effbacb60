"""What is in a OneRoster export, without converting it: files, rows, and where SSID, SEID and CDS can be."""

from collections.abc import Mapping as Json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cersgroups.core.error import RequestStop
from cersgroups.sources.archive import open_archive, refuse_single_file
from cersgroups.sources.mapping import Mapping, to_toml
from cersgroups.sources.oneroster import is_oneroster
from cersgroups.sources.oneroster_export import Export
from cersgroups.sources.oneroster_layout import READ_FILES, Version
from cersgroups.sources.oneroster_manifest import read_manifest
from cersgroups.sources.oneroster_org import read_orgs
from cersgroups.sources.oneroster_place import PlaceCount, PlaceCounts, count_places, suggested
from cersgroups.sources.oneroster_role import read_roles
from cersgroups.sources.tally import Tally

MOST_PLACES = 100
"""So many places of a field are written down, the best: where ids stand for types of ids, every student makes one."""


_FIELDS = ("ssid", "seid", "cds")


@dataclass(frozen=True)
class InspectedFile:
    """One file; `rows` is None for files that are not needed and therefore not read."""

    name: str
    rows: int | None


@dataclass(frozen=True)
class OneRosterInspection:
    """`mapping` is the TOML text to put into a mapping file; what could not be found is commented out."""

    version: Version
    files: tuple[InspectedFile, ...]
    places: PlaceCounts
    mapping: str


def inspect(path: Path, mapping: Mapping | None = None) -> OneRosterInspection:
    """Inspect an export. Raises RequestStop if there is none at the path, DataStop if it cannot be read."""
    if not path.exists():
        raise RequestStop(f"{path}: there is nothing there. Give a OneRoster export (folder or zip).")
    if not path.is_dir():
        refuse_single_file(path)
    tally = Tally()
    with open_archive(path, tally) as archive:
        if not is_oneroster(archive):
            raise RequestStop(f"{path}: is no OneRoster export. Give a folder or zip with manifest.csv.")
        export = Export(archive, tally)
        read_manifest(export)
        schools = [school for school in read_orgs(export).schools if school.active]
        places = count_places(export, read_roles(export), schools)
        files = tuple(_inspected(name, export) for name in archive.names)
    text = to_toml(suggested(mapping or Mapping(), places))
    return OneRosterInspection(export.version, files, places, text)


def as_json(found: OneRosterInspection) -> dict[str, Any]:
    """What was found, to be written down: `from_json` gives it again."""
    return {
        "version": found.version,
        "files": [asdict(file) for file in found.files],
        "places": {name: [asdict(c) for c in found.places.of(name)[:MOST_PLACES]] for name in _FIELDS},
        "mapping": found.mapping,
    }


def from_json(written: Json[str, Any]) -> OneRosterInspection:
    """What `as_json` has written down."""
    places = {name: tuple(PlaceCount(**count) for count in written["places"][name]) for name in _FIELDS}
    files = tuple(InspectedFile(**file) for file in written["files"])
    return OneRosterInspection(written["version"], files, PlaceCounts(**places), written["mapping"])


def _inspected(name: str, export: Export) -> InspectedFile:
    key = name.casefold().removesuffix(".csv")
    for known in READ_FILES:
        if known.casefold() == key:
            return InspectedFile(name, sum(1 for _ in export.open(known, Tally()).rows()))
    return InspectedFile(name, None)
