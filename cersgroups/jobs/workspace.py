"""Where a job works: beside the place of its result, so that the result is moved there in one step."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp


@contextmanager
def workspace(result: Path) -> Iterator[Path]:
    """An empty folder beside `result`, gone afterwards; what a killed run for the same result left goes first."""
    place = result.parent
    prefix = f".{result.name}-"
    for left in place.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=prefix, dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
