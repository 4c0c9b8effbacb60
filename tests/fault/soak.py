"""`make soak`: 200 times kill -9, at every step of boundary.py and at random moments; prints the figures.

First with one worker, then with three. Status 1 if anything is not as it must be.
"""

import sys
import time
from collections.abc import Sequence

from tests.fault.boundary import BOUNDARIES, Boundary
from tests.fault.field import playing_field
from tests.fault.killing import Killing

KILLS = 200
LEAS = 8
LOSING = ("--lose-share=0.15", "--drop-share=0.1", "--fail-share=0.03", "--retry-after=1", "--seed=1")


def main(kills: int) -> int:
    half = len(BOUNDARIES) // 2
    wrong = soak(1, BOUNDARIES[:half], kills * 3 // 10) + soak(
        3, BOUNDARIES[half:] + BOUNDARIES[:half], kills * 7 // 10
    )
    print("\n".join(wrong) or "Nothing is lost, doubled, half done or out of order.")
    return 1 if wrong else 0


def soak(workers: int, boundaries: Sequence[Boundary], kills: int) -> list[str]:
    began = time.monotonic()
    with playing_field(LEAS, faults=LOSING) as arena:
        killing = Killing(arena, workers, list(boundaries))
        while killing.figures.kills < kills and not killing.figures.violations:
            killing.round(min(20, kills - killing.figures.kills), web=True, pause=4)
            figures = killing.figures
            print(f"{time.monotonic() - began:.0f} s: round {figures.rounds}, {figures.kills} kills", flush=True)
        what = "one worker" if workers == 1 else f"{workers} workers"
        print(killing.figures.table(f"with {what}, {time.monotonic() - began:.0f} s", arena), flush=True)
        if killing.figures.violations:
            print((arena.data / "worker.log").read_text()[-4000:])
        return killing.figures.violations


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
