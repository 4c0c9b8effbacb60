"""The audit log: every action that is noted has words, and is noted where a test would miss it."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cersgroups.actions.sign_in import AccountChange
from cersgroups.actions.source import save_source
from cersgroups.jobs.worker import run_worker
from cersgroups.web.templatetags.audit import ACTION_WORDS
from tests.api import test_address as api
from tests.e2e.roster_export import ambiguous_export, plain_export
from tests.noted import noted_actions
from tests.people import People
from tests.sis import entry
from tests.web.conftest import Visitor
from tests.web.entry import entries_of, left_since, read_entries

ELSEWHERE = {
    **dict.fromkeys(get_args(AccountChange), "tests/web/test_account_change.py"),
    "second factor failed": "tests/web/test_account_change.py",
    "sign in": "tests/web/test_audit.py",
    "sign-in failed": "tests/web/test_audit.py",
    "read gone students": "tests/web/test_profile_health.py",
    "read profile": "tests/api/test_profile.py",
    "idle session ended": "tests/web/test_idle.py",
    "remove side files": "below",
    "inspect roster": "below",
    "convert roster again": "below",
    **dict.fromkeys(("extract done", "extract failed"), "tests/jobs/test_noted.py"),
    **dict.fromkeys(("roster ready", "roster held", "roster failed"), "tests/jobs/test_noted.py"),
    **dict.fromkeys((f"upload {end}" for end in ("held", "ready", "done", "accepted")), "tests/jobs/test_noted.py"),
    **dict.fromkeys((f"upload {end}" for end in ("refused", "stopped", "failed")), "tests/jobs/test_noted.py"),
    **dict.fromkeys((f"run {end}" for end in ("done", "stopped", "failed", "missed")), "tests/jobs/test_noted.py"),
    **dict.fromkeys(("start run", "miss run"), "tests/jobs/test_noted.py"),
    **dict.fromkeys(("sync by command", "test source by command", "clean up"), "tests/jobs/test_noted.py"),
    **dict.fromkeys(("make backup", "restore backup"), "tests/cli/test_backup.py"),
    **dict.fromkeys(("save source by command", "save sync schedule by command"), "tests/cli/test_add_lea.py"),
    "rotate key": "tests/jobs/test_credential.py",
    **dict.fromkeys(("make link for admin", "become admin by link"), "tests/web/test_first_admin.py"),
}
"""What no address of the tables leaves, by the test that shows it."""


def test_every_noted_action_has_words_and_no_other() -> None:
    assert noted_actions() == set(ACTION_WORDS)


def test_for_every_noted_action_a_test_says_where() -> None:
    by_pages = {action for actions in read_entries().values() for action in actions}
    by_programs = {row["entry"] for row in api.read_table().values()} - {""}
    assert noted_actions() == by_pages | by_programs | set(ELSEWHERE)


@pytest.fixture
def ada(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("ada")


@pytest.mark.django_db
def test_removing_side_files_is_noted(people: People, ada: Visitor) -> None:
    source = save_source(people.ada, entry())
    before = entries_of("ada")
    ada.send(f"/sources/{source.pk}/side-files/", {"remove": "1"})
    assert left_since(before, "ada") == ["remove side files"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("export", "is_new"), [(plain_export, True), (ambiguous_export, False)])
def test_looking_for_a_mapping_and_converting_again_are_noted(
    ada: Visitor, tmp_path: Path, export: Callable[[Path], Path], is_new: bool
) -> None:
    """Of files that were converted another roster is made; one that failed is tried again."""
    sent = SimpleUploadedFile("fall.zip", export(tmp_path).read_bytes(), "application/zip")
    url = ada.send("/roster/upload/", {"roster": sent}).headers["Location"]
    run_worker(wait=False)
    before = entries_of("ada")
    form = ada.get(f"{url}mapping/").context["form"]
    assert left_since(before, "ada") == ["inspect roster"]
    before = entries_of("ada")
    places = {name: form.fields[name].choices[-1][0] for name in ("ssid", "end_date")}
    again = ada.send(f"{url}mapping/", places).headers["Location"]
    assert left_since(before, "ada") == ["inspect roster", "convert roster again"]
    assert (again != url) is is_new
