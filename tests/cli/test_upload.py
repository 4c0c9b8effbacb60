"""`cersgroups upload`: files go to the receiver's sandbox, and what became of them is printed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cersgroups.cers.sandbox import Sandbox
from cersgroups.cli import upload
from cersgroups.cli.main import main
from tests.cers.csv_file import SCHOOL, file, row
from tests.cers.receiver import YEARS, written

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(known=YEARS) as sandbox:
        yield sandbox


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command with the sandbox's credential; the pauses between tries are short."""
    monkeypatch.setattr(upload, "_PAUSE_SECONDS", 0.01)
    credential = write_credential(tmp_path, sandbox)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["upload", "--credential", str(credential), "--years", "2025", *map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def write_credential(folder: Path, sandbox: Sandbox, password: str = "sandbox", extra: str = "") -> Path:  # noqa: S107
    for name, secret in (("password.txt", password), ("client.txt", "sandbox")):
        (folder / name).write_text(f"{secret}\n")
        (folder / name).chmod(0o600)
    path = folder / "CERS.toml"
    path.write_text(
        f'token_url = "{sandbox.endpoints.token_url}"\nimport_url = "{sandbox.endpoints.import_url}"\n'
        'username = "sandbox"\nclient_id = "sandbox"\n'
        f'password_file = "password.txt"\nclient_secret_file = "client.txt"\n{extra}'
    )
    return path


def names(sandbox: Sandbox) -> list[str]:
    return [group["name"] for group in sandbox.state()["groups"]]


def test_a_file_is_sent_and_cers_holds_it(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    status, out, err = run(written(tmp_path, file(row("Algebra"))))
    assert (status, err) == (0, "")
    assert out.startswith("groups.csv: CERS has")
    assert f"1 group accepted for {SCHOOL}." in out
    assert names(sandbox) == ["Algebra"]


def test_json_tells_the_answer_with_its_rows(run: Run, tmp_path: Path) -> None:
    status, out, _ = run(written(tmp_path, file(row("Algebra"))), "--json")
    (sent,) = json.loads(out)["uploads"]
    assert (status, sent["outcome"], sent["status"]) == (0, "processed", "PROCESSED")
    assert sent["results"] == [{"row": 0, "ok": True, "message": f"1 group accepted for {SCHOOL}."}]


def test_a_file_that_cers_would_garble_is_not_sent(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    good, bad = written(tmp_path, file(row("Algebra")), "good.csv"), written(tmp_path, file(row("a\\b")), "bad.csv")
    status, _, err = run(good, bad)
    assert status == 1
    assert "Nothing was sent." in err
    assert names(sandbox) == []


def test_after_a_refused_file_nothing_more_is_sent(sandbox: Sandbox, run: Run, tmp_path: Path) -> None:
    refused = written(tmp_path, file(row("Algebra", year="2024")), "refused.csv")
    status, out, err = run("--years", "2024,2025", refused, written(tmp_path, file(row("Biology")), "next.csv"))
    assert status == 1
    assert "Invalid school year: 2024" in out
    assert "Not sent, because of what became of refused.csv: next.csv." in err
    assert names(sandbox) == []


def test_a_lost_answer_is_told_and_the_same_bytes_are_sent_again(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.control(lose_next=1)
    status, _, err = run(written(tmp_path, file(row("Algebra"))))
    assert status == 0
    assert "The same bytes are sent again" in err
    assert names(sandbox) == ["Algebra"]


def test_check_asks_whether_the_credential_may_send(run: Run) -> None:
    status, out, _ = run("--check")
    assert status == 0
    assert "CERS knows it as sandbox" in out


def test_check_sends_no_file(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    status, _, err = run("--check", written(tmp_path, file(row("Algebra"))))
    assert (status, names(sandbox)) == (2, [])
    assert "--check sends nothing" in err


def test_check_has_status_1_where_cers_does_not_know_us(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_credential(tmp_path, sandbox, password="wrong")  # noqa: S106
    assert main(["upload", "--credential", str(path), "--check"]) == 1
    assert "wrong" not in capsys.readouterr().out


def test_secrets_may_stand_in_the_environment(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_credential(tmp_path, sandbox)
    path.write_text("".join(line for line in path.read_text().splitlines(True) if "_file" not in line))
    monkeypatch.setenv("CERSGROUPS_CERS_PASSWORD", "sandbox")
    monkeypatch.setenv("CERSGROUPS_CERS_CLIENT_SECRET", "sandbox")
    assert main(["upload", "--credential", str(path), "--check"]) == 0


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ('password = "x"', "a secret does not belong into this file"),
        ('user = "x"', "unknown key 'user'"),
        ("kind = 3", "kind must be text in quotes"),
        ('kind = "magic"', "kind is 'magic'. Choose one of"),
        ("kind =", "is no TOML"),
    ],
)
def test_a_wrong_credential_file_is_told(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: str, sentence: str
) -> None:
    path = write_credential(tmp_path, sandbox, extra=extra)
    assert main(["upload", "--credential", str(path), "--check"]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_file_is_told(sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_credential(tmp_path, sandbox)
    (tmp_path / "password.txt").unlink()
    assert main(["upload", "--credential", str(path), "--check"]) == 2
    assert "password.txt: cannot be read" in capsys.readouterr().err
    assert main(["upload", "--credential", str(tmp_path / "none.toml"), "--check"]) == 2
    assert "none.toml: there is no such file. Give the path of a credential file (TOML)." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["password.txt", "client.txt"])
def test_a_secret_that_others_can_read_is_not_used(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = write_credential(tmp_path, sandbox)
    (tmp_path / name).chmod(0o640)
    assert main(["upload", "--credential", str(path), "--check"]) == 2
    assert f"{name}: others may read the secrets in it. Run: chmod 600" in capsys.readouterr().err


def test_without_files_it_says_what_it_needs(run: Run) -> None:
    status, _, err = run()
    assert status == 2
    assert "Give the files to send, or --check" in err
