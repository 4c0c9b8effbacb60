"""`python -m tests.bench.validation FILE`: how fast a clean file is validated, in process, reading included."""

import sys
from collections.abc import Iterator
from pathlib import Path

from cersgroups.cers.validation import Known, validate_file
from cersgroups.core.student_group import HEADER
from tests.bench.measurement import say, seconds_of

ROWS = 1_000_000
_GROUP = 30
_GROUPS_OF_A_SCHOOL = 150
_YEAR = 2027


def write_clean_file(path: Path, rows: int = ROWS) -> None:
    """Write a file as an extract is: groups of 30 students and two users, 150 groups a school."""
    with path.open("w", encoding="ascii", newline="") as file:
        file.write(",".join(HEADER) + "\n")
        file.writelines(_rows(rows))


def _rows(rows: int) -> Iterator[str]:
    for row in range(rows):
        group, place = divmod(row, _GROUP)
        school = group // _GROUPS_OF_A_SCHOOL
        login = f"t{group + place}@fig.example" if place < 2 else ""
        name = f"{school}_Garcia-Ana-{group}_{group % 7}_1"
        yield f"{name},{99700000100001 + school},{_YEAR},ELA,{1_000_000_000 + row},{login}\n"


def main(path: Path) -> None:
    """Say the seconds, and whether the file is what it should be: accepted and safe."""
    known = Known(schools=None, years=frozenset({_YEAR}))
    verdicts = []
    seconds = seconds_of(lambda: verdicts.append(validate_file(path, known)))
    say(seconds, rows=ROWS, clean=verdicts[0].safe)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
