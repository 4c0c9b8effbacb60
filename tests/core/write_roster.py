"""Writes docs/roster.md from the tables: `python -m tests.core.write_roster`."""

from pathlib import Path

from cersgroups.core.roster_meaning import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "roster.md"

INTRODUCTION = """# The roster

Every source makes these tables, and a folder of them is itself a roster: one file `<table>.csv` each, UTF-8, with the
column names in the first line, in any order. Columns that are not named here are not read. A file that is missing is an
empty table.

Ids are texts; spaces around a cell do not count. A blank `active` means true, other blank booleans false. Rows that
are equal count once; the same key with other cells stops. A row whose key refers to nothing is left out, any other cell
that refers to nothing counts as blank; both are told as findings ([findings.md](findings.md)).

A *side folder* has the same files with some of the columns: it adds rows, or fills cells of rows that are there
([commands.md](commands.md)).

This page is made from the code (`python -m tests.core.write_roster`) and compared with it by a test.

"""


def text() -> str:
    """The page as it should be."""
    return INTRODUCTION + as_markdown()


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
