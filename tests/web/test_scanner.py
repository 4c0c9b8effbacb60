"""The installation's virus scanner: nothing is kept of an upload that it refuses, or that it cannot look at."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from cersgroups.actions.api_token import create_token
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.scanner import _scanning
from cersgroups.actions.snapshot import upload_roster, visible_snapshots
from cersgroups.core.error import RequestStop
from cersgroups.records.folder import lea_folder
from cersgroups.records.scope import lea_scope
from tests.people import People, person_named

pytestmark = pytest.mark.django_db

REFUSED = "The virus scanner of this installation refused the upload, so nothing of it was kept."
NOT_LOOKED = "The virus scanner of this installation could not look at the upload, so nothing of it was kept."
SEES_A_VIRUS = 'grep -q VIRUS "$@" && exit 1\nexit 0'


@pytest.fixture
def scanner(tmp_path: Path, settings: Settings) -> Callable[[str], Path]:
    """A program of these lines is the scanner; returns where it notes which files it was given."""

    def install(lines: str) -> Path:
        program, noted = tmp_path / "scan", tmp_path / "noted"
        program.write_text(f'#!/bin/sh\nfor file in "$@"; do cat "$file" >> {noted}; done\n{lines}\n')
        program.chmod(0o700)
        settings.SCANNER = str(program)
        return noted

    return install


def sent(text: str, name: str = "lea.csv") -> UploadedFile:
    return UploadedFile(name, io.BytesIO(text.encode()))


def assert_nothing_was_kept(people: People) -> None:
    with lea_scope(people.lea_id):
        assert not visible_snapshots(people.ada).exists()
    assert [path for path in lea_folder(people.lea_id).rglob("*") if path.is_file()] == []


def test_what_passes_is_taken_and_every_file_was_looked_at(people: People, scanner: Callable[[str], Path]) -> None:
    noted = scanner(SEES_A_VIRUS)
    snapshot = upload_roster(people.ada, [sent("one"), sent("two", "staff.csv")], sides=[sent("three", "staff.csv")])
    assert snapshot.state == "queued"
    assert noted.read_text() == "onetwothree"


@pytest.mark.parametrize("side", [False, True])
def test_what_the_scanner_refuses_is_not_kept(people: People, scanner: Callable[[str], Path], side: bool) -> None:
    scanner(SEES_A_VIRUS)
    files = [sent("VIRUS")], [sent("harmless")]
    roster, sides = files[::-1] if side else files
    with pytest.raises(RequestStop, match=REFUSED):
        upload_roster(people.ada, roster, sides=sides)
    assert_nothing_was_kept(people)


@pytest.mark.parametrize("lines", ["exit 2", "kill -9 $$", "exec sleep 60"])
def test_where_the_scanner_cannot_look_nothing_is_taken(
    people: People, scanner: Callable[[str], Path], lines: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner(lines)
    monkeypatch.setattr("cersgroups.actions.scanner.PATIENCE", 1 if "sleep" in lines else 60)
    with pytest.raises(RequestStop, match=NOT_LOOKED):
        upload_roster(people.ada, [sent("harmless")])
    assert_nothing_was_kept(people)


def test_a_scanner_that_is_not_there_refuses_every_upload(people: People, settings: Settings) -> None:
    settings.SCANNER = "/nowhere/scan"
    with pytest.raises(RequestStop, match=NOT_LOOKED):
        upload_roster(people.ada, [sent("harmless")])
    assert_nothing_was_kept(people)


def test_while_it_looks_at_another_upload_nobody_waits_for_long(
    people: People, scanner: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else four uploads would keep all threads that answer pages."""
    scanner(SEES_A_VIRUS)
    monkeypatch.setattr("cersgroups.actions.scanner._TURN", 0.01)
    with _scanning, pytest.raises(RequestStop, match="is looking at another upload"):
        upload_roster(people.ada, [sent("harmless")])
    assert_nothing_was_kept(people)
    assert upload_roster(people.ada, [sent("harmless")]).state == "queued"


def test_it_is_given_no_secret_of_ours(
    people: People, scanner: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERSGROUPS_SECRET_KEY", "the key")
    noted = scanner('env >> "$(dirname "$0")/noted"')
    upload_roster(people.ada, [sent("harmless")])
    assert "PATH=" in noted.read_text()
    assert "the key" not in noted.read_text()


def test_the_page_and_the_api_say_so(people: People, scanner: Callable[[str], Path]) -> None:
    scanner(SEES_A_VIRUS)
    page = Client()
    page.force_login(person_named("ada"))
    shown = page.post("/roster/upload/", {"lea": people.lea_id, "roster": _named("VIRUS")})
    assert REFUSED in shown.content.decode()
    _token, text = create_token(people.ada, "Program", ["roster"], days=1)
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert REFUSED in program.post("/api/v1/snapshots", {"roster": _named("VIRUS")}).json()["detail"]
    assert_nothing_was_kept(people)


def _named(text: str) -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = "lea.csv"
    return file
