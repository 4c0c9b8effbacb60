"""The table of endings, and the page that shows it."""

from pathlib import Path

import pytest

from cersgroups.cers.ending import ENDINGS, Ending, table

PAGE = Path(__file__).parents[2] / "docs" / "receiver.md"


def test_the_page_shows_the_table() -> None:
    """After a change of the table: python -c "from cersgroups.cers.ending import table; print(table())"."""
    assert table() in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=lambda ending: ending.code)
def test_every_sentence_is_one_and_says_what_to_do(ending: Ending) -> None:
    sentence = ending.sentence.format(where="cers.example.org")
    assert sentence.endswith(".")
    assert "{" not in sentence
    if ending.outcome not in ("accepted", "processed"):
        assert sentence.count(". ") + sentence.count("; ") >= 1, "says what happened, but not what to do"


def test_every_status_of_the_contract_has_an_ending() -> None:
    statuses = "ACCEPTED PROCESSED BAD_DATA BAD_FORMAT INVALID UNAUTHORIZED UNKNOWN_SCHOOL PIPELINE_FAILURE"
    assert set(statuses.split()) <= set(ENDINGS)
