"""`python -m tests.bench.engine SNAPSHOT PROFILE FOLDER [DAY]`: the engine's build alone, timed inside."""

import sys
from datetime import date
from pathlib import Path

from cersgroups.core.profile import from_file
from cersgroups.engine.extract import build
from cersgroups.engine.snapshot import open_snapshot
from tests.bench.district import AS_OF
from tests.bench.measurement import say, seconds_of


def main(snapshot: str, profile: str, folder: str, as_of: str = AS_OF) -> None:
    """Only `build` is timed: the snapshot is opened and verified before."""
    opened, chosen, day = open_snapshot(Path(snapshot)), [from_file(Path(profile))], date.fromisoformat(as_of)
    say(seconds_of(lambda: build(opened, chosen, day, Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:])
