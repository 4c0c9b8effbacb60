"""What a look at an installation finds: one sentence a point, and how bad it is."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warning", "fault"]
"""Warning: it will hinder soon, or hinders some. Fault: something does not work now."""


@dataclass(frozen=True)
class Symptom:
    """`name` is the point that was looked at; the sentence of a warning or fault says what to do."""

    name: str
    verdict: Verdict
    sentence: str


def numbered_leas(ids: list[int]) -> str:
    """`LEA 17`, `the LEAs 17, 23`; of many the first ten, and how many more."""
    shown = ", ".join(map(str, ids[:_SHOWN])) + (f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else "")
    return f"LEA {shown}" if len(ids) == 1 else f"the LEAs {shown}"


_SHOWN = 10
