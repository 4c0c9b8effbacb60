"""A SIS that is only in memory, and the kind of source that asks it: for tests of what is the same for all kinds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from cersgroups.actions.source import Entry
from cersgroups.core.error import DataStop
from cersgroups.sources.live import Check, Field, LiveKind, Settings, Target
from cersgroups.sources.live_kind import LIVE_KINDS
from tests.engine.roster_files import DISTRICT, write_roster

CERTIFICATE = "a certificate that nobody may read"
FAULT = "SIS: GET /students?page=7: the server broke off in the middle of its answer."


@dataclass
class Sis:
    """`tables` is what it holds, `fault` what it answers instead; `asked` counts the fetches, `answered` those that
    came to the students; `meanwhile` happens in the middle of one."""

    tables: dict[str, str] = field(default_factory=lambda: dict(DISTRICT))
    fault: str = ""
    asked: int = 0
    answered: int = 0
    supplied: frozenset[str] = frozenset()
    settings: list[Settings] = field(default_factory=list)
    refused: str = ""
    meanwhile: Callable[[], object] = lambda: None

    def fetch(self, settings: Settings, target: Target) -> None:
        folder, tell = target.folder, target.progress
        self.supplied = target.supplied
        self.asked += 1
        self.settings.append(settings)
        tell("schools", 0.1)
        write_roster(folder, {"schools": self.tables["schools"]})
        self.meanwhile()
        tell("students of 10 Fig High", 0.5)
        self.answered += 1
        if self.fault:
            raise DataStop(self.fault)
        write_roster(folder, self.tables)
        for table, text in self.tables.items():
            head, *rows = text.strip().splitlines()
            if not rows:
                (folder / f"{table}.csv").write_text(",".join(head.replace(" ", "").split("|")) + "\n")

    def check(self, settings: Settings, as_of: date) -> list[Check]:
        del as_of
        self.settings.append(settings)
        if self.refused:
            return [Check("Schools", True, "3 schools"), Check("Students", False, self.refused)]
        return [Check("Schools", True, "3 schools"), Check("Students", True, "5 students")]

    def without(self, table: str, *keys: str) -> None:
        """Rows that begin with one of these are gone; all rows without any."""
        head, *rows = self.tables[table].strip().splitlines()
        kept = [row for row in rows if keys and row.strip().split()[0] not in keys]
        self.tables[table] = "\n".join([head, *kept])

    @property
    def kind(self) -> LiveKind:
        fields = (
            Field("address", "Address", "Of the SIS.", default="https://sis.example"),
            Field("certificate", "Certificate", "Ask IT.", secret=True),
            Field("size", "Size", required=False, choices=("small", "large"), default="small"),
            Field("note", "Note", required=False, lines=4),
        )
        return LiveKind("memory", "SIS in memory", fields, self.check, self.fetch, {"students": "/students"})


def entry(name: str = "Our SIS", **settings: str) -> Entry:
    return Entry(name, "memory", {"address": "https://sis.example", "certificate": CERTIFICATE, **settings})


@contextmanager
def connected(kinds: Mapping[str, LiveKind] | None = None) -> Iterator[Sis]:
    """The kind is known meanwhile."""
    sis = Sis()
    more = kinds or {"memory": sis.kind}
    LIVE_KINDS.update(more)
    try:
        yield sis
    finally:
        for name in more:
            del LIVE_KINDS[name]
