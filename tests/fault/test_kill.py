"""kill -9 of whole processes, ten times; `make soak` does it 200 times and at every step."""

import pytest

from tests.fault.boundary import FEW
from tests.fault.field import playing_field
from tests.fault.killing import Figures, Killing

KILLS = 10
LOSING = ("--lose-share=0.2", "--drop-share=0.1", "--seed=1")


@pytest.mark.thorough  # a minute
def test_killed_ten_times_with_one_and_with_three_workers_nothing_is_lost_doubled_or_half_done() -> None:
    figures = Figures()
    with playing_field(2, quick=True, faults=LOSING) as arena:
        Killing(arena, 1, FEW[:4], spared=0, figures=figures).round(4, web=True, pause=8)
        three = Killing(arena, 3, FEW[4:], spared=0, figures=figures)
        while figures.kills < KILLS and not figures.violations and figures.rounds <= KILLS:
            three.round(KILLS - figures.kills, web=figures.web < 2, pause=2)
    assert not figures.violations
    assert figures.kills >= KILLS
