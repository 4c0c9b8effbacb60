"""How long the client waits, and how often it tries again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """All in seconds but `attempts`.

    `answer` is the longest silence while a short request is answered, `file_answer` while the receiver checks a file
    (1,000,000 rows take it some seconds, a busy day more). `pause` is the first pause between two attempts; it doubles
    up to `longest_pause`. A Retry-After beyond `longest_wait` is not waited for but told.
    """

    connect: float = 10
    write: float = 60
    answer: float = 30
    file_answer: float = 300
    attempts: int = 4
    pause: float = 1
    longest_pause: float = 20
    longest_wait: float = 120

    def pauses(self) -> Iterator[float]:
        """The pauses between attempts, one fewer than attempts, each between a half and the whole of its length."""
        for number in range(self.attempts - 1):
            whole = min(self.pause * 2**number, self.longest_pause)
            yield whole * random.uniform(0.5, 1)  # noqa: S311 - spreads clients, hides nothing
