"""Writes docs/permissions.md from DEEDS: `python -m tests.core.write_permissions`."""

from pathlib import Path

from cersgroups.core.permission import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"

INTRODUCTION = """# Who may do what

A person has one level in an LEA: admin, administer or viewer; whoever has none sees nothing of it. *Anybody's* means:
with what belongs to whomever; *own*: only with what they made or were handed over. A person may be limited to some
schools (an admin cannot): then only what lies wholly within them counts, so a profile or an extract with one other
school is not theirs.

This table is made from the code (`python -m tests.core.write_permissions`) and compared with it by a test. Every action
checks it again in the transaction of the change, and the database shows no row of another LEA to anybody.

"""


def text() -> str:
    """The page as it should be."""
    return INTRODUCTION + as_markdown()


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
