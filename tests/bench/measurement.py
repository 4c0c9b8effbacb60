"""Measuring a command as a process of its own: wall seconds and peak resident memory.

Who calls this must stay small: a child's peak never shows less than what its parent holds when it starts.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

_MEGABYTE = 1_000_000
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes: Linux counts ru_maxrss in kibibytes."""


@dataclass(frozen=True)
class Measurement:
    """`seconds` of wall time, `peak_mb` resident (10^6 bytes), and what the process said of itself (JSON)."""

    seconds: float
    peak_mb: float
    said: dict[str, Any]

    def timed_inside(self) -> "Measurement":
        """With the seconds that the process itself says its one step took, without start-up."""
        return replace(self, seconds=float(self.said["seconds"]))


def measure(*arguments: str | Path) -> Measurement:
    """Run `python -m ARGUMENTS`; what its standard output says is kept if it is one JSON object.

    Raises RuntimeError with what it told if its exit status is not 0.
    """
    command = [sys.executable, "-m", *map(str, arguments)]
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            err.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {err.read()[-2000:]}")
        out.seek(0)
        return Measurement(seconds, usage.ru_maxrss * _MAXRSS_UNIT / _MEGABYTE, _object(out.read()))


def _object(text: str) -> dict[str, Any]:
    """What a process said: nothing, if it wrote for people."""
    return dict(json.loads(text)) if text.startswith("{") else {}


def median_of(runs: int, one: Callable[[], Measurement]) -> Measurement:
    """The run with the median time of `runs` (the slower middle one), with the highest peak of all."""
    measured = sorted((one() for _ in range(runs)), key=lambda m: m.seconds)
    return replace(measured[len(measured) // 2], peak_mb=max(m.peak_mb for m in measured))


def say(seconds: float, **more: Any) -> None:
    """For a measured process: its one step's seconds, its peak, and what else the parent wants to know, as JSON."""
    print(json.dumps({"seconds": seconds, "own_peak_mb": own_peak_mb(), **more}))  # noqa: T201 - the protocol


def own_peak_mb() -> float:
    """Of this process alone (10^6 bytes), however much its parent held at the start; 0 where no Linux tells it."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0 kB"]
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / _MEGABYTE


def seconds_of(step: Callable[[], Any]) -> float:
    """The wall time of `step`."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start
