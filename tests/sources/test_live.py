"""What a live source is: fields to be entered, and the school year of a day."""

from datetime import date

import pytest

from cersgroups.core.error import RequestStop
from cersgroups.sources.address import checked_address
from cersgroups.sources.live import Field, LiveKind, school_year_of, whole_number
from cersgroups.sources.live_kind import LIVE_KINDS, live_kind

KIND = LiveKind(
    "test",
    "Test",
    (
        Field("address", "Address", check=checked_address),
        Field("version", "Version", choices=("1.1", "1.2"), default="1.2"),
        Field("at_once", "Requests at a time", required=False, default="4", check=whole_number(1, 8)),
        Field("note", "Note", required=False),
    ),
    check=lambda _settings, _as_of: [],
    fetch=lambda *_: None,
)
ENTERED = {"address": " https://sis.example "}


def test_blanks_become_defaults_and_texts_are_trimmed() -> None:
    complete = KIND.complete({**ENTERED, "note": "  "})
    assert complete == {"address": "https://sis.example", "version": "1.2", "at_once": "4", "note": ""}


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({}, "Address is missing. Enter it."),
        ({**ENTERED, "adress": "x"}, "unknown setting 'adress'. Known here: address, at_once, note, version."),
        ({**ENTERED, "version": "2"}, "Version is '2'. Choose one of 1.1, 1.2."),
        ({**ENTERED, "at_once": "9"}, "Requests at a time: enter a whole number from 1 to 8."),
        ({**ENTERED, "at_once": "-1"}, "Requests at a time: enter a whole number"),
        ({**ENTERED, "at_once": "²"}, "Requests at a time: enter a whole number"),
        ({"address": "http://sis.example"}, "Address: The address of sis.example is not encrypted."),
    ],
)
def test_what_cannot_be_meant_is_told_with_the_name_of_its_field(entered: dict[str, str], sentence: str) -> None:
    with pytest.raises(RequestStop) as stop:
        KIND.complete(entered)
    assert sentence in str(stop.value)


@pytest.mark.parametrize(
    ("day", "year"), [("2026-06-30", 2026), ("2026-07-01", 2027), ("2026-12-31", 2027), ("2027-01-01", 2027)]
)
def test_a_school_year_begins_in_july_and_is_named_by_its_second_half(day: str, year: int) -> None:
    assert school_year_of(date.fromisoformat(day)) == year


def test_kinds_are_found_by_name() -> None:
    assert live_kind("aeries_api") is LIVE_KINDS["aeries_api"]
    with pytest.raises(RequestStop, match=r"'sap' is no kind of source\. Choose one of aeries_api"):
        live_kind("sap")


@pytest.mark.parametrize("kind", LIVE_KINDS.values(), ids=LIVE_KINDS)
def test_every_kind_is_named_as_it_is_listed_and_keeps_its_secrets_secret(kind: LiveKind) -> None:
    assert LIVE_KINDS[kind.kind] is kind
    assert all(field.label for field in kind.fields)
    assert len({field.name for field in kind.fields}) == len(kind.fields)
    assert any(field.secret for field in kind.fields)
    assert not any(field.secret and field.default for field in kind.fields)
