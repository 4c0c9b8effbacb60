"""Findings are counted; of kinds that can be true of every row only examples are kept."""

import pytest

from cersgroups.core.finding import KINDS
from cersgroups.core.finding_source import BULK, MAX_EXAMPLES
from cersgroups.sources.tally import Tally

CODES = [code for code in KINDS if code.startswith(("source_", "oneroster_", "aeries_"))]


def test_rows_that_were_left_out_are_all_kept() -> None:
    tally = Tally()
    for i in range(100):
        tally.add("oneroster_row_left_out", "users.csv", str(i))
    (finding,) = tally.findings()
    assert (finding.count, len(finding.rows), finding.rows[99].key) == (100, 100, "99")


def test_of_bulk_kinds_only_examples_are_kept() -> None:
    tally = Tally()
    for i in range(100):
        tally.add("oneroster_status_filled", "users.csv", str(i))
    (finding,) = tally.findings()
    assert (finding.count, len(finding.rows)) == (100, MAX_EXAMPLES)


def test_a_count_can_be_noted_with_one_row() -> None:
    tally = Tally()
    tally.note("oneroster_seid_missing", 7, "users.csv", "identifier: 0 of 7 values fit")
    (finding,) = tally.findings()
    assert (finding.count, finding.rows[0].value) == (7, "identifier: 0 of 7 values fit")
    assert "(7 staff counted)" in finding.message


@pytest.mark.parametrize("code", CODES)
def test_every_kind_says_its_count_in_a_sentence_with_advice(code: str) -> None:
    tally = Tally()
    tally.note(code, 1234)
    message = tally.findings()[0].message
    assert message.count("1,234") == 1
    assert message.endswith(".")
    assert "{{" not in message
    assert KINDS[code].advice


def test_bulk_kinds_are_kinds() -> None:
    assert set(CODES) >= BULK
