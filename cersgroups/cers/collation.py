"""Equality as the receiver's database sees it: MySQL's utf8_unicode_ci (Unicode Collation Algorithm 4.0.0).

Two texts are equal under the collation if and only if their folds are equal. Only the primary weights
count: case, accents and the width of a letter vanish. Sources: vectors 100-112, 141-162, 228 and 268;
MySQL reference manual, "Unicode Character Sets".
"""

import re
import unicodedata
from functools import lru_cache

_PLAIN = re.compile(r"[ -~]*")

# The weights are of Unicode 4.0; what came later has no weight but itself, so nothing of it is folded.
_OLD = unicodedata.ucd_3_2_0

# Vowel signs, viramas and the like sort as letters of their own in Indic, Thai, Lao and Tibetan scripts.
_CLASSES_WITH_WEIGHT = frozenset({0, 9, 84, 91, 103, 118, 129, 130, 132})

# Letters whose weight is not that of their parts.
_OWN_LETTERS = frozenset("йЙ")

# Letters without a decomposition which nevertheless weigh as two (æ, ø, ł, đ and ı weigh as themselves).
_EXPANSIONS = {"œ": "oe", "Œ": "oe"}

# Small kana weigh as the full ones, and hiragana as katakana.
_SMALL_KANA = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_HIRAGANA_TO_KATAKANA = 0x60

_folds: dict[str, str] = {}


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """What `text` is compared by. Spaces at its end do not count (PAD SPACE), those at its start do."""
    if _PLAIN.fullmatch(text):
        return text.lower().rstrip(" ")
    return "".join(_fold_character(character) for character in text).rstrip(" ")


def _fold_character(character: str) -> str:
    known = _folds.get(character)
    if known is None:
        known = _folds[character] = "".join(map(_weigh, unicodedata.normalize("NFD", character)))
    return known


def _weigh(character: str) -> str:
    """The weight of one character that has no canonical parts; blank if it is ignored."""
    if _is_later(character):
        return character
    if _is_ignored(character):
        return ""
    parts = unicodedata.normalize("NFKD", character)
    if parts != character and not _is_spacing_accent(character, parts):
        return "".join(map(_weigh, parts))
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    return _EXPANSIONS.get(character) or _kana(character.casefold())


def _fold_own_letters() -> None:
    for letter in _OWN_LETTERS:
        _folds[letter] = letter.lower()


def _is_later(character: str) -> bool:
    """Not yet in the table of weights: unassigned in Unicode 3.2 and not among the additions of 4.0."""
    return ord(character) > 0xFFFF or (
        _OLD.category(character) == "Cn" and not any(ord(character) in span for span in _ADDED_IN_4_0)
    )


def _is_ignored(character: str) -> bool:
    """Control characters but the blanks among them, format characters, accents and enclosing marks."""
    category = unicodedata.category(character)
    if category == "Cc":
        return character not in "\t\n\v\f\r\x85"
    if category in ("Cf", "Me") or character in _VARIATION_SELECTORS:
        return True
    return unicodedata.combining(character) not in _CLASSES_WITH_WEIGHT


def _is_spacing_accent(character: str, parts: str) -> bool:
    """´ and its like have a weight of their own, although Unicode takes them for a space and an accent."""
    return parts[0] == " " and unicodedata.category(character) != "Zs"


def _kana(text: str) -> str:
    if len(text) == 1 and "ぁ" <= text <= "ゖ":
        text = chr(ord(text) + _HIRAGANA_TO_KATAKANA)
    return _SMALL_KANA.get(text, text)


_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0x180B, 0x180E), 0x034F)))

# The additions of Unicode 4.0 that have parts, or are accents, and so may be folded.
_ADDED_IN_4_0 = (
    range(0x0350, 0x0360),
    range(0x0600, 0x0604),
    range(0x0610, 0x0616),
    range(0x0656, 0x0659),
    range(0x1D00, 0x1D6C),
    range(0x213B, 0x213C),
    range(0x321D, 0x321F),
    range(0x3250, 0x3251),
    range(0x327C, 0x327E),
    range(0x32CC, 0x32D0),
    range(0x3377, 0x337B),
    range(0x33DE, 0x33E0),
    range(0x33FF, 0x3400),
)

_fold_own_letters()
