"""What is said about a file: the receiver's own results, and the hazards it would not tell of."""

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Result:
    """One result of the receiver's check. `row` counts records after the header, 0 is the file."""

    row: int
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Hazard:
    """Something the receiver would accept and then refuse, lose or garble."""

    row: int
    code: str
    message: str


class VerdictJson(TypedDict):
    """The object that `cersgroups validate --json` prints."""

    ok: bool
    results: list[dict[str, int | bool | str]] | None
    newline: str | None
    safe: bool
    hazards: list[dict[str, int | str]]


@dataclass(frozen=True)
class Verdict:
    """If the receiver's check itself breaks down there are no results, and `crash` is its exception.

    `newline` is the line end the receiver detects, written with backslashes, such as `\\r\\n`.
    """

    ok: bool
    results: tuple[Result, ...]
    newline: str | None
    crash: str | None = None
    hazards: tuple[Hazard, ...] = ()

    @property
    def safe(self) -> bool:
        """Accepted, and nothing in it that would be refused, lost or garbled afterwards."""
        return self.ok and not self.hazards

    def as_json(self) -> VerdictJson:
        return {
            "ok": self.ok,
            "results": self.results_as_json(),
            "newline": self.newline,
            "safe": self.safe,
            "hazards": [{"row": h.row, "code": h.code, "message": h.message} for h in self.hazards],
        }

    def results_as_json(self) -> list[dict[str, int | bool | str]] | None:
        """None if the check breaks down, as the vectors have it."""
        if self.crash is not None:
            return None
        return [{"row": r.row, "ok": r.ok, "message": r.message} for r in self.results]
