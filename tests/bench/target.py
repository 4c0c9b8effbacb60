"""The targets of speed and memory, and whether they were reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.contest import BUILD, ENGINE, FLOOR, Line

if TYPE_CHECKING:
    from tests.bench.filter_list_contest import Typed
    from tests.bench.measurement import Measurement
    from tests.bench.page_contest import Timed

MOST_FLOORS = 7.0
"""At 600,000 students and more a build may take so many times the floor; 4 is the aim."""

MOST_MEGABYTES = 500.0
DISTRICT, DISTRICT_SECONDS = 60_000, 1.0
FEWEST_VALIDATED = 500_000
"""Rows a second of a clean file."""

SYNC_SECONDS = 60.0
"""One sync of 60,000 students with a stand-in on the same machine."""

PAGE_MILLISECONDS = 100.0
KEY_MILLISECONDS = 100.0
"""From a key in a filter list of 10,000 entries to its rows (features D10)."""

_LARGE = 600_000


@dataclass(frozen=True)
class Target:
    """`what` says who, what was asked and what came out."""

    what: str
    reached: bool


def targets(lines: Sequence[Line]) -> Iterator[Target]:
    """The targets that the measured sizes have."""
    for line in lines:
        if line.what not in (BUILD, ENGINE):
            continue
        who = f"{line.what}, {line.students:,} students"
        if line.what == BUILD and line.students == DISTRICT:
            seconds = line.measurement.seconds
            yield Target(f"{who}: under {DISTRICT_SECONDS:g} s; {seconds:.2f} s", seconds < DISTRICT_SECONDS)
        if line.students >= _LARGE:
            times = floors(line, lines)
            yield Target(f"{who}: at most {MOST_FLOORS:g} times the floor; {times:.1f}", times <= MOST_FLOORS)
            peak = line.measurement.peak_mb
            yield Target(f"{who}: under {MOST_MEGABYTES:g} MB; {peak:.0f} MB", peak < MOST_MEGABYTES)


def page_targets(timed: "Sequence[Timed]") -> Iterator[Target]:
    """Those pages that miss, or one line for all."""
    slow = [page for page in timed if page.p95 > PAGE_MILLISECONDS]
    for page in slow:
        yield Target(f"{page.page.name}: 95 % within {PAGE_MILLISECONDS:g} ms; {page.p95:.0f} ms", False)
    if len(slow) < len(timed):
        yield Target(f"{len(timed) - len(slow)} of {len(timed)} pages: 95 % within {PAGE_MILLISECONDS:g} ms", True)


def filter_list_targets(typed: "Sequence[Typed]") -> Iterator[Target]:
    """One line for each kind of key."""
    for keys in typed:
        what = f"{keys.key}: 95 % within {KEY_MILLISECONDS:g} ms; {keys.p95:.0f} ms"
        yield Target(what, keys.p95 <= KEY_MILLISECONDS)


def source_targets(synced: "Sequence[tuple[str, Measurement]]") -> Iterator[Target]:
    """Seconds and memory of one sync, by the name of the source."""
    for source, measured in synced:
        seconds, peak = measured.seconds, measured.peak_mb
        yield Target(f"{source}: a sync within {SYNC_SECONDS:g} s; {seconds:.1f} s", seconds <= SYNC_SECONDS)
        yield Target(f"{source}: under {MOST_MEGABYTES:g} MB; {peak:.0f} MB", peak < MOST_MEGABYTES)


def validation_target(rows_a_second: float) -> Target:
    what = f"validate: at least {FEWEST_VALIDATED:,} rows a second; {rows_a_second:,.0f}"
    return Target(what, rows_a_second >= FEWEST_VALIDATED)


def floors(line: Line, lines: Sequence[Line]) -> float:
    """How many times the floor of its size a line took."""
    [floor] = [other for other in lines if other.what == FLOOR and other.students == line.students]
    return line.measurement.seconds / floor.measurement.seconds
