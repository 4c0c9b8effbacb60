"""`python -m tests.bench.source KIND SETTINGS.json FOLDER`: one sync of a live source, timed inside.

Says the rows of all tables that were written, and the share of the time that the process waited and did not compute.
"""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from cersgroups.core.roster import TABLES
from cersgroups.sources.live import Target
from cersgroups.sources.live_kind import live_kind
from cersgroups.sources.tally import Tally
from tests.bench.district import AS_OF
from tests.bench.measurement import say, seconds_of


def settings_file(folder: Path, settings: Mapping[str, str]) -> Path:
    """The settings as a file for this command."""
    path = folder / "settings.json"
    path.write_text(json.dumps(dict(settings)), encoding="utf-8")
    return path


def main(kind: str, settings: Path, folder: Path) -> None:
    """The tables are written into a new folder below `folder` and removed."""
    given = json.loads(settings.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(dir=folder) as written:

        def run() -> None:
            live_kind(kind).fetch(given, Target(date.fromisoformat(AS_OF), Path(written), Tally()))

        computing = time.process_time()
        seconds = seconds_of(run)
        waiting = 1 - min(1.0, (time.process_time() - computing) / seconds)
        say(seconds, waiting=waiting, rows=sum(_rows(Path(written) / f"{table}.csv") for table in TABLES))


def _rows(path: Path) -> int:
    """Lines without the header: no cell here has a line break."""
    with path.open("rb") as file:
        return sum(1 for _ in file) - 1


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
