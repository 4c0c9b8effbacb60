"""`cersgroups demo`: the table it prints, and the files behind it. tests/e2e/test_demo.py shows the rest of it."""

import json
from pathlib import Path

import pytest

from cersgroups.cli.main import main

PROFILES = {
    "English classes",
    "Mathematics courses",
    "Elementary teachers",
    "Grades",
    "Counselors",
    "Student groups",
    "Summer list",
}


def test_an_extract_of_each_type_stands_in_one_table_and_is_one_that_cers_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "demo"
    assert main(["demo", "--folder", str(folder), "--students", "400", "--no-serve"]) == 0
    table = capsys.readouterr().out
    assert all(name in table for name in PROFILES)
    assert max(map(len, table.splitlines())) <= 80
    assert {path.stem for path in (folder / "profiles").iterdir()} == PROFILES
    assert {path.stem for path in (folder / "extracts").iterdir()} == PROFILES
    for extract in (folder / "extracts").iterdir():
        assert main(["validate", str(extract), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["safe"]


def test_its_profiles_build_the_same_files_from_its_roster(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    main(["demo", "--folder", str(folder), "--students", "400", "--no-serve"])
    profile, extract = folder / "profiles" / "Grades.toml", folder / "extracts" / "Grades.csv"
    [year] = {line.split(",")[2] for line in extract.read_text().splitlines()[1:]}
    built = tmp_path / "built.csv"
    as_of = f"{int(year) - 1}-11-23"
    assert main(["build", str(folder / "roster"), str(profile), "--as-of", as_of, "--out", str(built)]) == 0
    assert built.read_bytes() == extract.read_bytes()


@pytest.mark.parametrize("count", ["0", "-5", "49"])
def test_too_few_students_are_refused_before_anything_is_written(
    tmp_path: Path, count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--folder", str(tmp_path / "demo"), "--students", count, "--no-serve"]) == 2
    assert "a demo district has 50 to 10,000,000 students" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
