"""`python -m tests.bench.engine SNAPSHOT PROFILE FOLDER`: the engine's build alone, timed inside."""

import sys
from datetime import date
from pathlib import Path

from cersgroups.core.profile import from_file
from cersgroups.engine.extract import build
from cersgroups.engine.snapshot import open_snapshot
from tests.bench.district import AS_OF
from tests.bench.measurement import say, seconds_of


def main(snapshot: Path, profile: Path, folder: Path) -> None:
    """Only `build` is timed: the snapshot is opened and verified before."""
    opened, chosen, day = open_snapshot(snapshot), [from_file(profile)], date.fromisoformat(AS_OF)
    say(seconds_of(lambda: build(opened, chosen, day, folder)))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
