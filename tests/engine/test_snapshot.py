"""A snapshot is there whole or not at all, never changes, and is refused when it is not as it was written."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.finding import Finding, FindingRow
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import SCHEMA_VERSION, Snapshot, is_snapshot, open_snapshot, write_snapshot
from cersgroups.engine.store import MANIFEST
from tests.engine.district_snapshot import snapshot_of
from tests.engine.roster_files import DISTRICT, write_roster

_PARQUET = ("students", "rosters", "people", "findings")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("made"))


@pytest.fixture
def snapshot(made: Snapshot, tmp_path: Path) -> Path:
    """A snapshot of the small district that a test may damage."""
    return Path(shutil.copytree(made.path, tmp_path / "snapshot"))


def test_the_manifest_says_whose_roster_it_is_and_how_much_of_it(snapshot: Path) -> None:
    opened = open_snapshot(snapshot)
    assert (opened.lea_code, opened.name, opened.school_year) == ("99100", "Fig Unified", 2027)
    assert (opened.source, opened.time_zone) == ("roster folder", "America/Los_Angeles")
    assert (opened.counts["students"], opened.counts["schools"], opened.counts["rosters"]) == (5, 3, 5)
    assert opened.finding_counts == {}


def test_opening_gives_what_writing_gave(made: Snapshot) -> None:
    assert open_snapshot(made.path) == made


def test_the_same_roster_gives_the_same_tables(made: Snapshot, tmp_path: Path) -> None:
    again = snapshot_of(tmp_path)
    digests = [json.loads((path / MANIFEST).read_text())["sha256"] for path in (made.path, again.path)]
    assert digests[0] == digests[1]


def test_a_snapshot_is_never_written_over(snapshot: Path, tmp_path: Path) -> None:
    before = {file.name: file.read_bytes() for file in snapshot.iterdir()}
    roster = write_roster(tmp_path / "roster", DISTRICT)
    with pytest.raises(RequestStop, match="something is there already"):
        write_snapshot(RosterFolder(roster), snapshot, source="again")
    assert {file.name: file.read_bytes() for file in snapshot.iterdir()} == before


def test_a_roster_that_stops_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DataStop):
        snapshot_of(tmp_path, students="student_id | ssid\nS1 | 1\nS1 | 2")
    assert [path.name for path in tmp_path.iterdir()] == ["roster"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot

def kill(what, share):
    if what == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

write_snapshot(RosterFolder(Path(sys.argv[1])), Path(sys.argv[2]), source="killed", progress=kill)
"""


@pytest.mark.parametrize("moment", ["reading tables", "storing students", "storing findings"])
def test_a_kill_at_any_moment_shows_no_snapshot(moment: str, tmp_path: Path) -> None:
    roster = write_roster(tmp_path / "roster", DISTRICT)
    target = tmp_path / "snapshot"
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(roster), str(target), moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not target.exists()
    for half in tmp_path.glob(".snapshot*"):
        assert is_snapshot(half)
        with pytest.raises(DataStop, match="cannot be used"):
            open_snapshot(half)
    # what the killed one left does not stand in the way
    assert write_snapshot(RosterFolder(roster), target, source="again").counts["students"] == 5


@pytest.mark.parametrize("table", _PARQUET)
def test_a_changed_byte_is_refused(table: str, snapshot: Path) -> None:
    file = snapshot / f"{table}.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DataStop, match=f"{table}.parquet has changed"):
        open_snapshot(snapshot)


@pytest.mark.parametrize("table", _PARQUET)
def test_a_missing_table_is_refused(table: str, snapshot: Path) -> None:
    (snapshot / f"{table}.parquet").unlink()
    with pytest.raises(DataStop, match=f"{table}.parquet is missing"):
        open_snapshot(snapshot)


def test_a_table_cut_short_is_refused(snapshot: Path) -> None:
    file = snapshot / "rosters.parquet"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(DataStop, match=r"rosters\.parquet has changed"):
        open_snapshot(snapshot)


def test_another_version_is_refused(snapshot: Path) -> None:
    _rewrite(snapshot, schema_version=99)
    with pytest.raises(DataStop, match=r"version is 99.*Make it again"):
        open_snapshot(snapshot)


def test_a_version_that_is_none_is_told_in_a_few_letters(snapshot: Path) -> None:
    _rewrite(snapshot, schema_version="\ud800\0" + "x" * 20_000)
    with pytest.raises(DataStop) as stop:
        open_snapshot(snapshot)
    assert r"version is '\ud800\x00xxx" in str(stop.value)
    assert len(str(stop.value)) < len(str(snapshot)) + 200


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "[" * 100_000, f'{{"schema_version": {SCHEMA_VERSION}}}'])
def test_an_unreadable_manifest_is_refused(content: str, snapshot: Path) -> None:
    (snapshot / MANIFEST).write_text(content)
    with pytest.raises(DataStop, match="cannot be used"):
        open_snapshot(snapshot)


@pytest.mark.parametrize("key", ["source", "taken_at", "counts", "school_year", "lea_code", "time_zone", "findings"])
def test_a_manifest_that_lacks_something_is_refused(key: str, snapshot: Path) -> None:
    manifest = json.loads((snapshot / MANIFEST).read_text())
    del manifest[key]
    (snapshot / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(DataStop, match="cannot be used"):
        open_snapshot(snapshot)


@pytest.mark.parametrize(
    "odd",
    [
        {"source": 4},
        {"taken_at": "yesterday"},
        {"counts": []},
        {"counts": {"schools": 1}},
        {"school_year": "2027"},
        {"lea_code": None},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "America"},
        {"time_zone": "../etc"},
        {"findings": {"identical_row": "7"}},
        {"findings": 7},
    ],
    ids=repr,
)
def test_a_manifest_that_says_what_cannot_be_is_refused(odd: dict[str, object], snapshot: Path) -> None:
    """Somebody may give a snapshot as a roster."""
    _rewrite(snapshot, **odd)
    with pytest.raises(DataStop, match="cannot be used"):
        open_snapshot(snapshot)


def test_no_table_is_read_but_those_that_a_snapshot_has(snapshot: Path) -> None:
    counts = open_snapshot(snapshot).counts
    _rewrite(snapshot, counts={**counts, "../another/students": 1})
    assert open_snapshot(snapshot).counts == counts


def test_a_folder_that_is_no_snapshot_is_not_taken_for_one(tmp_path: Path) -> None:
    assert not is_snapshot(write_roster(tmp_path / "roster", DISTRICT))
    with pytest.raises(DataStop, match="cannot be used"):
        open_snapshot(tmp_path / "roster")


def test_findings_of_the_source_are_kept_with_their_rows_and_count(tmp_path: Path) -> None:
    roster = write_roster(tmp_path / "roster", DISTRICT)
    found = Finding("identical_row", 7, (FindingRow("students", "S1"), FindingRow("students", "S2")))
    snapshot = write_snapshot(RosterFolder(roster), tmp_path / "snapshot", source="x", findings=[found])
    assert open_snapshot(snapshot.path).finding_counts == {"identical_row": 7}
    assert snapshot.counts["findings"] >= 2


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "/etc/localtime"])
def test_an_unknown_time_zone_stops(zone: str, tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"lea\.csv: time_zone is"):
        snapshot_of(tmp_path, lea=f"lea_code | name | time_zone | school_year\n1 | Fig | {zone} | 2027")


def test_a_roster_of_two_leas_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match="has 2 rows"):
        snapshot_of(tmp_path, lea="lea_code | name | school_year\n1 | Fig | 2027\n2 | Plum | 2027")


def _rewrite(snapshot: Path, **cells: object) -> None:
    manifest = json.loads((snapshot / MANIFEST).read_text())
    (snapshot / MANIFEST).write_text(json.dumps(manifest | cells))
