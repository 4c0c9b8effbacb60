"""TOML that people or programs write: what cannot be read is told in a sentence."""

import tomllib

import pytest

from cersgroups.core.error import RequestStop
from cersgroups.core.toml import parsed, quoted


@pytest.mark.parametrize("text", ["a = " + "9" * 5_000, "a = " + "[" * 5_000])
def test_a_number_or_lists_without_end_are_told(text: str) -> None:
    with pytest.raises(RequestStop, match="given: holds a number of thousands of digits, or lists within lists"):
        parsed(text, "given")


@pytest.mark.parametrize("text", ["", 'a"b\\c', "a\nb\r\tc", "\x00\x1f\x7f", "Ünal"])
def test_a_text_that_is_written_is_read_as_the_same(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}
