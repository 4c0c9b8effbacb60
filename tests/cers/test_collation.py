"""What is equal under utf8_unicode_ci, and what is not (vectors 100-162, 228, 268)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.cers.collation import fold

EQUAL = [
    ("Algebra", "ALGEBRA"),
    ("Jose", "José"),
    ("José", "Jose\u0301"),
    ("Ano", "Año"),
    ("Muller", "Müller"),
    ("Strasse", "Straße"),
    ("oeuvre", "œuvre"),
    ("ij", "ĳ"),
    ("ABC 1", "ＡＢＣ １"),
    ("Level 2", "Level ²"),
    ("fit", "ﬁt"),
    ("TM", "™"),
    ("1", "①"),
    ("IV", "Ⅳ"),
    ("3", "٣"),
    ("Period 1", "Period\u00a01"),
    ("Period 1", "Period\u30001"),
    ("Period 1", "Period 1  "),
    ("Period 1", "Period 1\u00a0"),
    ("Period 1", "Period\u200b 1"),
    ("Period 1", "Per\u2060iod 1"),
    ("Period 1", "\ufeffPeriod 1"),
    ("Period", "Per\x00iod"),
    ("ΣΑΣ", "σας"),
    ("Istanbul", "İstanbul"),
    ("ニホンコ", "にほんご"),
    ("ツ", "っ"),
    ("е", "ё"),
    ("ა", "Ⴀ"),
    ("ם", "מ"),
    ("dz", "ʣ"),
    ("٣", "৩"),
    ("[", "﹇"),
    ("Γ", "Γ\u0301"),
]
DISTINCT = [
    ("ae", "æ"),
    ("l", "ł"),
    ("d", "đ"),
    ("o", "ø"),
    ("h", "ħ"),
    ("i", "ı"),
    ("th", "þ"),
    ("P-1", "P–1"),
    ("P-1", "P1"),
    ("P.1", "P1"),
    ("O'Hara", "O’Hara"),
    ("Period 1", "Period  1"),
    ("Period 1", " Period 1"),
    ("Period 1", "Period 1\t"),
    ("a", "a\n"),
    ("a_b", "a-b"),
    ("´", " "),
    ("Period", "Per\u00adiod"),
    ("-", "\u00ad"),
    ("и", "й"),
    ("й", "и\u0306"),
    ("і", "ї"),
    ("у", "ў"),
    ("ا", "أ"),
    ("각", "\u1100\u1161\u11a8"),
    ("🎓", "🎒"),
    ("班", "级"),
    ("ß", "\u1e9e"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_the_database_takes_these_for_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DISTINCT)
def test_the_database_tells_these_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=20))
def test_composed_and_decomposed_latin_are_equal(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_plain_text_differs_only_by_case_and_spaces_at_its_end(text: str) -> None:
    assert fold(text) == text.lower().rstrip(" ")
    assert fold(text + "  ") == fold(text.upper())


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_text_is_folded_character_by_character(left: str, right: str) -> None:
    assert fold(left + "|" + right) == fold(left + "|") + fold(right)


def test_every_fold_is_its_own_fold() -> None:
    assert [c for c in map(chr, range(0x10000)) if fold(fold(c + "|")) != fold(c + "|")] == []
