"""OneRoster 1.1 and 1.2 by REST: a live source. It asks for the flat collections, never for demographics.

What comes is written as the files of a OneRoster export and read as such (oneroster.py), so that both mean the same.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cersgroups.core.error import DataStop
from cersgroups.sources.archive import open_archive
from cersgroups.sources.exchange import Patience, Server
from cersgroups.sources.live import LiveKind, Progress, Settings, Target, school_year_of
from cersgroups.sources.mapping import METADATA, with_place
from cersgroups.sources.oneroster import LABELS, write_roster
from cersgroups.sources.oneroster_layout import COLUMNS
from cersgroups.sources.oneroster_rest_check import check
from cersgroups.sources.oneroster_rest_file import CollectionFile
from cersgroups.sources.oneroster_rest_page import Reading, Told
from cersgroups.sources.oneroster_rest_row import COLLECTIONS, Json
from cersgroups.sources.oneroster_rest_settings import FIELDS, NAME, Connection, connection, judge
from cersgroups.sources.tally import Tally

PATIENCE = Patience()

_READINGS = 2
"""How often a collection is read that changes meanwhile."""

_SHARES = {"orgs": 0.01, "academicSessions": 0.01, "courses": 0.03, "classes": 0.1, "users": 0.25, "enrollments": 0.4}
"""The part of the work that asking for each collection is; reading what came is the rest."""

_ENTERED_CDS = "cersgroups.cds"


@dataclass(frozen=True)
class _Fetching:
    """One fetching of everything, into the files of an export."""

    server: Server
    meant: Connection
    export: Path
    tally: Tally

    def collection(self, name: str, told: Told) -> None:
        """Fetch one collection whole. Raises DataStop, naming the request."""
        for _ in range(_READINGS):
            reading = Reading(self.server, name, self.meant.limit, told)
            with CollectionFile(self.export, name, self.meant.version) as file:
                inactive = sum(self._keep(file, name, row) for row in reading.rows())
            if not reading.is_doubtful:
                break
        if reading.missing:
            raise DataStop(
                f"{NAME}: the server says that there are {reading.total:,} {name}, but gives {reading.count:,} "
                "different ones. Perhaps they change just now: try again. If that stays so, enter more rows per "
                "request than there are, or ask whoever runs the server."
            )
        if inactive:
            self.tally.note("oneroster_inactive", inactive, name)
        if reading.is_doubtful:
            self.tally.note("oneroster_row_moved", reading.moved, name)
        elif reading.repeated:
            self.tally.note("oneroster_row_repeated", reading.repeated, name)

    def _keep(self, file: CollectionFile, name: str, row: Json) -> bool:
        """Write the row unless it is inactive; returns whether it is."""
        inactive = str(row.get("status") or "active").casefold() != "active"
        if name == "orgs":
            self._enter_cds(row)
        if name == "orgs" or not inactive:
            file.write(row)
        return inactive

    def _enter_cds(self, row: Json) -> None:
        code = self.meant.cds_codes.get(str(row.get("sourcedId")))
        if code:
            known = row.get("metadata")
            row["metadata"] = {**(known if isinstance(known, dict) else {}), _ENTERED_CDS: code}


def fetch(settings: Settings, target: Target) -> None:
    """Write the roster tables of the server.

    Raises DataStop, naming the request, or RequestStop for settings that cannot be meant; the folder is then of no use.
    """
    meant = connection(settings)
    with TemporaryDirectory(dir=target.folder, prefix=".fetched-") as place:
        export = Path(place)
        with meant.open(PATIENCE) as (server, _):
            fetching = _Fetching(server, meant, export, target.tally)
            for name, begins in _beginnings():
                fetching.collection(name, _told(target.progress, name, begins))
        _write_manifest(export, meant)
        _write_tables(meant, export, target)
    _note_school_year(target)


def _beginnings() -> Iterator[tuple[str, float]]:
    done = 0.0
    for name in COLLECTIONS:
        yield name, done
        done += _SHARES[name]


def _told(progress: Progress, name: str, begins: float) -> Told:
    def told(count: int, total: int | None) -> None:
        of = f" of {total:,}" if total else ""
        progress(f"{name}: {count:,}{of}", begins + _SHARES[name] * (min(count / total, 1) if total else 0.5))

    return told


def _write_manifest(export: Path, meant: Connection) -> None:
    with (export / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("propertyName", "value"), ("oneroster.version", meant.version)])
        writer.writerows((f"file.{name}", "bulk") for name in COLUMNS[meant.version])


def _write_tables(meant: Connection, export: Path, target: Target) -> None:
    begins = sum(_SHARES.values())

    def reading(what: str, share: float) -> None:
        target.progress(what.removesuffix(".csv"), begins + (1 - begins) * share)

    mapping = with_place(meant.mapping, "cds", METADATA + _ENTERED_CDS) if meant.cds_codes else meant.mapping
    with open_archive(export, target.tally) as archive:
        write_roster(archive, target.folder, mapping, target.supplied, target.tally, reading, served_by=NAME)


def _note_school_year(target: Target) -> None:
    with (target.folder / "lea.csv").open(encoding="utf-8", newline="") as file:
        served = next(csv.DictReader(file))["school_year"]
    if served != str(school_year_of(target.as_of)):
        target.tally.add("oneroster_other_school_year", "academicSessions", value=served)


ONEROSTER_REST = LiveKind(
    kind="oneroster",
    label="OneRoster (REST)",
    fields=FIELDS,
    check=check,
    fetch=fetch,
    labels={table: file.removesuffix(".csv") for table, file in LABELS.items()},
    judge=judge,
)
