"""Names of student groups: only A-Z a-z 0-9 _ - can occur, which no step of the receiver can misread.

`anyascii` is pinned in pyproject.toml: a change of it renames groups, and CERS keeps the old ones.
"""

import hashlib
import re

from anyascii import anyascii

MAX_NAME = 96
"""Characters of a name before its number: 96 + `_` + three digits is at most 100 (vendor FAQ)."""

NO_TOKEN = "None"  # noqa: S105 - a word in a name
SEPARATOR = "_"

_OUTSIDE = re.compile(r"[^A-Za-z0-9]+")
_MARK = 5  # the `-` and four hex digits that end a cut name


def token(text: str) -> str:
    """`text` in A-Z a-z 0-9 and single inner `-`; `None` if nothing of it is left."""
    return _OUTSIDE.sub("-", anyascii(text)).strip("-") or NO_TOKEN


def join(tokens: list[str]) -> str:
    return SEPARATOR.join(tokens)


def fit(part: str) -> str:
    """`part` in at most 96 characters: its longest token (the last of equals) is cut and marked.

    The mark is `-` and 4 hex digits of the SHA-256 of the whole part, so that two names which
    differ only where they were cut stay different.
    """
    if len(part) <= MAX_NAME:
        return part
    mark = "-" + hashlib.sha256(part.encode()).hexdigest()[: _MARK - 1]
    tokens = part.split(SEPARATOR)
    longest = max(range(len(tokens)), key=lambda i: (len(tokens[i]), i))
    keep = len(tokens[longest]) - (len(part) - MAX_NAME) - _MARK
    kept = tokens[longest][: max(keep, 0)].rstrip("-")
    if not kept:
        return part[: MAX_NAME - _MARK].rstrip("-") + mark
    tokens[longest] = kept + mark
    return join(tokens)


def readable(name: str) -> str:
    """`name` with spaces for `_` and `-`, for those who continue groups that another system named so."""
    return name.replace("_", " ").replace("-", " ")
