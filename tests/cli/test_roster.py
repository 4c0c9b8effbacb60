"""`cersgroups roster inspect` and `roster convert`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cersgroups.cli.main import main
from cersgroups.engine.snapshot import open_snapshot
from tests.engine.roster_files import DISTRICT, write_roster
from tests.sources.oneroster_files import export, texts, write_zip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    write_roster(tmp_path / "district", DISTRICT)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["roster", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_what_is_in_a_roster_and_what_it_supports(roster: Run) -> None:
    status, out, _ = roster("inspect", "district", "--json")
    result = json.loads(out)
    assert status == 0
    assert result["source"]
    assert {"classes", "grade"} <= {feature["name"] for feature in result["supports"]["types"]}


def test_for_people_it_is_told_in_words(roster: Run) -> None:
    status, out, _ = roster("inspect", "district")
    assert status == 0
    assert "Fig Unified" in out
    assert "Traceback" not in out


def test_its_schools_are_listed_by_the_id_that_a_profile_names(roster: Run) -> None:
    listed = {
        school["school_id"]: school for school in json.loads(roster("inspect", "district", "--json")[1])["schools"]
    }
    assert listed["20"]["name"] == "Plum Middle"
    assert listed["20"]["cds_code"] == "99100000000020"
    assert sorted(listed) == ["10", "20", "30"]
    assert "  20  99100000000020  Plum Middle\n" in roster("inspect", "district")[1]


def test_a_school_without_a_cds_code_and_one_that_is_inactive_are_told(roster: Run, tmp_path: Path) -> None:
    schools = DISTRICT["schools"].replace("99100000000020 | true", "               | false")
    write_roster(tmp_path / "district", {"schools": schools})
    assert "  20  -               Plum Middle (inactive)\n" in roster("inspect", "district")[1]


def test_no_name_of_a_roster_draws_in_the_terminal(roster: Run, tmp_path: Path) -> None:
    write_roster(tmp_path / "district", {"schools": DISTRICT["schools"].replace("Plum Middle", "\x1b[2JPlum")})
    assert r"\x1b[2JPlum" in roster("inspect", "district")[1]


def test_of_very_many_schools_people_see_the_first_and_programs_all(roster: Run, tmp_path: Path) -> None:
    rows = "".join(f"{n} | {n} | School {n} | {99100000000000 + n} | true | flex | false\n" for n in range(100, 200))
    write_roster(tmp_path / "district", {"schools": DISTRICT["schools"].rstrip() + "\n" + rows})
    assert "  and 43 more: --json lists all\n" in roster("inspect", "district")[1]
    assert len(json.loads(roster("inspect", "district", "--json")[1])["schools"]) == 103


def test_of_oneroster_it_suggests_where_the_ssids_are(roster: Run, tmp_path: Path) -> None:
    write_zip(tmp_path / "export.zip", texts(export()))
    status, out, _ = roster("inspect", "export.zip", "--json")
    mapping = json.loads(out)["mapping"]
    assert status == 0
    assert mapping["version"].startswith("1.1")
    assert "ssid" in mapping["suggested"]
    assert any(place["fitting"] for place in mapping["places"] if place["id"] == "ssid")


def test_a_roster_becomes_a_snapshot_and_a_folder_again(roster: Run, tmp_path: Path) -> None:
    assert roster("convert", "district", "snapshot")[0] == 0
    snapshot = open_snapshot(tmp_path / "snapshot")
    assert snapshot.name == "Fig Unified"
    assert roster("convert", "snapshot", "again", "--to", "folder")[0] == 0
    assert roster("convert", "again", "snapshot-2")[0] == 0
    assert open_snapshot(tmp_path / "snapshot-2").counts == snapshot.counts


def test_something_that_is_there_is_never_replaced(roster: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    status, _, err = roster("convert", "district", "mine")
    assert status == 2
    assert "something is there already" in err
    assert (tmp_path / "mine" / "file").read_text() == "mine"


def test_a_damaged_roster_is_a_sentence_and_leaves_no_folder(roster: Run, tmp_path: Path) -> None:
    (tmp_path / "district" / "students.csv").write_bytes(b"student_id,ssid,last_name,first_name\nS1,\xff,x,y\n")
    status, _, err = roster("convert", "district", "snapshot")
    assert status == 1
    assert "students.csv" in err
    assert "Traceback" not in err
    assert not (tmp_path / "snapshot").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["district"]


def test_a_single_file_is_told_what_it_seems_to_be(roster: Run) -> None:
    for command in (["inspect", "district/lea.csv"], ["convert", "district/lea.csv", "snapshot"]):
        status, _, err = roster(*command)
        assert status == 1
        assert "district/lea.csv: seems to be one CSV file. Give a roster folder (lea.csv," in err
