"""Other bytes with the same content: the receiver skips bytes that it has processed before (vectors 307, 308, 329).

Only the case of the header's letters varies. The checker ignores it (014) and the loader skips the line whatever it
holds, so no row, no order of rows and no spelling changes, and every file has as many variants as any other: 2 to the
power of 70. The order of rows is left alone: a new group takes its subject from the row that is read first (218-230).
"""

import hashlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import IO

from cersgroups.core.error import DataStop
from cersgroups.core.student_group import HEADER

_HEADER = ",".join(HEADER).encode()
_LETTERS = [index for index, byte in enumerate(_HEADER) if chr(byte).isalpha()]
_CHUNK = 1 << 20

VARIANTS = 1 << len(_LETTERS)
"""Variants are numbered from 0, which is the file as it is built."""


def header_of(number: int) -> bytes:
    """The header of variant `number`: bit by bit, which of its letters are upper case."""
    if not 0 <= number < VARIANTS:
        raise ValueError(f"there is no variant {number}")
    header = bytearray(_HEADER)
    for bit, index in enumerate(_LETTERS):
        if number >> bit & 1:
            header[index : index + 1] = header[index : index + 1].upper()
    return bytes(header)


def write_variant(file: Path, target: Path, number: int) -> None:
    """Write variant `number` of `file`, itself any variant, to `target`: whole, or not at all.

    Raises DataStop if `file` does not begin with the header of a student groups file.
    """
    aside = target.with_name(f"{target.name}.part")
    with file.open("rb") as source, aside.open("wb") as out:
        _skip_header(source, file)
        out.write(header_of(number))
        shutil.copyfileobj(source, out, _CHUNK)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(target)


def unprocessed_variant(file: Path, processed: Collection[str]) -> int:
    """The first variant of `file` whose digest (MD5, upper case hex) is not among `processed`. Raises DataStop."""
    return next(number for number in range(VARIANTS) if _digest(file, number) not in processed)


def _digest(file: Path, number: int) -> str:
    digest = hashlib.md5(header_of(number), usedforsecurity=False)
    with file.open("rb") as source:
        _skip_header(source, file)
        while piece := source.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest().upper()


def _skip_header(source: IO[bytes], file: Path) -> None:
    if source.read(len(_HEADER)).lower() != _HEADER or source.read(1) not in (b"\r", b"\n"):
        raise DataStop(f"{file.name}: does not begin with the header of a student groups file. Build it anew.")
    source.seek(len(_HEADER))
