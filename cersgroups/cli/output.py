"""Where a command writes: judged before any work is done, and written whole or not at all."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cersgroups.core.error import RequestStop


def check_output(target: Path, inputs: Iterable[Path]) -> None:
    """Raises RequestStop if no file can be at `target`, or one of the `inputs` is there."""
    folder = target.absolute().parent
    if not folder.is_dir():
        raise RequestStop(f"{target}: the folder {folder} does not exist. Make it, or choose another place.")
    if target.is_dir():
        raise RequestStop(f"{target}: is a folder. Name the file to write in it.")
    if target.exists() and any(path.exists() and path.samefile(target) for path in inputs):
        raise RequestStop(f"{target}: is read by this command, so it is not overwritten. Name another file.")


def check_new_folder(target: Path) -> None:
    """Raises RequestStop if no new folder can be at `target`."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RequestStop(f"{target}: something is there already. Name a new folder.")
    parent = target.absolute().parent
    if not parent.is_dir():
        raise RequestStop(f"{target}: the folder {parent} does not exist. Make it, or choose another place.")


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target`. Raises RequestStop if there can be none."""
    folder = target.absolute().parent
    try:
        aside = TemporaryDirectory(prefix=".cersgroups-", dir=folder, ignore_cleanup_errors=True)
    except OSError as e:
        raise RequestStop(f"{folder}: nothing can be written there ({e.strerror}). Choose another folder.") from None
    with aside as name:
        yield Path(name)


def publish(pairs: Sequence[tuple[Path, Path]]) -> None:
    """Put each first file in the place of the second. Raises OSError.

    What may fail (a copy to another disk, which may be full) is done for all before the first is replaced.
    """
    with ExitStack() as stack:
        ready = [(_moved(file, stack.enter_context(beside(target))), target) for file, target in pairs]
        for file, target in ready:
            file.replace(target)


def numbered(target: Path, count: int) -> list[Path]:
    """`target` if there is one file to write, else `target` with -1, -2, ..."""
    return [target] if count == 1 else [target.with_stem(f"{target.stem}-{n}") for n in range(1, count + 1)]


def _moved(file: Path, folder: Path) -> Path:
    """The file in `folder`, and on its disk for good."""
    moved = folder / file.name
    try:
        file.rename(moved)
    except OSError as e:
        if e.errno != errno.EXDEV:
            raise
        shutil.copyfile(file, moved)
    handle = os.open(moved, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return moved
