"""docs/security.md and docs/asvs.md name tests and files as evidence: every one of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("security", "asvs")}
ASVS = {
    1: (2, 9, 11, 3, 2), 2: (3, 3, 4, 1), 3: (0, 2, 4, 6, 5, 0, 2), 4: (3, 1, 2, 4), 5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4), 7: (3, 4, 2, 5, 2, 2), 8: (2, 3, 1, 1), 9: (3, 4), 10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1), 12: (3, 2, 4), 13: (1, 5, 2, 5), 14: (2, 4, 3), 15: (3, 3, 7), 16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}  # fmt: skip
"""By chapter: how many requirements of levels 1 and 2 each section has; they come before those of level 3."""

STATES = {"met", "part", "open", "site", "none"}


@pytest.fixture(scope="module")
def tests() -> set[str]:
    sources = (ROOT / "tests").rglob("test_*.py")
    return {name for source in sources for name in re.findall(r"^def (test_\w+)", source.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_exists(tests: set[str], page: str) -> None:
    assert set(re.findall(r"`(test_\w+)`", PAGES[page])) - tests == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_exists(page: str) -> None:
    named = re.findall(r"\b(?:tests|core|engine|docs)/[\w/]+(?:\.py|\.md)?", PAGES[page])
    missing = [name for name in named if not any((base / name).exists() for base in (ROOT, ROOT / "cersgroups"))]
    assert missing == []


def test_every_test_file_that_the_program_names_exists() -> None:
    named = {
        name
        for source in (ROOT / "cersgroups").rglob("*.py")
        for name in re.findall(r"(?<![\w/])tests/[\w/]+\.(?:py|md)", source.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def rows() -> list[list[str]]:
    """Of the tables by chapter: requirements, state, how, evidence."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGES["asvs"].splitlines()]
    return [row for row in cells if len(row) == 4 and re.match(r"\d", row[0])]


def test_every_requirement_of_asvs_level_2_has_its_state_once() -> None:
    told = [number for row in rows() for number in row[0].split(", ")]
    wanted = {
        f"{c}.{s}.{n}" for c, counts in ASVS.items() for s, many in enumerate(counts, 1) for n in range(1, many + 1)
    }
    assert sorted(told) == sorted(wanted)


def test_what_is_met_has_evidence_and_what_is_not_stands_at_the_top() -> None:
    told = re.findall(r"^\| ([\d., ]+) \| \w+ \|", PAGES["asvs"].split("## V1 ")[0], re.MULTILINE)
    missing = {number for numbers in told for number in numbers.split(", ")}
    for numbers, state, _how, evidence in rows():
        assert state in STATES, numbers
        assert evidence or state != "met", numbers
        if "see above" in _how or state in ("part", "open"):
            assert set(numbers.split(", ")) <= missing, numbers
