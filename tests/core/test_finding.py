"""Findings: stable codes, sentences for any count, and a page in the docs that cannot drift."""

import re
from pathlib import Path

import pytest

from cersgroups.core import finding_build, finding_roster, finding_source  # noqa: F401 - they register their kinds
from cersgroups.core.finding import KINDS, Finding, FindingKind, register
from tests.core.write_findings import PAGE, text

ROOT = Path(__file__).parents[2]


def test_the_findings_page_lists_every_kind_as_the_code_has_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: .venv/bin/python -m tests.core.write_findings"


def test_every_kind_has_a_code_a_sentence_with_its_count_and_advice() -> None:
    for kind in KINDS.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", kind.code)
        assert "{count}" in kind.sentence or "{count}" in kind.advice, kind.code
        assert kind.advice.strip().endswith((".", "?")), kind.code
        assert kind.severity in ("info", "warning")


def test_every_code_is_used_somewhere_in_the_program() -> None:
    program = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "cersgroups").rglob("*.py")
        if not path.name.startswith("finding_")
    )
    made_by_name = {f"oneroster_{name}_missing" for name in ("ssid", "seid", "cds")}  # sources/oneroster_place.py
    assert [code for code in KINDS.keys() - made_by_name if code not in program] == []


def test_a_code_cannot_be_defined_twice() -> None:
    [first, *_] = KINDS.values()
    with pytest.raises(ValueError, match="defined twice"):
        register([FindingKind(first.code, "info", "Twice: {count}.", "Never.")])


def test_a_finding_says_how_many_and_what_to_do() -> None:
    message = Finding("student_without_ssid", 1234).message
    assert "1,234" in message
    assert "Enter the SSID" in message
