"""Writes docs/findings.md from the kinds: `python -m tests.core.write_findings`."""

from pathlib import Path

from cersgroups.core import finding_build, finding_roster, finding_source  # noqa: F401 - they register their kinds
from cersgroups.core.finding import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "findings.md"

INTRODUCTION = """# Findings

A finding is something about the data that a person should know. The work went on; this is what was left out
or changed on the way, and why. Nothing is left out in silence: `cersgroups build ... --findings FILE.csv` writes
the rows behind every finding (school, table, key, value).

Codes are stable: scripts may rely on them. This table is made from the code (`python -m tests.core.write_findings`)
and compared with it by a test.

"""


def text() -> str:
    """The page as it should be."""
    return INTRODUCTION + as_markdown()


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
