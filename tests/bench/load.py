"""What came of many people on the pages: how long they waited for what, what went wrong, and the memory meanwhile."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from tests.bench.target import Target

MOST_MILLISECONDS = 300.0
CLICKS, SMALL, FIGURES, SIGN_INS = "clicks", "small requests of pages", "figures of a preview", "sign-ins before"
"""What is timed: a person's click until its answers are there; what a page asks for by itself; from the first request
for the figures of a preview, which may wait for them, until they are shown; the form of the sign-in."""

GOOD = {"200", "204"}
"""A correct program answers nothing else: nobody asks for what is not theirs, or for more than a person can."""

MOST_GROWTH = 0.05
"""So much more memory counts as flat: caches are full, and what is being counted at the moment takes more or less."""

NO_CONNECTION, SIGNED_OUT, NO_FIGURES = "no connection", "signed out", "no figures"


@dataclass
class Load:
    """Milliseconds of everything that was timed, how many answers there were of which kind, and MB by second."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {CLICKS: [], SMALL: [], FIGURES: []})
    answers: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(count for answer, count in self.answers.items() if answer not in GOOD)

    def begin_again(self) -> None:
        """Forget all of it but sign-ins and errors: the caches are full, and from here on it counts."""
        self.memory.clear()
        for good in GOOD:
            self.answers.pop(good, None)
        for what, found in self.milliseconds.items():
            if what != SIGN_INS:
                found.clear()

    def slope(self) -> float:
        """MB an hour: the median of the slopes between any two samples, which a moment of much work does not turn."""
        slopes = [(y - x) / (until - since) for (since, x), (until, y) in combinations(self.memory, 2)]
        return 3600 * statistics.median(slopes) if slopes else 0.0

    def quarters(self) -> list[float]:
        """The median MB of each quarter of the time."""
        found = [megabytes for _, megabytes in self.memory]
        size = -(-len(found) // 4)
        return [statistics.median(found[n : n + size]) for n in range(0, len(found), size)] if found else [0.0]

    def targets(self) -> list[Target]:
        waits = {what: p95(self.milliseconds[what]) for what in (CLICKS, SMALL)}
        return [
            *(
                Target(f"{what}: 95 % within {MOST_MILLISECONDS:g} ms; {wait:.0f} ms", wait <= MOST_MILLISECONDS)
                for what, wait in waits.items()
            ),
            Target(f"no error; {self.errors}", self.errors == 0),
            Target(
                f"memory: the last quarter within {MOST_GROWTH:.0%} of the first; {self._growth():+.1%}",
                self._growth() <= MOST_GROWTH,
            ),
        ]

    def _growth(self) -> float:
        quarters = self.quarters()
        return quarters[-1] / quarters[0] - 1 if quarters[0] else 0.0

    def as_markdown(self, seconds: float) -> str:
        """How long people waited, what was answered, and the memory."""
        head = ("", "number", "a second", "median ms", "95 % ms", "slowest ms")
        waits = [_waits(what, found, seconds) for what, found in self.milliseconds.items() if found]
        answers = ", ".join(f"{answer}: {count:,}" for answer, count in sorted(self.answers.items()))
        peak = max((megabytes for _, megabytes in self.memory), default=0.0)
        memory = (*(f"{median:.0f}" for median in self.quarters()), f"{peak:.0f}", f"{self.slope():+.0f}")
        heads = (*(f"MB, quarter {n}" for n in range(1, len(self.quarters()) + 1)), "most", "MB an hour")
        return f"{_table(head, waits)}\n\nAnswers: {answers}; errors: {self.errors}\n\n{_table(heads, [memory])}"


def p95(milliseconds: Sequence[float]) -> float:
    """Of two at least; else what there is, 0 for nothing."""
    return statistics.quantiles(milliseconds, n=20)[-1] if len(milliseconds) > 1 else sum(milliseconds)


def _waits(what: str, found: Sequence[float], seconds: float) -> tuple[str, ...]:
    # sign-ins come before the time that is measured
    rate = "" if what == SIGN_INS else f"{len(found) / seconds:.1f}"
    return what, f"{len(found):,}", rate, f"{statistics.median(found):.0f}", f"{p95(found):.0f}", f"{max(found):.0f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---" if not name else "--:" for name in head]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))
