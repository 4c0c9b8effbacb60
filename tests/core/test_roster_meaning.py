"""docs/roster.md says what every table and column means."""

import pytest

from cersgroups.core.roster import TABLES, Table
from cersgroups.core.roster_meaning import meaning
from tests.core.write_roster import PAGE, text


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_has_its_meaning(table: Table) -> None:
    assert all(meaning(table, column) for column in table.columns)


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: .venv/bin/python -m tests.core.write_roster"
