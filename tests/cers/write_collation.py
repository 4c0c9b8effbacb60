"""Writes cersgroups/cers/collation.txt of the weights that a database gives to every character.

    python -m tests.cers.write_collation < weights.txt

`weights.txt` has a line for each character up to U+FFFF but the surrogates: its number, a tab and
`HEX(WEIGHT_STRING(c))` of a column `c` with the collation utf8_unicode_ci (utf8mb3_unicode_ci in MariaDB, of
whose 10.11 the file in the repository was made; all vectors, of MySQL 5.6, agree with it):

    CREATE TABLE t (n INT, c CHAR(1) CHARACTER SET utf8 COLLATE utf8_unicode_ci);
    -- a row for each n, c = CONVERT(CHAR(n USING ucs2) USING utf8)
    SELECT n, HEX(WEIGHT_STRING(c)) FROM t ORDER BY n;

Each line of the table: a fold and the characters that have it.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_TABLE = Path(__file__).parents[2] / "cersgroups" / "cers" / "collation.txt"
_UNIT = 4


def main() -> None:
    """Read the weights from standard input and write the table."""
    weights = dict(_read(sys.stdin))
    by_fold: dict[str, list[int]] = defaultdict(list)
    for number, folded in _folds(weights).items():
        if folded != chr(number):
            by_fold[folded].append(number)
    lines = [f"{'+'.join(f'{ord(c):04X}' for c in fold)}: {_spans(by_fold[fold])}\n" for fold in sorted(by_fold)]
    _TABLE.write_text("".join(lines), encoding="ascii")


def _read(lines: Iterable[str]) -> Iterable[tuple[int, str]]:
    for line in lines:
        number, _, weight = line.rstrip("\n").partition("\t")
        yield int(number), weight


def _folds(weights: dict[int, str]) -> dict[int, str]:
    """A text for each character that has the same weight, and is the same for all with that weight."""
    first: dict[str, str] = {}
    for number in sorted(weights):
        first.setdefault(weights[number], chr(number))
    for weight, character in first.items():
        lower = character.lower()
        if len(lower) == 1 and weights[ord(lower)] == weight:
            first[weight] = lower
    return {number: _fold(weight, first) for number, weight in weights.items()}


def _fold(weight: str, first: dict[str, str]) -> str:
    """The parts' characters, or the one that has the whole weight where a part is nobody's."""
    parts = [weight[i : i + _UNIT] for i in range(0, len(weight), _UNIT)]
    if all(part in first for part in parts):
        return "".join(first[part] for part in parts)
    return first[weight]


def _spans(numbers: list[int]) -> str:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " ".join(f"{a:04X}" if a == b else f"{a:04X}-{b:04X}" for a, b in spans)


if __name__ == "__main__":
    main()
