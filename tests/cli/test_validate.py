"""`cersgroups validate`: answers, statuses, and what it prints for people."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cersgroups.cers.known import school_year_of
from cersgroups.cli.main import main
from cersgroups.cli.validate import MAX_TOLD
from tests.cers.csv_file import SCHOOL, file, row
from tests.cers.vector import Vector, vectors

Run = Callable[..., tuple[int, str, str]]

NOW = str(school_year_of(date.today()))


@pytest.fixture
def validate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(content: bytes, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "groups.csv"
        path.write_bytes(content)
        status = main(["validate", str(path), *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_a_safe_file_has_status_0(validate: Run) -> None:
    status, out, err = validate(file(row(year=NOW)))
    assert status == 0
    assert out.splitlines() == [
        "groups.csv: CERS would accept this file, and load it as it is.",
        f"  1 group accepted for {SCHOOL}.",
    ]
    assert err == ""


def test_a_refused_file_has_status_1_and_its_failures(validate: Run) -> None:
    status, out, _ = validate(file(row(year="1999")))
    assert status == 1
    assert "would refuse this file" in out
    assert "Row 1: Invalid school year: 1999" in out


def test_a_file_with_a_hazard_has_status_1(validate: Run) -> None:
    status, out, _ = validate(file(row("a\\b", year=NOW)))
    assert status == 1
    assert "Do not send it." in out
    assert "Row 1: There is a backslash" in out


def test_many_failures_are_cut_for_people_and_not_in_json(validate: Run) -> None:
    content = file(*[row("")] * 150)
    assert f"and {150 - MAX_TOLD} more" in validate(content)[1]
    assert len(json.loads(validate(content, "--json")[1])["results"]) == 150


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b'"', b"PK\x03\x04" * 9, b"\xff\xfea\x00\n\x00", b"a\nb"]
)
def test_what_is_no_csv_gets_a_verdict_and_no_traceback(validate: Run, content: bytes) -> None:
    status, out, err = validate(content)
    assert status == 1
    assert "CERS would refuse this file" in out
    assert err == ""
    assert json.loads(validate(content, "--json")[1])["ok"] is False


def test_a_crash_of_the_receiver_is_told_as_such(validate: Run) -> None:
    status, out, _ = validate(file(row('"')))
    assert status == 1
    assert "answers with an error of its own" in out
    answer = json.loads(validate(file(row('"')), "--json")[1])
    assert (answer["ok"], answer["results"], answer["safe"]) == (False, None, False)


def test_control_characters_do_not_reach_the_terminal(validate: Run) -> None:
    _, out, _ = validate(file(row("\x1b[31mred", year=NOW, subject="Art")))
    assert "\x1b" not in out


def test_the_options_say_what_is_known(validate: Run) -> None:
    content = file(row(year="1999", subject="CAST"))
    assert validate(content, "--years", "1999", "--subjects", "CAST,ELA", "--schools", f"1,{SCHOOL}")[0] == 0
    status, out, _ = validate(content, "--years", "1999", "--subjects", "CAST", "--schools", "1")
    assert status == 1
    assert f"School [{SCHOOL}] can not be found" in out


def test_the_usual_years_are_known(validate: Run) -> None:
    now = int(NOW)
    assert [validate(file(row(year=str(year))))[0] for year in range(now - 6, now + 3)] == [1, *[0] * 7, 1]


def test_a_year_that_is_no_number_is_a_wrong_request(validate: Run) -> None:
    status, _, err = validate(file(row()), "--years", "2026-27")
    assert status == 2
    assert "'2026-27' is no school year" in err
    assert validate(file(row()), "--years", "9" * 5_000)[0] == 2


def test_a_missing_file_is_a_wrong_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "nowhere.csv"]) == 2
    assert "nowhere.csv: there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize("vector", vectors()[::9], ids=lambda vector: vector.folder.name)
def test_json_agrees_with_the_vectors(vector: Vector, capsys: pytest.CaptureFixture[str]) -> None:
    known = vector.known
    assert known.schools is not None
    for upload in vector.uploads:
        main(
            [
                "validate",
                str(vector.folder / upload["file"]),
                "--json",
                *("--schools", ",".join(known.schools)),
                *("--years", ",".join(map(str, known.years))),
                *("--subjects", ",".join(known.subjects)),
            ]
        )
        answer = json.loads(capsys.readouterr().out)
        assert list(answer) == ["ok", "results", "newline", "safe", "hazards"]
        assert {key: answer[key] for key in ("ok", "results", "newline")} == {
            key: upload["validator"][key] for key in ("ok", "results", "newline")
        }
