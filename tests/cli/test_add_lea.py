"""`cersgroups add-lea` and `cersgroups save-source`: how whoever runs an installation adds LEAs by a script."""

import json
from contextlib import nullcontext
from datetime import time
from pathlib import Path

import pytest
from pytest_django import Settings

from cersgroups.actions.first_admin import create_first_admin, make_link
from cersgroups.actions.retention import kept_days
from cersgroups.actions.source import ByItself, save_sync_schedule
from cersgroups.cli.main import main
from cersgroups.records.audit import AuditEntry
from cersgroups.records.due import Due
from cersgroups.records.lea import Lea
from cersgroups.records.membership import Membership
from cersgroups.records.scope import lea_scope
from cersgroups.records.source import Source
from tests.cli.aeries_command import Run, aeries, runner, toml
from tests.cli.installation import installation
from tests.people import PASSWORD, People
from tests.sources.aeries_api_sync import impatient
from tests.sources.aeries_server import CERTIFICATE, AeriesServer

__all__ = ["aeries", "impatient"]  # fixtures, the second for every test here

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in this process, on the tables of the test; whatever it prints, the secret is not in it."""
    for command in ("add_lea", "save_source"):
        monkeypatch.setattr(f"cersgroups.cli.{command}.application", nullcontext)
        monkeypatch.setattr(f"cersgroups.cli.{command}.migrate", lambda: None)
    return runner(tmp_path, monkeypatch, capsys)


@pytest.fixture
def aeries_toml(aeries: AeriesServer, tmp_path: Path) -> str:
    (tmp_path / "source.toml").write_text(toml(aeries))
    return "source.toml"


def sources_of(lea_id: int) -> list[Source]:
    with lea_scope(lea_id):
        return list(Source.objects.filter(lea_id=lea_id))


def entries_of(lea_id: int) -> dict[str, AuditEntry]:
    with lea_scope(lea_id):
        return {entry.action: entry for entry in AuditEntry.objects.filter(lea_id=lea_id)}


def test_an_lea_is_added_without_anybody_in_it_and_its_number_is_printed(run: Run, settings: Settings) -> None:
    settings.KEEP_DAYS = {"extracts": None, "rosters": 90, "ledgers": None, "audit": None}
    status, out, err = run("add-lea", " Elder Unified ")
    lea_id = int(out)
    assert status == 0
    assert f"Elder Unified is LEA {lea_id}." in err
    assert f"cersgroups first-admin --lea {lea_id}" in err
    with lea_scope(lea_id):
        lea = Lea.objects.get()
        assert (lea.name, kept_days(lea)["rosters"]) == ("Elder Unified", 90)
        assert not Membership.objects.filter(lea_id=lea_id).exists()
    [entry] = entries_of(lea_id).values()
    assert (entry.action, entry.door, entry.actor_email) == ("create lea", "command", "")
    assert entry.detail == {"name": "Elder Unified", "keep_rosters_days": 90}
    assert Due.objects.filter(lea_id=lea_id, what="retention").exists()


def test_its_first_admin_comes_by_the_link_of_the_lea(run: Run) -> None:
    lea_id = int(run("add-lea", "Elder Unified")[1])
    link = make_link(lea_id)
    _, lea = create_first_admin(link, email="eve@elder.example", name="Eve", password=PASSWORD)
    assert lea.pk == lea_id
    with lea_scope(lea_id):
        assert Membership.objects.get(lea_id=lea_id).level == "admin"


def test_a_script_that_is_run_again_adds_no_second_lea(run: Run, people: People) -> None:
    status, out, err = run("add-lea", "Live Oak Unified")
    assert (status, out) == (2, "")
    assert f"Live Oak Unified is there already: LEA {people.lea_id}." in err


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("  ", "The name is blank"), ("x" * 256, "at most 255 ordinary characters"), ("\udcff", "cannot be stored")],
    ids=ascii,
)
def test_a_name_that_is_none_is_told(run: Run, name: str, sentence: str) -> None:
    status, out, err = run("add-lea", name)
    assert (status, out, sentence in err) == (2, "", True)


def test_a_source_is_saved_with_its_secret_sealed_and_is_nowhere_fetched_by_itself(
    run: Run, people: People, aeries: AeriesServer, aeries_toml: str
) -> None:
    status, _, err = run("save-source", aeries_toml, "--lea", str(people.lea_id))
    assert status == 0, err
    assert f"cersgroups sync --lea {people.lea_id} --source 'Aeries API' --check" in err
    [source] = sources_of(people.lea_id)
    assert (source.name, source.kind, source.nightly, source.before_runs) == ("Aeries API", "aeries_api", False, False)
    assert source.settings["address"] == aeries.url
    assert CERTIFICATE not in source.sealed
    assert source.secrets() == {"certificate": CERTIFICATE}
    entry = entries_of(people.lea_id)["save source by command"]
    assert (entry.door, entry.detail) == ("command", {"name": "Aeries API", "kind": "aeries_api"})
    assert sources_of(people.other_lea_id) == []


def test_it_is_synced_every_night_or_before_runs_if_it_is_said_so(run: Run, people: People, aeries_toml: str) -> None:
    arguments = ("save-source", aeries_toml, "--lea", str(people.lea_id), "--name", "Aeries")
    assert run(*arguments, "--nightly", "02:30", "--before-runs")[0] == 0
    [source] = sources_of(people.lea_id)
    assert (source.nightly, source.before_runs, source.days, source.time) == (True, True, [*range(7)], time(2, 30))
    assert Due.objects.filter(lea_id=people.lea_id, what="sync").exists()
    assert entries_of(people.lea_id)["save sync schedule by command"].detail["time"] == "02:30"


def test_run_again_it_changes_the_source_of_that_name_and_leaves_its_schedule(
    run: Run, people: People, aeries_toml: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("save-source", aeries_toml, "--lea", str(people.lea_id))
    run(*arguments, "--nightly", "02:30")
    monkeypatch.setenv("CERSGROUPS_SECRET_CERTIFICATE", "f" * 32)
    assert run(*arguments)[0] == 0
    [source] = sources_of(people.lea_id)
    assert source.secrets() == {"certificate": "f" * 32}
    assert (source.nightly, source.time) == (True, time(2, 30))


def test_run_again_with_another_time_it_keeps_the_days_that_an_admin_has_chosen(
    run: Run, people: People, aeries_toml: str
) -> None:
    arguments = ("save-source", aeries_toml, "--lea", str(people.lea_id))
    run(*arguments)
    [source] = sources_of(people.lea_id)
    save_sync_schedule(people.ada, source.pk, ByItself(True, range(5), time(1, 0), before_runs=True))
    run(*arguments, "--nightly", "02:30")
    [source] = sources_of(people.lea_id)
    assert (source.days, source.time, source.before_runs) == ([*range(5)], time(2, 30), True)
    run(*arguments, "--before-runs")
    [source] = sources_of(people.lea_id)
    assert (source.nightly, source.days, source.time) == (True, [*range(5)], time(2, 30))


def test_what_cannot_be_meant_is_told_and_nothing_is_saved(
    run: Run, people: People, aeries_toml: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lea = str(people.lea_id)
    assert "There is no LEA 999999" in run("save-source", aeries_toml, "--lea", "999999")[2]
    assert "there is no kind" in run("save-source", write(tmp_path, ""), "--lea", lea)[2]
    for name in ("x" * 256, "\udcff"):
        assert "The name cannot be stored" in run("save-source", aeries_toml, "--lea", lea, "--name", name)[2]
    for wrong in ("2:30", "+2:30", "24:00", "02:60", "night", "02:30:00"):
        with pytest.raises(SystemExit):
            main(["save-source", aeries_toml, "--lea", lea, "--nightly", wrong])
        assert f"'{wrong}' is no time of day. Write it as 02:30." in capsys.readouterr().err
    assert sources_of(people.lea_id) == []


def write(folder: Path, text: str) -> str:
    (folder / "wrong.toml").write_text(text)
    return "wrong.toml"


def test_two_sources_are_not_both_fetched_by_themselves_and_a_kind_is_not_changed(
    run: Run, people: People, aeries_toml: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERSGROUPS_SECRET_CLIENT_SECRET", "x")
    lea = str(people.lea_id)
    run("save-source", aeries_toml, "--lea", lea, "--nightly", "02:30")
    status, _, err = run("save-source", aeries_toml, "--lea", lea, "--name", "Second", "--before-runs")
    assert status == 2
    assert "already fetched automatically from Aeries API" in err
    assert [source.name for source in sources_of(people.lea_id)] == ["Aeries API"], "nothing of it is saved"
    address = "https://sis.example.org"
    settings = f'base_address = "{address}"\ntoken_address = "{address}"\nclient_id = "x"\n'
    other = write(tmp_path, f'kind = "oneroster"\n[settings]\n{settings}')
    status, _, err = run("save-source", other, "--lea", lea, "--name", "Aeries API")
    assert (status, "is a source of another kind (aeries_api)" in err) == (2, True), err


@pytest.mark.thorough
def test_by_commands_alone_an_lea_is_there_with_a_roster_of_its_sis(tmp_path: Path, aeries_toml: str) -> None:
    with installation(tmp_path / "other") as other:

        def said(*arguments: str) -> str:
            done = other.run("-m", "cersgroups", *arguments, CERSGROUPS_SECRET_CERTIFICATE=CERTIFICATE)
            assert done.returncode == 0, done.stderr
            return done.stdout

        number = said("add-lea", "Elder Unified").strip()
        said("save-source", str(tmp_path / aeries_toml), "--lea", number, "--nightly", "02:30")
        said("sync", "--lea", number, "--no-wait")
        said("worker", "--once")
        assert f"/first-admin/{number}." in said("first-admin", "--lea", number)
        [lea] = json.loads(said("leas", "--json"))["leas"]
        assert (lea["number"], lea["name"], lea["newest_roster_state"]) == (int(number), "Elder Unified", "ready")
