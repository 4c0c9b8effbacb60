"""Where a job works: beside the place of its result, so that the result is moved there in one step."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from cersgroups.records.extract import Extract
from cersgroups.records.snapshot import Snapshot


@contextmanager
def workspace(record: Extract | Snapshot) -> Iterator[Path]:
    """An empty folder, gone afterwards; what a killed run of the same record left goes first."""
    place = record.folder.parent
    prefix = f".{record.folder.name}-"
    for left in place.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=prefix, dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
