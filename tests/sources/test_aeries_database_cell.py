"""Cells of the Aeries database: whatever type they have, they are read as Aeries means them or told, never guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from cersgroups.sources.aeries_database_cell import CellError, day, reference, text


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (None, ""),
        (" 0701 ", "0701"),
        (994, "994"),
        (7.0, "7"),
        (1.5, "1.5"),
        (Decimal("7.00"), "7"),
        (Decimal("100"), "100"),
        (7_000_000_001.0, "7000000001"),
        (1e16, "10000000000000000"),
        (-0.0, "0"),
        (True, "True"),
        ("Ana\0 \ud800", "Ana ?"),
    ],
)
def test_a_cell_of_any_type_is_text_as_people_write_it(cell: object, meant: str) -> None:
    assert text(cell) == meant


@pytest.mark.parametrize("cell", [0, 0.0, Decimal("0.00"), "0", "000", "", None])
def test_zero_refers_to_nobody(cell: object) -> None:
    assert reference(cell) == ""


@pytest.mark.parametrize("cell", [b"7", bytearray(b"7"), float("nan"), float("-inf"), Decimal("NaN"), Decimal("sNaN")])
def test_bytes_and_what_is_no_number_are_told(cell: object) -> None:
    """They were ids such as b'7' and nan before."""
    with pytest.raises(CellError):
        text(cell)


@pytest.mark.parametrize("cell", [b"2026-08-15", 20260815, "15.08.2026", "2026-02-30", float("nan")])
def test_what_is_no_day_is_told(cell: object) -> None:
    with pytest.raises(CellError):
        day(cell)


@pytest.mark.parametrize("cell", [date(2026, 8, 15), datetime(2026, 8, 15, 7), "2026-08-15 00:00:00", "2026-08-15"])
def test_a_day_is_read_however_it_is_kept(cell: object) -> None:
    assert day(cell) == "2026-08-15"
