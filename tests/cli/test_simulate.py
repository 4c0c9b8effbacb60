"""`cersgroups simulate`: what CERS would answer and hold after uploads in order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cersgroups.cli.main import main
from tests.cers.csv_file import SCHOOL, file, row, ssid
from tests.cers.vector import Vector, vectors

Run = Callable[..., tuple[int, str]]

WITHOUT_DELETION = [v for v in vectors() if not any("before" in upload for upload in v.uploads)]
SEVERAL = [v for v in WITHOUT_DELETION if len(v.uploads) > 1]


@pytest.fixture
def simulate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(contents: list[bytes], *options: str) -> tuple[int, str]:
        paths = [tmp_path / f"{number}.csv" for number, _ in enumerate(contents, start=1)]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        status = main(["simulate", *map(str, paths), "--years", "2025", *options])
        return status, capsys.readouterr().out

    return run


def test_json_tells_the_state_after_each_upload(simulate: Run) -> None:
    first, second = file(row(ssid=ssid(1), login="a@b.c")), file(row(ssid=ssid(2)))
    status, out = simulate([first, second], "--json")
    answer = json.loads(out)
    assert status == 0
    assert list(answer) == ["uploads"]
    assert [list(upload) for upload in answer["uploads"]] == [["file", "outcome", "results", "state"]] * 2
    assert answer["uploads"][0]["state"] == {
        "groups": [
            {
                "school": SCHOOL,
                "name": "Period 1",
                "year": 2025,
                "subject": "Math",
                "members": [ssid(1)],
                "users": ["a@b.c"],
            }
        ]
    }
    assert answer["uploads"][1]["state"]["groups"][0]["members"] == [ssid(2)]


def test_loaded_and_skipped_have_status_0(simulate: Run) -> None:
    status, out = simulate([file(row()), file(row())])
    assert status == 0
    assert "1.csv: loaded." in out
    assert "2.csv: skipped" in out


def test_the_state_is_told_after_a_refused_upload_too(simulate: Run) -> None:
    status, out = simulate([file(row()), file(row(year="1999"))], "--json")
    uploads = json.loads(out)["uploads"]
    assert status == 1
    assert [upload["outcome"] for upload in uploads] == ["loaded", "rejected"]
    assert uploads[0]["state"] == uploads[1]["state"]


def test_people_are_told_what_cers_would_hold(simulate: Run) -> None:
    _, out = simulate([file(row(login="a@b.c"), row("All of us", ssid="", subject="All"))])
    assert f"  {SCHOOL} 2025 Period 1 (Math), students: 1, users: a@b.c" in out
    assert f"  {SCHOOL} 2025 All of us (all subjects), students: 0, users: no users" in out


def test_people_are_told_why_a_load_failed(simulate: Run) -> None:
    status, out = simulate([file(row("🌟"))])
    assert status == 1
    assert "accepted, but then it failed to load" in out
    assert "row 1 has an emoji" in out
    assert "CERS would hold no groups." in out


def test_a_missing_file_stops_before_anything_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "nowhere.csv"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "nowhere.csv: there is no such file" in printed.err


@pytest.mark.parametrize("vector", [*SEVERAL, *WITHOUT_DELETION[::11]], ids=lambda v: str(v.folder.name))
def test_the_vectors_come_out_by_command_too(vector: Vector, capsys: pytest.CaptureFixture[str]) -> None:
    config = vector.case["config"]
    options = {name: ",".join(map(str, config[name])) for name in ("schools", "years", "subjects", "students")}
    status = main(
        [
            "simulate",
            *(str(vector.folder / upload["file"]) for upload in vector.uploads),
            "--json",
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ]
    )
    uploads = json.loads(capsys.readouterr().out)["uploads"]
    for got, expected in zip(uploads, vector.uploads, strict=True):
        assert got["outcome"] == expected["outcome"]
        assert got["results"] == expected["validator"]["results"]
        if expected["state"] is not None:
            assert got["state"]["groups"] == list(map(_shown, expected["state"]["groups"]))
    fine = all(upload["outcome"] in ("loaded", "skipped") for upload in vector.uploads)
    assert status == (0 if fine else 1)


def _shown(group: dict[str, Any]) -> dict[str, Any]:
    return {key: group[key] for key in ("school", "name", "year", "subject", "members", "users")}
