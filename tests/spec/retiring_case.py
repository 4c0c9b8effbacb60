"""A section of retiring.md, read into what its test needs; the file says what each part means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.engine.ledger_files import YEAR, Group
from tests.spec.case import drawn, parts, words

PROFILES = {"Classes": 1, "Grades": 2, "Lists": 3}
Row = dict[str, str]


@dataclass
class RetiringCase:
    """`extract_of` are the ids of the extract's profiles, none of a request; `retire_year` is a request's year."""

    title: str
    prose: str = ""
    held: dict[str, Group] = field(default_factory=dict)
    sent: dict[str, Group] = field(default_factory=dict)
    extract_of: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    retire_year: int = YEAR
    everything: bool = False
    happens: list[Row] = field(default_factory=list)
    csv: str | None = None

    @property
    def existing(self) -> tuple[int, ...]:
        return tuple(number for number in PROFILES.values() if number not in self.deleted)


def retiring_cases(path: Path) -> Iterator[RetiringCase]:
    """The sections of the file."""
    for section in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        case, about = RetiringCase(title.strip()), ""
        for kind, text in parts(body):
            if kind == "line":
                about = text
                _read_line(case, text)
            elif kind == "csv":
                case.csv = text
            else:
                _read_table(case, about, drawn(text))
        yield case


def _read_line(case: RetiringCase, text: str) -> None:
    if text.startswith("Deleted: "):
        case.deleted = _ids(text[9:].rstrip("."))
    elif text.startswith("Extract of "):
        case.extract_of = _ids(text[11:].rstrip(":"))
    elif found := re.fullmatch(r"Request: (everything of|what deleted profiles gave in) (\d{4})\.", text):
        case.everything, case.retire_year = found[1] == "everything of", int(found[2])
    elif not text.endswith(":"):
        case.prose += text


def _read_table(case: RetiringCase, about: str, table: list[Row]) -> None:
    if about == "CERS holds:":
        case.held = {row["group"]: _group(row, tuple(PROFILES.values())) for row in table}
    elif about.startswith("Extract of "):
        case.sent = {row["group"]: _group(row, case.extract_of) for row in table}
    elif about == "What happens:":
        case.happens = table
    else:
        raise ValueError(f"{case.title}: what is the table after {about!r}?")


def _group(row: Row, profile_ids: tuple[int, ...]) -> Group:
    return Group(
        students=ssids(row["students"]),
        users=tuple(words(row["users"])),
        subject=row.get("subject", "ELA"),
        profiles=tuple(map(profile_ids.index, _ids(row["from"]))),
        year=int(row.get("year", YEAR)),
    )


def ssids(cell: str) -> tuple[str, ...]:
    """Students of a cell, S12 with the SSID 7000000012; users as they are."""
    return tuple(re.sub(r"^S(\d+)$", lambda found: f"7{int(found[1]):09d}", word) for word in words(cell))


def _ids(names: str) -> tuple[int, ...]:
    return tuple(PROFILES[name] for name in names.split())
