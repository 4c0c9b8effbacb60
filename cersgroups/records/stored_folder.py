"""Finished folders below the data folder: put in their place whole, fetched from the bucket where there is one.

They are never changed again. With a bucket (bucket.py) it has them all, the data folder those that this machine used.
"""

import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from cersgroups.records.bucket import Bucket, configured_bucket
from cersgroups.records.folder import data_folder

CACHE = "CERSGROUPS_CACHE_GB"
UNUSED_SECONDS = 24 * 3600
"""What was used since then is never taken out of the cache: somebody may be reading it."""


def publish(aside: Path, folder: Path) -> None:
    """Put the finished `aside` in its place: into the bucket, if there is one, and here.

    What is there already is of a run that died before its record said so. Raises BucketAway.
    """
    bucket = configured_bucket()
    if bucket is not None:
        bucket.put(aside, _key(folder))
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)


def fetched(folder: Path) -> Path:
    """The folder, on this machine; if nobody has it, nothing is there. Raises BucketAway."""
    bucket = configured_bucket()
    if bucket is None:
        return folder
    if folder.is_dir():
        os.utime(folder)
        return folder
    _fetch(bucket, folder)
    return folder


def discard(folder: Path) -> None:
    """Remove the folder, here and in the bucket. Raises BucketAway."""
    bucket = configured_bucket()
    if bucket is not None:
        bucket.remove(_key(folder))
    shutil.rmtree(folder, ignore_errors=True)


def trim_cache() -> int:
    """Remove what was unused longest until the cache is as small as CERSGROUPS_CACHE_GB says; how many folders went.

    Without a bucket nothing is a copy, and nothing goes.
    """
    limit = float(os.environ.get(CACHE, "").strip() or 0) * 1e9
    if configured_bucket() is None or not limit:
        return 0
    found = sorted(_cached(), key=lambda folder: folder.stat().st_mtime)
    sizes = {folder: sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) for folder in found}
    total, gone = sum(sizes.values()), 0
    for folder in found:
        if total <= limit or folder.stat().st_mtime > time.time() - UNUSED_SECONDS:
            break
        shutil.rmtree(folder, ignore_errors=True)
        total -= sizes[folder]
        gone += 1
    return gone


def _fetch(bucket: Bucket, folder: Path) -> None:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".fetch-{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True) as name:
        aside = Path(name) / "fetched"
        aside.mkdir()
        if bucket.get(_key(folder), aside) and not folder.is_dir():
            try:
                aside.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another process was quicker: the same bytes
                    raise


def _cached() -> list[Path]:
    kinds = data_folder().glob("leas/*/*")
    folders = [folder for kind in kinds if kind.name != "received" for folder in kind.iterdir()]
    return [folder for folder in folders if folder.is_dir() and not folder.name.startswith(".")]


def _key(folder: Path) -> str:
    return folder.relative_to(data_folder()).as_posix()
