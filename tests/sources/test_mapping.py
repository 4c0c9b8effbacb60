"""The mapping TOML, and the places it names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.error import RequestStop
from cersgroups.sources.mapping import (
    Mapping,
    from_file,
    from_toml,
    to_toml,
    user_ids,
    user_ids_are_readable,
    with_place,
)


def test_a_mapping_names_the_place_of_each_field() -> None:
    text = 'ssid = "userIds:SSID"\nseid = "identifier"\ncds = "metadata.cdsCode"\nend_date = "inclusive"\n'
    assert from_toml(text) == Mapping("userIds:SSID", "identifier", "metadata.cdsCode", None, "inclusive")


def test_an_empty_mapping_leaves_all_to_counting_and_end_dates_exclusive() -> None:
    assert from_toml("") == Mapping(None, None, None, None, "exclusive")


@pytest.mark.parametrize(
    "text",
    [
        'colour = "red"',
        'ssid = "email"',
        'ssid = "userIds:"',
        'cds = "userIds:CDS"',
        'cds = "username"',
        'school_number = "metadata."',
        'end_date = "open"',
        "ssid = 7",
        "ssid =",
    ],
)
def test_what_a_mapping_cannot_mean_is_a_wrong_request(text: str) -> None:
    with pytest.raises(RequestStop, match=r"m\.toml"):
        from_toml(text, "m.toml")


def test_an_unknown_place_is_answered_with_the_known_ones() -> None:
    with pytest.raises(RequestStop, match="identifier, userMasterIdentifier, sourcedId, username, metadata"):
        from_toml('ssid = "mail"')


def test_a_mapping_file_that_is_missing_or_no_text_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="no such file"):
        from_file(tmp_path / "m.toml")
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RequestStop, match="UTF-8"):
        from_file(tmp_path / "m.toml")


names = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F, categories=["L", "N", "P"]), min_size=1)


@given(names, st.sampled_from(["exclusive", "inclusive"]))
def test_a_mapping_written_as_toml_is_read_as_the_same(name: str, end_date: str) -> None:
    mapping = with_place(Mapping(ssid=f"metadata.{name}", seid=f"userIds:{name}"), "end_date", end_date)
    assert from_toml(to_toml(mapping)) == mapping


@pytest.mark.parametrize("name", ["a\nb", 'a"b', "a\\b", "a\x7fb", "a\tb"])
def test_a_column_of_whatever_name_is_written_so_that_it_can_be_read(name: str) -> None:
    """The header of a CSV file may have lines in it."""
    mapping = Mapping(ssid=f"metadata.{name}")
    assert from_toml(to_toml(mapping)) == mapping


def test_user_ids_are_read_by_type_with_spaces_and_blank_ones_left_out() -> None:
    assert user_ids("{SSID:123}, { Fed : y },{x:}") == [("SSID", "123"), ("Fed", "y")]


@pytest.mark.parametrize(("cell", "readable"), [("{a:b},{c:d}", True), ("", True), ("a:b", False), ("{a}", False)])
def test_user_ids_without_braces_are_not_readable(cell: str, readable: bool) -> None:
    assert user_ids_are_readable(cell) is readable
