"""A server that answers with a million rows at once, whatever was asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources.oneroster_rest_reading import server
from tests.sources.oneroster_server import Rows

ROWS = 1_000_000
MOST_MEGABYTES = 500

FETCH = """
import json, sys
from datetime import date
from pathlib import Path
from cersgroups.sources.live import Target
from cersgroups.sources.oneroster_rest import ONEROSTER_REST
from cersgroups.sources.tally import Tally
from tests.bench.measurement import own_peak_mb
settings = ONEROSTER_REST.complete(json.loads(sys.argv[1]))
ONEROSTER_REST.fetch(settings, Target(date(2026, 11, 24), Path(sys.argv[2]), Tally()))
print(own_peak_mb())
"""
ENROLLMENT = (
    b'{"sourcedId": "M%d", "status": "active", "dateLastModified": "2026-11-01T05:00:20.097Z", "metadata": null, '
    b'"class": {"href": "https://a.example/classes/C1", "sourcedId": "C1", "type": "class"}, '
    b'"user": {"href": "https://a.example/users/S%d", "sourcedId": "S%d", "type": "user"}, "role": "student"}'
)


@pytest.mark.thorough  # takes a minute
def test_a_million_rows_in_one_answer_stay_out_of_memory(tmp_path: Path) -> None:
    (roster := tmp_path / "roster").mkdir()
    with server(tmp_path, ignores_limit=True) as served:
        served.rows["enrollments"] = Rows(ENROLLMENT % (number, number, number) for number in range(ROWS))
        fetching = [sys.executable, "-c", FETCH, json.dumps(served.settings()), str(roster)]
        ended = subprocess.run(fetching, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    assert float(ended.stdout) < MOST_MEGABYTES
    with (roster / "rosters.csv").open(encoding="utf-8") as file:
        assert sum(1 for _ in file) == ROWS + 1
