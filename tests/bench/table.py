"""The result as one table: for a terminal, or as Markdown for docs/performance.md."""

from collections.abc import Iterator, Sequence

from tests.bench.contest import CONVERT, POSTGRES, Line
from tests.bench.target import Target, floors

HEADER = ("students", "what", "rows", "seconds", "x floor", "peak MB", "same bytes", "note")
_NUMBERS = {"students", "rows", "seconds", "x floor", "peak MB"}
_SAME = {None: "", True: "yes", False: "NO"}


def cells(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """A tuple of texts per line, in the order of HEADER."""
    return [
        (
            f"{line.students:,}",
            line.what,
            f"{line.rows:,}",
            f"{line.measurement.seconds:.2f}",
            # what converts does other work, and of PostgreSQL only the client's memory is known
            "" if line.what == CONVERT else f"{floors(line, lines):.1f}",
            "" if line.what == POSTGRES else f"{line.measurement.peak_mb:.0f}",
            _SAME[line.same],
            line.note,
        )
        for line in lines
    ]


def as_text(lines: Sequence[Line]) -> str:
    """The table with aligned columns."""
    rows = [HEADER, *cells(lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(_aligned(row, widths)).rstrip() for row in rows)


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> Iterator[str]:
    for name, cell, width in zip(HEADER, row, widths, strict=True):
        yield cell.rjust(width) if name in _NUMBERS else cell.ljust(width)


def as_markdown(lines: Sequence[Line]) -> str:
    """The table as Markdown."""
    rule = tuple("--:" if name in _NUMBERS else "---" for name in HEADER)
    return "\n".join(f"| {' | '.join(row)} |" for row in (HEADER, rule, *cells(lines)))


def verdicts(reached: Sequence[Target]) -> str:
    """One line per target; reads well in Markdown too."""
    return "\n".join(f"- {'pass' if target.reached else 'MISS'}: {target.what}" for target in reached)
