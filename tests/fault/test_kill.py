"""kill -9 of whole processes, ten times; `make soak` does it 200 times and at every step."""

from tests.fault.boundary import FEW, Boundary
from tests.fault.field import playing_field
from tests.fault.killing import Killing

LOSING = ("--lose-share=0.2", "--drop-share=0.1", "--seed=1")


def kill(workers: int, boundaries: list[Boundary]) -> None:
    with playing_field(2, quick=True, faults=LOSING) as arena:
        killing = Killing(arena, workers, boundaries)
        killing.round(len(boundaries) + 1, web=True, pause=8)
        assert not killing.figures.violations, killing.figures
        assert killing.figures.kills >= 5, killing.figures


def test_one_worker_that_is_killed_leaves_nothing_half_done() -> None:
    kill(1, FEW[:3])


def test_of_three_workers_each_may_be_killed() -> None:
    kill(3, FEW[3:])
