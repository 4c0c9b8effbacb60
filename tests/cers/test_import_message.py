"""The message of the import record (vectors 340-349)."""

import pytest

from cersgroups.cers.import_message import MAX_BYTES, failure_message, fits, results_of, success_message
from cersgroups.cers.verdict import Result


def failures(count: int) -> list[Result]:
    return [Result(row, False, "wrong") for row in range(1, count + 1)]


def test_every_failure_has_a_line() -> None:
    assert failure_message(failures(2)) == "Row: 1 Failure: wrong\nRow: 2 Failure: wrong"


@pytest.mark.parametrize(
    ("count", "last"), [(100, "Row: 100 Failure: wrong"), (103, "With 3 additional validation failures")]
)
def test_a_hundred_are_told_and_the_rest_is_counted(count: int, last: str) -> None:
    lines = failure_message(failures(count)).splitlines()
    assert len(lines) == min(count, 101)
    assert lines[-1] == last


def test_successes_are_told_without_their_row() -> None:
    assert success_message([Result(9, True, "1 group accepted for 1.")] * 101).endswith(
        "1 group accepted for 1.\nWith 1 additional schools"
    )


def test_a_message_fits_by_its_bytes() -> None:
    assert fits("x" * MAX_BYTES)
    assert not fits("x" * (MAX_BYTES + 1))
    assert not fits("é" * (MAX_BYTES // 2 + 1))


def test_a_message_with_an_emoji_cannot_be_stored() -> None:
    assert not fits("Invalid subject: 🌟")


def test_a_message_is_read_back_row_by_row() -> None:
    results = [Result(2, False, "Invalid subject: CAST"), Result(9, False, "School [a\nb] can not be found")]
    assert results_of(failure_message(results)) == results
    assert results_of("1 group accepted for 1.\n2 groups accepted for 2.") == [
        Result(0, True, "1 group accepted for 1."),
        Result(0, True, "2 groups accepted for 2."),
    ]
    assert results_of("") == []


def test_the_count_of_the_rest_is_read_too() -> None:
    assert results_of(failure_message(failures(103)))[-1] == Result(0, False, "With 3 additional validation failures")
    assert results_of(success_message([Result(9, True, "1 group.")] * 102))[-1] == Result(
        0, True, "With 2 additional schools"
    )


def test_a_row_that_no_file_has_is_text() -> None:
    [result] = results_of(f"Row: {'9' * 5000} Failure: wrong")
    assert result.row == 0
