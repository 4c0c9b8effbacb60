"""What the receiver's language (Java) holds to be a blank, the same letter, and a number.

Source: the Java SE API documentation of Character.isWhitespace, String.equalsIgnoreCase and Integer.valueOf;
observed in vectors 014, 106-110, 117-122, 190-204 and 229.
"""

import unicodedata
from functools import lru_cache

WHITESPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a"
    "\u2028\u2029\u205f\u3000"
)
"""What Java strips and takes for blank. A no-break space (U+00A0, U+2007, U+202F) is not among it."""

_MAX_INT = 2**31 - 1
_MAX_DIGITS = len(str(_MAX_INT))


def is_blank(text: str) -> bool:
    return not text.strip(WHITESPACE)


def strip_to_none(text: str) -> str | None:
    return text.strip(WHITESPACE) or None


def fold_case(text: str) -> str:
    """Two texts are equal "ignoring case" if their folds are equal: character by character, no expansions."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


@lru_cache(maxsize=1_024)
def to_int(text: str) -> int | None:
    """The number that `text` is, in digits of any script with an optional sign; else None."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    values = [unicodedata.decimal(digit, None) if digit <= "\uffff" else None for digit in digits]
    if not values or None in values:
        return None
    plain = "".join(map(str, values)).lstrip("0")
    if len(plain) > _MAX_DIGITS:  # Python itself refuses to read a number of thousands of digits
        return None
    number = int(plain or "0")
    number = -number if text[0] == "-" else number
    return number if -_MAX_INT - 1 <= number <= _MAX_INT else None


def _fold_character(character: str) -> str:
    if character > "\uffff":
        return character
    if character == "İ":
        return "i"
    upper = _one(character.upper()) or _one(character.title()) or character
    return _one(upper.lower()) or upper


def _one(text: str) -> str:
    return text if len(text) == 1 else ""
