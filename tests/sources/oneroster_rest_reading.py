"""Fetches from the OneRoster stand-in for tests, with little patience."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from cersgroups.core.finding import Finding
from cersgroups.sources import oneroster_rest, oneroster_rest_check
from cersgroups.sources.exchange import Patience
from cersgroups.sources.live import Check, Target
from cersgroups.sources.oneroster_layout import Version
from cersgroups.sources.oneroster_rest import ONEROSTER_REST
from cersgroups.sources.tally import Tally
from tests.sources.oneroster_files import Files, export, texts, write_zip
from tests.sources.oneroster_server import OneRosterServer

AS_OF = date(2026, 11, 24)
LITTLE = Patience(silence=0.3, attempts=2, pause=0.001, longest_pause=0.001, longest_wait=1)
REQUESTS = 12
"""How many requests a small district takes that is paged by offset: each collection, and the page behind it."""

oneroster_rest.PATIENCE = oneroster_rest_check.PATIENCE = LITTLE


@dataclass
class Fetched:
    """The roster tables that were fetched, what was odd about them, and what was told meanwhile."""

    folder: Path
    findings: dict[str, Finding]
    told: list[tuple[str, float]] = field(default_factory=list)

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def ids(self, table: str, column: str) -> list[str]:
        return sorted(row[column] for row in self.rows(table))

    def values(self, code: str) -> list[tuple[str, str, str]]:
        """Collection, key and value of a finding's rows."""
        return [(row.table, row.key, row.value) for row in self.findings[code].rows] if code in self.findings else []


def server(
    tmp_path: Path, spoil: Callable[[Files], object] = len, version: Version = "1.1", **manners: object
) -> OneRosterServer:
    """The example export (oneroster_files.py), changed by `spoil`, served; to be used in a `with`."""
    files = export(version)
    spoil(files)
    return OneRosterServer(write_zip(Path(mkdtemp(dir=tmp_path)) / "export.zip", texts(files, version)), **manners)  # type: ignore[arg-type]


def fetched(tmp_path: Path, served: OneRosterServer, **settings: str) -> Fetched:
    return fetched_beside(tmp_path, served, frozenset(), **settings)


def fetched_beside(tmp_path: Path, served: OneRosterServer, supplied: frozenset[str], /, **settings: str) -> Fetched:
    """The same where side files supply some of ssid, seid and cds."""
    folder, tally = Path(mkdtemp(dir=tmp_path)), Tally()
    told: list[tuple[str, float]] = []
    complete = ONEROSTER_REST.complete(served.settings(**settings))
    target = Target(AS_OF, folder, tally, lambda what, share: told.append((what, share)), supplied)
    ONEROSTER_REST.fetch(complete, target)
    return Fetched(folder, {finding.code: finding for finding in tally.findings()}, told)


def checked(served: OneRosterServer, **settings: str) -> dict[str, Check]:
    lines = ONEROSTER_REST.check(ONEROSTER_REST.complete(served.settings(**settings)), AS_OF)
    return {line.what: line for line in lines}
