"""Findings: what a person should know about the data. Every kind has one stable code, written down here.

A finding is no error: the work went on, and this is what was left out or changed, with the rows.
docs/findings.md is made from KINDS and compared with it by a test.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["info", "warning"]


@dataclass(frozen=True)
class FindingKind:
    """`sentence` says what happened, `{count}` in it is replaced; `advice` says what to do about it."""

    code: str
    severity: Severity
    sentence: str
    advice: str


@dataclass(frozen=True)
class FindingRow:
    """One row behind a finding: the roster table and key it is about, the value in question, a note."""

    table: str = ""
    key: str = ""
    value: str = ""
    note: str = ""
    school_id: str = ""


@dataclass(frozen=True)
class Finding:
    """`count` rows of one kind; `rows` holds those that were kept (all of them, unless the kind is bulk)."""

    code: str
    count: int
    rows: tuple[FindingRow, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> FindingKind:
        return KINDS[self.code]

    @property
    def severity(self) -> Severity:
        return self.kind.severity

    @property
    def message(self) -> str:
        """The sentence for people, with the count in it and what to do."""
        return f"{self.kind.sentence.format(count=f'{self.count:,}')} {self.kind.advice}".strip()

    def as_json(self) -> dict[str, str | int]:
        return {
            "code": self.code,
            "severity": self.severity,
            "count": self.count,
            "message": self.message,
        }


KINDS: dict[str, FindingKind] = {}


def register(kinds: Iterable[FindingKind]) -> None:
    """Add kinds to KINDS; a code may be defined once.

    Raises ValueError if a code is defined twice.
    """
    for kind in kinds:
        if kind.code in KINDS:
            raise ValueError(f"finding code {kind.code} is defined twice")
        KINDS[kind.code] = kind


def as_markdown() -> str:
    """All kinds as the table in docs/findings.md; `N` stands for the count."""
    lines = ["| Code | Severity | What it says | What to do |", "|---|---|---|---|"]
    for kind in sorted(KINDS.values(), key=lambda k: k.code):
        lines.append(f"| `{kind.code}` | {kind.severity} | {kind.sentence.format(count='N')} | {kind.advice} |")
    return "\n".join(lines) + "\n"
