"""The pages' times as a table: for a terminal, or as Markdown for docs/performance.md."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.page_contest import Timed

HEADER = ("page", "median ms", "95 % ms", "whole ms", "processor ms", "kB")


def cells(timed: "Sequence[Timed]") -> list[tuple[str, ...]]:
    """A tuple of texts per page, in the order of HEADER; slowest first."""
    ordered = sorted(timed, key=lambda t: -t.p95)
    return [
        (t.page.name, f"{t.median:.0f}", f"{t.p95:.0f}", f"{t.whole:.0f}", f"{t.processor:.0f}", f"{t.kilobytes:,.0f}")
        for t in ordered
    ]


def as_text(timed: "Sequence[Timed]") -> str:
    """The table with aligned columns."""
    rows = [HEADER, *cells(timed)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return "\n".join("  ".join(line) for line in lines)


def as_markdown(timed: "Sequence[Timed]") -> str:
    """The table as Markdown."""
    return "\n".join(
        f"| {' | '.join(row)} |" for row in (HEADER, ("---", "--:", "--:", "--:", "--:", "--:"), *cells(timed))
    )
