"""`cersgroups demo-roster`, as a person types it."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from cersgroups.cli.main import main
from cersgroups.core.roster import TABLES


def test_it_writes_a_roster_folder_and_prints_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "roster"
    assert main(["demo-roster", str(folder), "--students", "300", "--seed", "2"]) == 0
    assert {path.stem for path in folder.iterdir()} == set(TABLES)
    out, err = capsys.readouterr()
    printed = {cells[1].strip(): cells[2].strip() for line in out.splitlines() if len(cells := line.split("│")) > 2}
    assert printed["students"] == "300"
    assert printed["schools"] == "5"
    assert {"staff", "sections", "roster rows"} <= printed.keys()
    assert err == ""


def test_the_seed_and_the_school_year_change_the_district(tmp_path: Path) -> None:
    requests = {"a": [], "b": ["--seed", "2"], "c": ["--school-year", "2028"]}
    for name, more in requests.items():
        assert main(["demo-roster", str(tmp_path / name), "--students", "60", *more]) == 0
    students = {name: (tmp_path / name / "students.csv").read_text() for name in requests}
    assert students["a"] != students["b"]
    assert students["a"] == students["c"]
    assert "America/Los_Angeles,2028" in (tmp_path / "c" / "lea.csv").read_text()
    assert ",2027-08-11," in (tmp_path / "c" / "terms.csv").read_text()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_it_writes_a_oneroster_zip(tmp_path: Path, version: str) -> None:
    path = tmp_path / "district.zip"
    assert main(["demo-roster", str(path), "--students", "60", "--format", f"oneroster-{version}"]) == 0
    with ZipFile(path) as archive:
        assert f"oneroster.version,{version}" in archive.read("manifest.csv").decode().splitlines()


@pytest.mark.parametrize("how", [[], ["--format", "oneroster-1.2"]])
def test_a_folder_in_use_is_a_wrong_request(tmp_path: Path, capsys: pytest.CaptureFixture[str], how: list[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo-roster", str(tmp_path), "--students", "60", *how]) == 2
    assert "exists already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_too_few_students_are_a_wrong_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo-roster", str(tmp_path / "roster"), "--students", "10"]) == 2
    assert "50 to 10,000,000 students" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_is_a_wrong_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["demo-roster", str(tmp_path / "roster"), "--format", "clever"])
    assert "oneroster-1.1" in capsys.readouterr().err
