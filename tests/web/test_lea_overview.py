"""Whoever belongs to several LEAs sees how those stand of which they are admin, and of others that they are theirs."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cersgroups.actions.lea_overview import own_overviews
from cersgroups.actions.person import change_rights, invite
from cersgroups.records.lea import Lea
from cersgroups.records.lea_overview import read_own_overviews
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload
from cersgroups.web import lea_overview
from tests.people import People, email_of, person_named
from tests.roster import give_roster
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def folk(people: People) -> People:
    """Ada is admin of both LEAs."""
    invite(people.olga, email_of("ada"), "Ada Admin", "admin")
    return people


def refused_upload(lea_id: int) -> Upload:
    with lea_scope(lea_id):
        return Upload.objects.create(lea_id=lea_id, state="refused")


def names_in(page: str) -> list[str]:
    """The LEAs, in the page's order."""
    return re.findall(r'<button class="link-button">([^<]+)</button>', page)


def test_an_lea_that_needs_somebody_comes_first_with_what_it_is(folk: People, visit: Callable[[str], Visitor]) -> None:
    for lea_id in (folk.lea_id, folk.other_lea_id):
        with lea_scope(lea_id):
            Lea.objects.filter(pk=lea_id).update(
                current_snapshot=Snapshot.objects.create(lea_id=lea_id, state="ready", taken_at=timezone.now())
            )
    page = visit("ada").get("/leas/").content.decode()
    assert names_in(page) == ["Live Oak Unified", "Other Unified"]
    assert "0 need somebody, 2 do not." in page
    refused = refused_upload(folk.other_lea_id)
    page = visit("ada").get("/leas/").content.decode()
    assert names_in(page) == ["Other Unified", "Live Oak Unified"]
    assert "1 needs somebody, 1 does not." in page
    assert f'value="/uploads/{refused.pk}/">CERS refused the last upload.' in page
    assert "Refused by CERS</span>" in page


def test_of_an_upload_that_failed_it_is_not_said_that_nothing_was_sent(
    folk: People, visit: Callable[[str], Visitor]
) -> None:
    """A part may have been sent before, which CERS holds."""
    with lea_scope(folk.other_lea_id):
        Upload.objects.create(lea_id=folk.other_lea_id, state="failed")
    page = visit("ada").get("/leas/").content.decode()
    assert ">Failed</span>" in page
    assert "Not sent" not in page


def test_the_newest_run_and_roster_are_told(
    folk: People, visit: Callable[[str], Visitor], stored_snapshot: Path
) -> None:
    give_roster(folk.other_lea_id, stored_snapshot)
    with lea_scope(folk.other_lea_id):
        Snapshot.objects.update(taken_at=timezone.now() - timedelta(days=3))
        for days, outcome in ((8, "failed"), (1, "done")):
            due = timezone.now() - timedelta(days=days)
            ScheduledRun.objects.create(lea_id=folk.other_lea_id, occurrence=str(days), due_at=due, outcome=outcome)
    page = visit("ada").get("/leas/?filter=other").content.decode()
    assert names_in(page) == ["Other Unified"]
    assert "3 days old" in page
    assert ">Done</span>" in page
    assert "The last run" not in page


def test_what_is_chosen_leads_to_its_page_at_that_lea(folk: People, visit: Callable[[str], Visitor]) -> None:
    refused = refused_upload(folk.other_lea_id)
    ada = visit("ada")
    answer = ada.send("/workplace/lea/", {"to": folk.other_lea_id, "next": f"/uploads/{refused.pk}/"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/uploads/{refused.pk}/", 302)]  # type: ignore[attr-defined]
    assert "You now work at Other Unified." in page
    assert "Refused by CERS" in page


def test_no_choice_leads_to_another_site(folk: People, visit: Callable[[str], Visitor]) -> None:
    answer = visit("ada").send("/workplace/lea/", {"to": folk.other_lea_id, "next": "//evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(("level", "schools"), [("viewer", None), ("administer", None), ("administer", [])])
def test_of_an_lea_where_one_is_no_admin_nothing_is_told_but_that_it_is_ones_own(
    folk: People, visit: Callable[[str], Visitor], level: str, schools: list[str] | None
) -> None:
    refused_upload(folk.other_lea_id)
    change_rights(folk.olga, folk.ada.person_id, level, schools)  # type: ignore[arg-type]
    page = visit("ada").get("/leas/").content.decode()
    assert names_in(page) == ["Live Oak Unified", "Other Unified"]
    assert "refused" not in page
    assert "Only its admins see here how it stands." in page


def test_of_an_lea_that_one_does_not_belong_to_nothing_is_told(people: People, visit: Callable[[str], Visitor]) -> None:
    refused_upload(people.other_lea_id)
    for name in ("ada", "alma", "sam", "vera"):
        page = visit(name).get("/leas/").content.decode()
        assert names_in(page) == ["Live Oak Unified"]
        assert "refused" not in page


def test_the_database_tells_it_to_nobody_but_the_person_of_the_scope(folk: People) -> None:
    assert [found.name for found in own_overviews(person_named("ada"))] == ["Live Oak Unified", "Other Unified"]
    assert [found.name for found in own_overviews(person_named("olga"))] == ["Other Unified"]
    assert own_overviews(person_named("vera")) == []
    assert read_own_overviews() == []
    with lea_scope(folk.lea_id), connection.cursor() as cursor:
        assert read_own_overviews() == []
        cursor.execute("SELECT name FROM lea_overview")
        assert cursor.fetchall() == [("Live Oak Unified",)]


def test_whoever_is_not_active_is_told_nothing(folk: People) -> None:
    ada = person_named("ada")
    ada.is_active = False
    assert own_overviews(ada) == []
    assert folk.ada.level == "admin"


def test_how_many_leas_there_are_changes_the_number_of_queries_by_none(
    folk: People, visit: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = visit("ada")
    ada.get("/leas/")
    with CaptureQueriesContext(connection) as of_two:
        ada.get("/leas/")
    change_rights(folk.olga, folk.ada.person_id, "viewer", None)
    with CaptureQueriesContext(connection) as of_one:
        ada.get("/leas/")
    assert len(of_two) == len(of_one)
    monkeypatch.setattr(lea_overview, "ON_A_PAGE", 1)
    assert "Page 1 of 2" in ada.get("/leas/").content.decode()


def test_the_way_to_it_is_offered_to_whoever_has_several(people: People, visit: Callable[[str], Visitor]) -> None:
    assert "/leas/" not in visit("ada").get("/workplace/").content.decode()
    invite(people.olga, email_of("ada"), "Ada Admin", "viewer")
    assert "How your 2 LEAs stand" in visit("ada").get("/workplace/").content.decode()
