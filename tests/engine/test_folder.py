"""A snapshot written back as a roster folder is the same roster."""

import json
from pathlib import Path

import pytest

from cersgroups.core.roster import TABLES
from cersgroups.engine.folder import write_folder
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, write_snapshot
from cersgroups.engine.store import MANIFEST
from tests.engine.district_snapshot import snapshot_of

_QUEER = """
    student_id | ssid       | last_name      | first_name
    S1         | 7000000001 | Alba, "Ada"    | Ana María
    S2         |            | NULL           | \\N
    S3         | 0000000003 | O'Hara         | 明
    S4         | 7000000004 | Diaz           | null
    S5         | 7000000005 | -              | ""
"""


def _round_trip(snapshot: Snapshot, folder: Path) -> Snapshot:
    folder.mkdir()
    write_folder(snapshot, folder)
    return write_snapshot(RosterFolder(folder), folder.with_suffix(".snapshot"), source="roster folder")


def _digests(snapshot: Snapshot) -> dict[str, str]:
    digests: dict[str, str] = json.loads((snapshot.path / MANIFEST).read_text())["sha256"]
    return digests


@pytest.mark.parametrize("changes", [{}, {"students": _QUEER}], ids=["the small district", "queer cells"])
def test_a_snapshot_back_as_a_folder_gives_the_same_snapshot(changes: dict[str, str], tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, **changes)
    again = _round_trip(snapshot, tmp_path / "back")
    assert _digests(again) == _digests(snapshot)
    assert again.counts == snapshot.counts


def test_every_table_has_its_file_with_its_columns(tmp_path: Path) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    write_folder(snapshot_of(tmp_path), folder)
    for table in TABLES.values():
        header = (folder / f"{table.name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(table.column_names)


def test_people_who_were_left_out_stay_out(tmp_path: Path) -> None:
    """The cell of a counselor who fits nobody may stay; nobody gets access by it the second time either."""
    snapshot = snapshot_of(
        tmp_path,
        enrollments="student_id | school_id | grade | counselor_id\nS1 | 10 | 09 | 404\nS2 | 10 | 09 | 5",
    )
    again = _round_trip(snapshot, tmp_path / "back")
    assert _digests(again)["enrollments"] == _digests(snapshot)["enrollments"]
    assert _digests(again)["people"] == _digests(snapshot)["people"]
