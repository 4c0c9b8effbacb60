"""A case of the manual: one `##` section of a Markdown file in this folder, read into what a test needs.

A section holds a sentence for people and, in any order:

- ``Roster, `table`:`` and a Markdown table: takes the place of that table of the small district
  (tests/engine/roster_files.py); ``Roster, adds to `table`:`` adds rows to it; ``Roster, without `table`.``
- ``Side, `table`:`` and a Markdown table: a side file
- ``File `table.csv`:`` and a text block: the file, as it is
- toml blocks: profiles (name, school year, subject and schools may be left out); several are consolidated
- `Day: 2027-02-01`: the day that counts, if it is not 2026-11-23
- what comes out: a table of groups (group, students, users, and if wanted school or subject), a csv block (the
  file), `Findings:` with codes and counts (all of them; `Findings: none`), or `Stops:` with a part of the sentence and
  `Exit status 1` or `2`

`S001..S200` in a cell or a list stands for all of them; so do `S001..200` and `user01..20@fig.example`.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.engine.roster_files import DISTRICT, Rows, rows

DAY = date(2026, 11, 23)
_PROFILE = {"name": "Test", "school_year": 2027, "subject": "All", "schools": ["10", "20", "30"]}
_RANGE = re.compile(r"(?P<prefix>.*?)(?P<first>\d+)\.\.(?:(?P=prefix))?(?P<last>\d+)(?P<suffix>\D.*)?")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass
class Case:
    """One section: what goes in and what must come out. Nothing is expected of a part that is None."""

    title: str
    prose: str = ""
    tables: dict[str, Rows] = field(default_factory=lambda: {name: rows(text) for name, text in DISTRICT.items()})
    side: dict[str, Rows] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    profiles: list[dict[str, Any]] = field(default_factory=list)
    day: date = DAY
    groups: list[dict[str, str]] | None = None
    csv: str | None = None
    findings: dict[str, int] | None = None
    stops: str | None = None
    status: int | None = None

    @property
    def expects_something(self) -> bool:
        return any(part is not None for part in (self.groups, self.csv, self.findings, self.stops))


def cases(path: Path) -> Iterator[Case]:
    """The sections of one file of the manual."""
    for section in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        yield _read(Case(title.strip()), body)


def _read(case: Case, body: str) -> Case:
    about = ""
    for kind, text in parts(body):
        if kind == "line":
            about = text
            _read_line(case, text)
            continue
        if kind == "table":
            _read_table(case, about, drawn(text))
        elif kind == "toml":
            case.profiles.append(_PROFILE | _expanded(tomllib.loads(text)))
        elif kind == "csv":
            case.csv = text
        elif kind == "text" and (named := re.match(r"File `(.+?)`", about)):
            case.files[named[1]] = text
        else:
            raise ValueError(f"{case.title}: what is this block after {about!r}?")
        about = ""
    return case


def parts(body: str) -> Iterator[tuple[str, str]]:
    """Blocks as (language, text), tables as ("table", text), paragraphs as ("line", text)."""
    lines = iter(body.splitlines())
    gathered: list[str] = []
    for line in lines:
        if gathered and (not line.strip() or line.startswith(("```", "|")) != gathered[0].startswith("|")):
            yield "table" if gathered[0].startswith("|") else "line", "\n".join(gathered)
            gathered = []
        if line.startswith("```"):
            yield line[3:].strip(), "".join(f"{inner}\n" for inner in iter(lambda: next(lines), "```"))
        elif line.strip():
            gathered.append(line)
    if gathered:
        yield "table" if gathered[0].startswith("|") else "line", "\n".join(gathered)


def _read_line(case: Case, text: str) -> None:
    for start, read in _READERS.items():
        if text.startswith(start):
            return read(case, text.removeprefix(start).strip())
    case.prose = f"{case.prose} {text}".strip()
    return None


def _read_without(case: Case, text: str) -> None:
    case.tables.pop(text.strip("`. "))


def _read_day(case: Case, text: str) -> None:
    case.day = date.fromisoformat(text.rstrip("."))


def _read_findings(case: Case, text: str) -> None:
    found = re.findall(r"`(\w+)` \((\d+)\)", text)
    assert bool(found) != (text == "none."), f"{case.title}: findings are written as `code` (1), or none."
    case.findings = {code: int(count) for code, count in found}


def _read_stop(case: Case, text: str) -> None:
    sentence, _, status = " ".join(text.split()).partition(" Exit status ")
    case.stops, case.status = sentence.strip("“”"), int(status.rstrip("."))


def _read_nothing(case: Case, text: str) -> None:
    """The line names the table or block that follows."""


_READERS: dict[str, Callable[[Case, str], None]] = {
    "Roster, without ": _read_without,
    "Roster, ": _read_nothing,
    "Side, ": _read_nothing,
    "File ": _read_nothing,
    "Day:": _read_day,
    "Findings:": _read_findings,
    "Stops:": _read_stop,
}


def _read_table(case: Case, about: str, table: list[dict[str, str]]) -> None:
    if named := re.match(r"(Roster, adds to|Roster,|Side,) `(\w+)`:", about):
        how, name = named.groups()
        into = case.side if how == "Side," else case.tables
        before = list(into.get(name, [])) if how == "Roster, adds to" else []
        into[name] = [*before, *table]
    else:
        case.groups = [*(case.groups or []), *table]


def drawn(text: str) -> list[dict[str, str]]:
    """The rows of a Markdown table, ranges spelled out."""
    lines = [[_plain(cell) for cell in _CELL.split(line.strip())[1:-1]] for line in text.splitlines()]
    header, _, *body = lines
    if header[0] == "group":
        return [dict(zip(header, cells, strict=True)) for cells in body]
    return [dict(zip(header, spelled, strict=True)) for cells in body for spelled in _spelled(cells)]


def _plain(cell: str) -> str:
    """A cell without what Markdown needs: `\\|` is a list's separator, `\\_` an underscore."""
    return re.sub(r"\\([|_*])", r"\1", cell.strip())


def _spelled(cells: list[str]) -> list[tuple[str, ...]]:
    """One row for each value of the ranges in it; cells without a range stand in every row."""
    count = max(len(spell(cell)) for cell in cells)
    columns = [items if len(items := spell(cell)) > 1 else items * count for cell in cells]
    return list(zip(*columns, strict=True))


def spell(cell: str) -> list[str]:
    """`S01..S03` as S01, S02, S03; any other cell as itself."""
    found = _RANGE.fullmatch(cell)
    if not found:
        return [cell]
    first, width = found["first"], len(found["first"])
    numbers = range(int(first), int(found["last"]) + 1)
    return [f"{found['prefix']}{n:0{width}d}{found['suffix'] or ''}" for n in numbers]


def words(cell: str) -> list[str]:
    """The values of a cell of the table of groups."""
    return [item for word in cell.split() for item in spell(word)]


def _expanded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _expanded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [item for text in value for item in (spell(text) if isinstance(text, str) else [text])]
    return value
