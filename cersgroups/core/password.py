"""Passwords that anybody would try here first: the names of LEA and site, words of the work (docs/security.md)."""

import re
import unicodedata
from collections.abc import Iterable

OF_THE_TRADE = ("cers", "caaspp", "toms", "smarter balanced", "student groups")
OF_ANY_LEA = (
    "academy", "charter", "city", "county", "district", "education", "elementary", "high", "joint", "middle", "office",
    "public", "school", "schools", "unified", "union",
)  # fmt: skip
"""What names of LEAs have in common; without it, a name is the LEA's own."""

SHORTEST = 12
"""Characters of a new password."""

ENOUGH = 8
"""Characters that must be left of a password without all those words."""

_OWN, _LONG = 6, 5
"""Letters from which a whole name, and a word of one, is told from a chance."""

_NOTHING = frozenset(("a", "and", "at", "de", "for", "of", "the"))


def fault_of(password: str, lea_names: Iterable[str], host: str) -> str | None:
    """What is wrong with it, as a sentence, for somebody who belongs to these LEAs at the site of this host name."""
    plain, words = _plain(password), set(map(_plain, (*OF_THE_TRADE, *OF_ANY_LEA)))
    for name in (*map(_own_name, lea_names), host if re.search("[a-z]", host) else ""):
        own = _plain(name)
        if len(own) >= _OWN and own in plain:
            return (
                f"The password contains “{name}”, which anybody would try first. Choose words that have nothing to do "
                f"with your work."
            )
        words |= {own, *map(_plain, re.split(r"[\W_]+", name))}
    rest = _without(plain, {word for word in words if len(word) >= _LONG} | set(map(_plain, OF_THE_TRADE)))
    if rest == plain or (len(rest) >= ENOUGH and not rest.isdigit()):
        return None
    return (
        "The password is little more than words that anybody would try here, such as the name of an LEA, of this site "
        "or of CERS. Choose words that have nothing to do with your work."
    )


def _own_name(lea_name: str) -> str:
    """`Live Oak` of Live Oak Unified School District."""
    return " ".join(word for word in lea_name.split() if _plain(word) not in {*OF_ANY_LEA, *_NOTHING})


def _plain(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def _without(plain: str, words: set[str]) -> str:
    for word in sorted(words, key=lambda word: (-len(word), word)):
        plain = plain.replace(word, "")
    return plain
