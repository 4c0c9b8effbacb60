"""Who sees which group in CERS, as the ledger says: a page and a file for the LEA's admins."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from cersgroups.actions.ledger import find_held_users
from cersgroups.core.error import PermissionRefused
from cersgroups.engine import person
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from cersgroups.web.templatetags.roster import school_name
from tests.engine.roster_files import DISTRICT
from tests.jobs.delivery import Delivery, delivery
from tests.people import person_named
from tests.roster import small_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(stored_snapshot: Path) -> Iterator[Delivery]:
    with delivery(stored_snapshot) as stage:
        stage.upload(stage.extract())
        yield stage


def ada() -> Client:
    client = Client()
    client.force_login(person_named("ada"))
    return client


def expected(stage: Delivery) -> dict[str, set[str]]:
    """By user, the groups that the receiver lets them see."""
    found: dict[str, set[str]] = {}
    for name, (_students, users) in stage.held().items():
        for user in users:
            found.setdefault(user.lower(), set()).add(name)
    return found


def test_every_user_is_listed_with_groups_and_students(stage: Delivery) -> None:
    held = stage.held()
    with lea_scope(stage.lea_id):
        found = find_held_users(stage.people.ada, "", 0, 100)
    assert {user.login.lower(): user.groups for user in found.users} == {u: len(g) for u, g in expected(stage).items()}
    for user in found.users:
        seen = {student for name in expected(stage)[user.login.lower()] for student in held[name][0]}
        assert user.students == len(seen)


def test_a_user_is_searched_for_and_shown_with_each_group(stage: Delivery) -> None:
    page = ada().get("/what-cers-holds/users/?filter=ANA@fig").content.decode()
    assert "ana@fig.example" in page
    assert "jose.n@fig.example" not in page
    for name in expected(stage)["ana@fig.example"]:
        assert name in page
    assert "Nobody matches" in ada().get("/what-cers-holds/users/?filter=zzz").content.decode()


def test_schools_are_told_by_name_and_code(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        names = dict(School.objects.values_list("cds_code", "name"))
        upload = Upload.objects.get()
    for url in ("/what-cers-holds/", "/what-cers-holds/users/?filter=ana@fig", f"/uploads/{upload.pk}/changes/"):
        page = ada().get(url).content.decode()
        shown = [cds for cds, name in names.items() if f'<span>{name}<span class="cell-note">{cds}</span>' in page]
        assert shown, url
        assert 'data-label="School"><span>9' not in page, url


def test_a_school_that_the_roster_has_no_more_is_told_by_its_code() -> None:
    assert school_name("99100", {}) == ""


def test_the_file_has_a_line_for_each_user_and_group(stage: Delivery) -> None:
    answer = ada().get("/what-cers-holds/users.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["user"].lower(), set()).add(row["student_group"])
    assert found == expected(stage)
    log = ada().get("/audit-log/").content.decode()
    assert "Who sees which group" in log or "who sees which group" in log


def test_no_cell_of_the_file_is_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that went out before such addresses were left out (tests/spec/users.md) may be in the ledger."""
    monkeypatch.setattr(person, "VALID_EMAIL", "({0} IS NOT NULL)")
    evil = {table: text.replace("ana@fig.example", "=ana@fig.example") for table, text in DISTRICT.items()}
    with delivery(small_snapshot(tmp_path, **evil).path) as stage:
        stage.upload(stage.extract())
        assert any("=ana@fig.example" in users for _students, users in stage.held().values())
        answer = ada().get("/what-cers-holds/users.csv")
    cells = {cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row}
    assert "'=ana@fig.example" in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


@pytest.mark.parametrize("who", ["alma", "sam", "vera"])
def test_it_is_for_admins_only(stage: Delivery, who: str) -> None:
    with lea_scope(stage.lea_id), pytest.raises(PermissionRefused):
        find_held_users(stage.people.by_name(who), "", 0, 100)


def test_before_anything_was_uploaded_it_is_empty(stage: Delivery) -> None:
    with lea_scope(stage.people.other_lea_id):
        assert find_held_users(stage.people.olga, "", 0, 100).count == 0


@pytest.mark.parametrize("year", ["20270", "-1", "202", "x"])
def test_a_school_year_that_did_not_arrive_whole_empties_nothing(stage: Delivery, year: str) -> None:
    """Without a year the groups of deleted profiles would be emptied: other ones."""
    with lea_scope(stage.lea_id):
        before = Upload.objects.count()
    answer = ada().post("/what-cers-holds/retire/", {"lea": stage.lea_id, "school_year": year}, follow=True)
    assert "The school year did not arrive whole." in answer.content.decode()
    with lea_scope(stage.lea_id):
        assert Upload.objects.count() == before
