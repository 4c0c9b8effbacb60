"""The rows of a findings.csv by kind: the last hundred of a million are found as quickly as the first.

Where each hundred rows begin is looked up when somebody first asks, and kept: the files of an extract never change.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

ROWS = 100
"""Rows of a piece, at most."""

_Pieces = dict[str, list["Piece"]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one kind that stand one after the other, from the byte `first` to before the byte `end`."""

    first: int
    end: int
    rows: int


def read_finding_file(path: Path, code: str, start: int, limit: int) -> list[dict[str, str]]:
    """Rows of one kind, from the `start`th on, by the columns of the file; none if it has none of the kind."""
    stat = path.stat()
    head, pieces = _looked_up(path, stat.st_mtime_ns, stat.st_size)
    found: list[dict[str, str]] = []
    with path.open("rb") as file:
        for piece in pieces.get(code, ()):
            if len(found) >= limit:
                break
            if start < piece.rows:
                found += (dict(zip(head, row, strict=True)) for row in _rows(file, piece)[start:])
            start = max(0, start - piece.rows)
    return found[:limit]


def _rows(file: BinaryIO, piece: Piece) -> list[list[str]]:
    file.seek(piece.first)
    return list(csv.reader(io.StringIO(file.read(piece.end - piece.first).decode(), newline="")))


@lru_cache(maxsize=16)
def _looked_up(path: Path, _changed: int, _size: int) -> tuple[list[str], _Pieces]:
    """The header, and the pieces of each kind in their order. A file that is another one by now is looked up anew."""
    with path.open("rb") as file:
        line = file.readline()
        [head] = csv.reader([line.decode("utf-8-sig")])
        pieces: _Pieces = {}
        for code, piece in _pieces(file, len(line)):
            pieces.setdefault(code, []).append(piece)
        return head, pieces


def _pieces(file: BinaryIO, end: int) -> Iterator[tuple[str, Piece]]:
    """`end` is where the header ends. A cell in quotes may hold line breaks: a row ends where its quotes are closed."""
    first, rows, code, inside = end, 0, b"", False
    for line in file:
        if not inside:
            of, _comma, _rest = line.partition(b",")
            if rows and (of != code or rows == ROWS):
                yield _named(code), Piece(first, end, rows)
                first, rows = end, 0
            code, rows = of, rows + 1
        inside ^= line.count(b'"') % 2 == 1
        end += len(line)
    if rows:
        yield _named(code), Piece(first, end, rows)


def _named(code: bytes) -> str:
    return code.decode().strip('"')
