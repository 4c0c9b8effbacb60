"""Rows are read out of JSON of any size as the standard library would read them all at once."""

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cersgroups.sources import json_row
from cersgroups.sources.json_row import NoList, rows

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def read(text: str, under: str = "", chunk: int = 3) -> list[Any]:
    return list(rows(io.BytesIO(text.encode()), under, chunk))


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 1]), st.booleans(), st.integers(1, 20))
@example([1e300, -2.5e-7], None, False, 1)
def test_any_list_is_read_whole_however_it_is_cut(
    items: list[Any], indent: int | None, escaped: bool, chunk: int
) -> None:
    text = json.dumps(items, indent=indent, ensure_ascii=escaped)
    assert read(text, chunk=chunk) == items


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), st.lists(VALUES, max_size=3), st.integers(1, 20))
def test_any_list_under_a_name_is_found(others: dict[str, Any], items: list[Any], chunk: int) -> None:
    text = json.dumps({"a": others, **{f"x{name}": value for name, value in others.items()}, "users": items})
    assert read(text, "users", chunk) == items


@given(st.lists(VALUES, min_size=1, max_size=5), st.data())
def test_a_list_that_is_cut_anywhere_is_no_list(items: list[Any], data: st.DataObject) -> None:
    text = json.dumps(items)
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is told as broken JSON
        read(text[: data.draw(st.integers(0, len(text) - 1))])


@pytest.mark.parametrize(
    "text", ["", "[1 2]", "[1,]", "[,1]", "[1]]", "[1] 2", '{"users": [1]', '{"users" [1]}', "[tru]"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011
        read(text, "users" if "users" in text else "")
    assert not isinstance(error.value, NoList)


@pytest.mark.parametrize(("text", "under"), [("{}", ""), ("7", ""), ("{}", "users"), ('{"users": {}}', "users")])
def test_json_without_the_list_is_told_apart(text: str, under: str) -> None:
    with pytest.raises(NoList):
        read(text, under)


def test_a_byte_order_mark_is_no_part_of_it() -> None:
    assert list(rows(io.BytesIO(b"\xef\xbb\xbf[1]"))) == [1]


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        list(rows(io.BytesIO(b'["\xff"]')))


def test_a_row_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_row, "LONGEST_ROW", 1000)
    with pytest.raises(ValueError, match="too long"):
        read('["' + "x" * 10_000)
