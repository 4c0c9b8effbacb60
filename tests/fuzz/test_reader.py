"""reader.md names everything that reads what others wrote, and what tries it."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.fuzz.parser import PARSERS

ROOT = Path(__file__).parents[2]
OURS = "ours"
READS = re.compile(
    r"\bjson\.loads?\(|\btomllib\.loads\(|\bcsv\.(?:reader|DictReader)\(|zipfile\.ZipFile\(|\bijson\.items\(|parsedate_to"
    r"|\.fromisoformat\(|\benvironment\.\w+\(|\bos\.environ\b|\brequest\.body\b|\.(?:GET|POST|FILES)\b|\bmmap\.mmap\("
    r"|\burlsplit\((?!settings)|\bread_csv\(|\bread_text\(|\bheaders\.get\("
)
"""How bytes and texts of elsewhere are taken apart."""


def rows() -> Iterator[tuple[list[str], str]]:
    """By line: the files, and what tries them."""
    for line in (Path(__file__).parent / "reader.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            yield re.findall(r"`([^`]+)`", cells[0]), cells[2]


def readers() -> list[str]:
    package = ROOT / "cersgroups"
    found = (path for path in package.rglob("*.py") if READS.search(path.read_text(encoding="utf-8")))
    return sorted(path.relative_to(package).as_posix() for path in found)


def test_every_file_that_reads_what_others_wrote_is_named() -> None:
    patterns = [pattern for files, _ in rows() for pattern in files]
    assert [name for name in readers() if not any(fnmatch(name, pattern) for pattern in patterns)] == []


def test_every_file_that_is_named_exists() -> None:
    named = [pattern for files, _ in rows() for pattern in files]
    assert [pattern for pattern in named if not any((ROOT / "cersgroups").glob(pattern))] == []


def test_what_tries_them_exists_and_no_parser_is_forgotten() -> None:
    tried = {name for _, by in rows() if by != OURS for name in re.findall(r"`([^`]+)`", by)}
    files = {name for name in tried if name.endswith(".py")}
    assert [name for name in files if not (ROOT / name).is_file()] == []
    assert tried - files == PARSERS.keys()


@pytest.mark.parametrize("by", [by for _, by in rows()])
def test_nothing_is_left_untried(by: str) -> None:
    assert by == OURS or re.search(r"`.+`", by)
