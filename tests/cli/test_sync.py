"""`cersgroups sync`, and a source as ROSTER: fetched from the stand-in for Aeries, with its secret from outside."""

import argparse
import json
from pathlib import Path

import pytest

from cersgroups.cli.sync import configure
from cersgroups.cli.sync_installation import sync_lea
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.engine.snapshot import open_snapshot
from tests.cli.aeries_command import Run, aeries, runner, toml
from tests.people import People
from tests.sources.aeries_api_sync import impatient
from tests.sources.aeries_server import CERTIFICATE, AeriesServer

__all__ = ["aeries", "impatient"]  # fixtures, the second for every test here

PROFILE = """
name = "Classes"
school_year = 2027
subject = "ELA"
type = "classes"
name_pattern = "teacher_period"
schools = ["10"]
"""


@pytest.fixture
def run(
    aeries: AeriesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """A command in a folder with source.toml; whatever it prints, the secret is not in it."""
    (tmp_path / "source.toml").write_text(toml(aeries))
    (tmp_path / "classes.toml").write_text(PROFILE)

    return runner(tmp_path, monkeypatch, capsys)


def test_a_roster_is_fetched_into_a_snapshot_or_a_roster_folder(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("sync", "source.toml", "snapshot", "--as-of", "2026-11-23", "--json")
    result = json.loads(out)
    assert (status, result["school_year"], result["tables"]["schools"]) == (0, 2027, 3)
    assert open_snapshot(tmp_path / "snapshot").source == result["source"]
    assert run("sync", "source.toml", "folder", "--to", "folder", "--as-of", "2026-11-23")[0] == 0
    assert (tmp_path / "folder" / "students.csv").is_file()


def test_a_source_can_be_the_roster_of_any_command(run: Run, tmp_path: Path) -> None:
    status, _, err = run("build", "source.toml", "classes.toml", "--as-of", "2026-11-23", "--out", "file.csv")
    assert status == 0, err
    assert (tmp_path / "file.csv").read_text().startswith("group_name,")
    assert json.loads(run("roster", "inspect", "source.toml", "--json")[1])["school_year"] == 2027


def test_a_test_of_the_connection_prints_its_ticks(run: Run, aeries: AeriesServer) -> None:
    status, out, _ = run("sync", "source.toml", "--check", "--as-of", "2026-11-23")
    assert (status, "FAILED" in out) == (0, False)
    aeries.behaviour.refused.add("Student Data")
    status, out, err = run("sync", "source.toml", "--check", "--as-of", "2026-11-23")
    assert status == 1
    assert "FAILED" in out
    assert "Student Data" in out
    assert "Not everything that a sync needs can be read" in err
    checks = json.loads(run("sync", "source.toml", "--check", "--json", "--as-of", "2026-11-23")[1])
    assert checks["ok"] is False


def test_a_sync_that_is_cut_says_which_request_failed_and_leaves_nothing(
    run: Run, aeries: AeriesServer, tmp_path: Path
) -> None:
    aeries.behaviour.cut_from = 5
    status, _, err = run("sync", "source.toml", "snapshot", "--as-of", "2026-11-23")
    assert status == 1
    assert "GET /" in err
    assert not (tmp_path / "snapshot").exists()
    assert not list(tmp_path.glob(".cersgroups-*"))


def test_a_secret_comes_from_the_environment_or_a_file_that_only_its_owner_reads(
    run: Run, aeries: AeriesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CERSGROUPS_SECRET_CERTIFICATE")
    _, _, err = run("sync", "source.toml", "--check")
    assert "Put it into the environment as CERSGROUPS_SECRET_CERTIFICATE, or into secret_file" in err
    (tmp_path / "secret.toml").write_text(f'certificate = "{CERTIFICATE}"\n')
    (tmp_path / "secret.toml").chmod(0o644)
    (tmp_path / "source.toml").write_text(toml(aeries, 'secret_file = "secret.toml"'))
    assert "others may read the secrets in it. Run: chmod 600" in run("sync", "source.toml", "--check")[2]
    (tmp_path / "secret.toml").chmod(0o600)
    assert run("sync", "source.toml", "--check", "--as-of", "2026-11-23")[0] == 0


@pytest.mark.parametrize(
    ("more", "settings", "sentence"),
    [
        ("", f'certificate = "{CERTIFICATE}"', "the secret certificate stands in it, where others may read it"),
        ("speed = 3", "", "unknown key 'speed'"),
        ("", 'adress = "x"', "unknown setting 'adress'"),
        ("", "concurrency = true", "concurrency must be text in quotes"),
    ],
)
def test_what_is_wrong_with_the_file_is_told(
    run: Run, aeries: AeriesServer, tmp_path: Path, more: str, settings: str, sentence: str
) -> None:
    (tmp_path / "source.toml").write_text(toml(aeries, more, settings))
    status, _, err = run("sync", "source.toml", "--check")
    assert (status, sentence in err) == (2, True), err


def test_what_is_missing_in_the_file_is_told_with_where_to_put_it(
    run: Run, aeries: AeriesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source.toml"
    source.write_text('kind = "aeries_api"\n')
    status, _, err = run("sync", "source.toml", "--check")
    assert status == 2
    assert 'source.toml: Base address is missing. Enter it. Write address = "..." below [settings].' in err
    assert "SECRET" not in err
    source.write_text('kind = "aeries"\n')
    assert "source.toml: 'aeries' is no kind of source. Choose one of aeries_api," in run("sync", "source.toml", "x")[2]
    source.write_text(toml(aeries))
    monkeypatch.delenv("CERSGROUPS_SECRET_CERTIFICATE")
    assert "Put it into the environment as CERSGROUPS_SECRET_CERTIFICATE" in run("sync", "source.toml", "--check")[2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Nothing to fetch from"),
        (["source.toml"], "Where to?"),
        (["source.toml", "folder", "--lea", "1"], "not both"),
        (["source.toml", "folder", "--no-wait"], "Name its LEA with --lea"),
        (["nowhere.toml", "folder"], "there is no such file"),
        (["source.toml", "sis"], "something is there already"),
    ],
)
def test_requests_that_cannot_be_meant_are_told(run: Run, arguments: list[str], sentence: str) -> None:
    status, _, err = run("sync", *arguments)
    assert (status, sentence in err) == (2, True), err


def asked(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    configure(parser)
    return parser.parse_args(arguments)


@pytest.mark.django_db(transaction=True)
class TestInstallation:
    """A source of an LEA here, by the worker that really runs it."""

    @pytest.fixture
    def folk(self, aeries: AeriesServer, monkeypatch: pytest.MonkeyPatch) -> People:
        from contextlib import nullcontext

        from cersgroups.actions.source import Entry, save_source
        from cersgroups.cli import sync_installation
        from tests.people import make_people

        monkeypatch.setattr(sync_installation, "application", nullcontext)  # the tests' own database is there
        folk = make_people()
        save_source(folk.ada, Entry("Aeries", "aeries_api", aeries.settings(school_year="2027")))
        return folk

    def work(self) -> None:
        from cersgroups.jobs.worker import run_worker

        run_worker(wait=False)

    @pytest.mark.usefixtures("folk")
    def test_the_worker_is_asked_and_the_end_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert sync_lea(asked("--lea", "Live Oak Unified"), work=self.work) == 0
        assert "The roster from Aeries is in use." in capsys.readouterr().err
        assert sync_lea(asked("--lea", "Live Oak Unified", "--check", "--json"), work=self.work) == 0

    def test_an_lea_is_found_by_the_number_that_the_list_of_leas_shows(self, folk: People) -> None:
        assert sync_lea(asked("--lea", str(folk.ada.lea_id), "--check", "--json"), work=self.work) == 0

    @pytest.mark.usefixtures("folk")
    def test_a_failure_ends_with_its_sentence_and_another_lea_is_not_found(self, aeries: AeriesServer) -> None:
        aeries.behaviour.refused.add("Student Data")
        with pytest.raises(DataStop, match="Student Data"):
            sync_lea(asked("--lea", "Live Oak Unified"), work=self.work)
        with pytest.raises(RequestStop, match="no LEA with this code, name or number"):
            sync_lea(asked("--lea", "Other Unified"), work=self.work)
        with pytest.raises(RequestStop, match="There are: Aeries"):
            sync_lea(asked("--lea", "Live Oak Unified", "--source", "SIS"), work=self.work)
