"""`cersgroups leas` lists every LEA by its number, how it stands, and what needs a person."""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cersgroups.actions.lea import change_settings
from cersgroups.cli.main import main
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload
from tests.cli.installation import installation
from tests.jobs.delivery import Delivery, delivery

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
RUN_AT = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)  # at 22:30 of the day before in California


@pytest.fixture
def stage(stored_snapshot: Path) -> Iterator[Delivery]:
    """Live Oak has a roster of two days ago, a run that is done and an upload that CERS refused; Other has nothing."""
    with delivery(stored_snapshot) as stage:
        with lea_scope(stage.lea_id):
            Snapshot.objects.update(taken_at=timezone.now() - timedelta(days=2))
            ScheduledRun.objects.create(
                lea_id=stage.lea_id, occurrence="2026-11-27T22:30", due_at=RUN_AT, outcome="done"
            )
            Upload.objects.create(lea_id=stage.lea_id, state="refused")
        yield stage


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What the command prints, in the process and on the tables of the test."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr("cersgroups.cli.leas.application", nullcontext)
        monkeypatch.setattr("cersgroups.cli.leas.migrate", lambda: None)
        assert main(["leas", *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_every_lea_has_a_line_and_below_it_what_needs_a_person(stage: Delivery, said: Callable[..., str]) -> None:
    head, live_oak, refused, other, roster = said().splitlines()
    assert head.split() == ["LEA", "Name", "Roster", "Last", "run", "Last", "upload"]
    assert live_oak.split()[:3] == [str(stage.lea_id), "Live", "Oak"]
    assert "2 days old  2026-11-27 22:30 done" in live_oak
    assert live_oak.endswith("refused")
    assert refused.strip() == "FAULT  CERS refused the last upload."
    assert other.split() == [str(stage.people.other_lea_id), "Other", "Unified", "–", "–", "–"]
    assert roster.strip() == "WARNING  There is no roster yet."
    assert live_oak.index("2 days old") == other.index("–")


def test_no_name_that_an_admin_gives_an_lea_draws_in_the_terminal(stage: Delivery, said: Callable[..., str]) -> None:
    change_settings(stage.people.olga, name="Other\x1b[2J\nFAULT")
    assert r"Other\x1b[2J\nFAULT" in said()


def test_a_script_gets_the_same_as_json(stage: Delivery, said: Callable[..., str]) -> None:
    leas: dict[int, dict[str, Any]] = {lea["number"]: lea for lea in json.loads(said("--json"))["leas"]}
    assert leas[stage.lea_id]["name"] == "Live Oak Unified"
    assert leas[stage.lea_id]["run_due_at"] == "2026-11-28T06:30:00+00:00"
    assert leas[stage.lea_id]["concerns"] == [
        {"about": "upload", "verdict": "fault", "sentence": "CERS refused the last upload."}
    ]
    assert leas[stage.people.other_lea_id]["roster_taken_at"] is None


@pytest.mark.thorough
def test_where_there_is_no_lea_it_says_how_one_is_made(tmp_path: Path) -> None:
    with installation(tmp_path / "other") as other:
        done = other.run("-m", "cersgroups", "leas")
        assert (done.returncode, done.stdout) == (
            0,
            "There is no LEA yet. `cersgroups first-admin` prints a link that makes one.\n",
        )
