"""`python -m tests.bench.ledger apply|compare LEDGER EXTRACT SNAPSHOT TARGET`: one step of an upload, timed inside.

LEDGER may be missing: CERS is empty then. TARGET is where the ledger that follows goes, or an empty folder for the
difference.
"""

import sys
from pathlib import Path

from cersgroups.engine.difference import Sent, compare
from cersgroups.engine.ledger import apply, open_ledger
from cersgroups.engine.retirement import Retirement
from cersgroups.engine.snapshot import open_snapshot
from cersgroups.engine.student_group import GROUPS_FILE
from tests.bench.measurement import say, seconds_of

_YEAR, _PROFILES = 2027, (1,)


def main(step: str, ledger: Path, extract: Path, snapshot: Path, target: Path) -> None:
    """The ledger's digests are part of what is timed, as in an upload."""
    files, groups = sorted(extract.glob("extract-*.csv")), extract / GROUPS_FILE
    opened = open_snapshot(snapshot)

    def run() -> None:
        held = open_ledger(ledger) if ledger.exists() else None
        if step == "apply":
            apply(held, files, groups, _PROFILES, target)
        else:
            found = compare(
                held, Sent(files, groups, _PROFILES), Retirement(_YEAR, _PROFILES, _PROFILES), opened, target
            )
            said.update(found.figures.as_json())

    said: dict[str, int] = {}
    say(seconds_of(run), **said)


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
