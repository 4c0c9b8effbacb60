"""Equality as the receiver's database sees it: MySQL's utf8_unicode_ci (Unicode Collation Algorithm 4.0.0).

Two texts are equal under the collation if and only if their folds are equal. Only the primary weights
count: case, accents and the width of a letter vanish. collation.txt has the fold of every character that is
not its own, made of the database's own weights by tests/cers/write_collation.py. Observed in vectors 100-112,
141-162, 228 and 268.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

_PLAIN = re.compile(r"[ -~]*")
_TABLE = Path(__file__).with_name("collation.txt")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """What `text` is compared by. Spaces at its end do not count (PAD SPACE), those at its start do."""
    if _PLAIN.fullmatch(text):
        return text.lower().rstrip(" ")
    return text.translate(_folds()).rstrip(" ")


@cache
def _folds() -> dict[int, str]:
    """The fold of each character by its number; a character that is not in it is its own fold."""
    folds: dict[int, str] = {}
    for line in _TABLE.read_text(encoding="ascii").splitlines():
        folded, _, spans = line.partition(":")
        fold_of_line = "".join(chr(int(number, 16)) for number in folded.split("+") if number)
        for span in spans.split():
            first, _, last = span.partition("-")
            folds.update(dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), fold_of_line))
    return folds
