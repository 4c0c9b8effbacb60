"""docs/security.md names tests as evidence: every one of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tests() -> set[str]:
    sources = (ROOT / "tests").rglob("test_*.py")
    return {name for source in sources for name in re.findall(r"^def (test_\w+)", source.read_text(), re.MULTILINE)}


def test_every_test_that_is_named_exists(tests: set[str]) -> None:
    assert set(re.findall(r"`(test_\w+)`", PAGE)) - tests == set()


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"\b(?:tests|core|engine)/[\w/]+(?:\.py|\.md)?", PAGE)
    missing = [name for name in named if not any((base / name).exists() for base in (ROOT, ROOT / "cersgroups"))]
    assert missing == []
