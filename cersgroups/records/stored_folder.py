"""Finished folders below the data folder: put in their place whole, fetched from the bucket where there is one.

They are not changed, only replaced. With a bucket (bucket.py) it has them all, the data folder what this machine used.
"""

import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from cersgroups.records.bucket import Bucket, configured_bucket
from cersgroups.records.folder import data_folder

UNUSED_SECONDS = 7 * 24 * 3600
"""What a machine has not used for so long it keeps no copy of: also of what was removed elsewhere."""

_LOOK_SECONDS = 3600


def publish(aside: Path, folder: Path) -> None:
    """Put the finished `aside` in its place: into the bucket, if there is one, and here.

    It is on the disk as a whole before any record names it. What is there already is of a run that died before its
    record said so. Raises BucketAway.
    """
    bucket = configured_bucket()
    if bucket is not None:
        bucket.put(aside, _key(folder))
    for path in (*aside.rglob("*"), aside):
        _sync(path)
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def hand_over(folder: Path) -> None:
    """Leave a folder that is in its place to whichever machine fetches it. Raises BucketAway."""
    bucket = configured_bucket()
    if bucket is not None:
        bucket.put(folder, _key(folder))
        shutil.rmtree(folder, ignore_errors=True)


def fetched(folder: Path, *, changes: bool = False) -> Path:
    """The folder, on this machine; if nobody has it, nothing is there. Raises BucketAway.

    `changes`: it may have been published anew elsewhere (an upload that is looked at again before it is sent).
    """
    bucket = configured_bucket()
    if bucket is None:
        return folder
    if not folder.is_dir():
        _fetch(bucket, folder)
    elif changes and bucket.differs(_key(folder), folder):
        shutil.rmtree(folder, ignore_errors=True)
        _fetch(bucket, folder)
    else:
        try:
            os.utime(folder)
        except FileNotFoundError:  # another process made room just now (trim_cache)
            _fetch(bucket, folder)
    return folder


def discard(folder: Path) -> None:
    """Remove the folder, here and in the bucket. Raises BucketAway."""
    bucket = configured_bucket()
    if bucket is not None:
        bucket.remove(_key(folder))
    shutil.rmtree(folder, ignore_errors=True)


def trim_cache(now: float) -> int:
    """Remove the copies that were not used for UNUSED_SECONDS; how many folders went.

    Without a bucket nothing is a copy, and nothing goes.
    """
    if configured_bucket() is None:
        return 0
    unused = [folder for folder in data_folder().glob("leas/*/*/*") if _is_unused(folder, now)]
    return sum(_remove_unused(folder, now) for folder in unused)


def _remove_unused(folder: Path, now: float) -> bool:
    """Whether it went, whole and at once: it may have been used while others were removed, and then it stays."""
    aside = folder.with_name(f".unused-{folder.name}-{uuid4().hex}")
    try:
        if not _is_unused(folder, now):
            return False
        folder.rename(aside)
    except FileNotFoundError:
        return False  # another process was quicker
    shutil.rmtree(aside, ignore_errors=True)
    return True


def _is_unused(folder: Path, now: float) -> bool:
    try:
        return folder.is_dir() and folder.stat().st_mtime < now - UNUSED_SECONDS
    except FileNotFoundError:
        return False  # another process was quicker


def _trim_sometimes() -> None:
    """At most once an hour: whoever fetches makes room."""
    mark = data_folder() / ".cache-looked-at"
    now = time.time()
    if not mark.exists() or mark.stat().st_mtime < now - _LOOK_SECONDS:
        mark.touch()
        trim_cache(now)


def _fetch(bucket: Bucket, folder: Path) -> None:
    _trim_sometimes()
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


def _key(folder: Path) -> str:
    return folder.relative_to(data_folder()).as_posix()
