"""The pages of sources: connecting, testing, syncing, by itself, history; a secret never comes out again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cersgroups.actions.source import save_source
from cersgroups.actions.sync import sync_now
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from tests.people import People
from tests.roster import give_roster
from tests.sis import CERTIFICATE, entry

if TYPE_CHECKING:
    from tests.web.conftest import Visitor

    Visit = Callable[[str], Visitor]

FORM = {
    "name": "Our SIS",
    "setting-address": "https://sis.example",
    "setting-certificate": CERTIFICATE,
    "setting-size": "large",
    "setting-note": "two\nlines",
}


@pytest.fixture
def source(people: People) -> Source:
    return save_source(people.ada, entry())


def stored(people: People) -> Source:
    with lea_scope(people.lea_id):
        return Source.objects.get(kind="memory")


def change(people: People, pk: int, **values: object) -> None:
    with lea_scope(people.lea_id):
        Snapshot.objects.filter(pk=pk).update(**values)


def test_the_page_of_a_source_reads_the_schools_of_no_roster(visit: "Visit", people: People, source: Source) -> None:
    sync = sync_now(people.ada, source.pk)
    change(people, sync.pk, state="failed", compared_with=sync.pk)
    with CaptureQueriesContext(connection) as queries:
        visit("ada").get(f"/sources/{source.pk}/")
    asked = [query["sql"] for query in queries if "compared_with" in query["sql"]]
    assert asked
    assert [sql for sql in asked if '."schools"' in sql] == []


def test_without_a_source_an_admin_is_led_to_connecting_one(visit: "Visit") -> None:
    ada = visit("ada")
    assert b"Connect a source" in ada.get("/roster/").content
    assert b"SIS in memory" in ada.get("/sources/new/").content


def test_the_form_asks_for_what_the_kind_asks_for(visit: "Visit") -> None:
    page = visit("ada").get("/sources/new/?kind=memory").content.decode()
    for label in ("Address", "Certificate", "Size", "Note"):
        assert f">{label}" in page
    assert '<option value="large">' in page
    assert '<textarea name="setting-note" cols="40" rows="4"' in page
    assert 'value="https://sis.example"' in page


def test_a_source_is_stored_with_its_secret_sealed_and_no_page_shows_it(visit: "Visit", people: People) -> None:
    ada = visit("ada")
    answer = ada.send("/sources/new/?kind=memory", FORM, follow=True)
    record = stored(people)
    assert b"Our SIS is saved. Test the connection now." in answer.content
    assert record.settings == {"address": "https://sis.example", "size": "large", "note": "two\r\nlines"} | {
        "note": record.settings["note"]
    }
    assert record.secrets() == {"certificate": CERTIFICATE}
    for url in ("/sources/", f"/sources/{record.pk}/", f"/sources/{record.pk}/settings/", "/roster/", "/audit-log/"):
        assert CERTIFICATE not in ada.get(url).content.decode(), url


def test_a_secret_that_is_left_blank_stays_and_a_missing_one_is_asked_for(
    visit: "Visit", people: People, source: Source
) -> None:
    ada = visit("ada")
    blank = {**FORM, "setting-certificate": "", "name": "Renamed"}
    assert ada.send(f"/sources/{source.pk}/settings/", blank).status_code == 302
    assert (stored(people).name, stored(people).secrets()) == ("Renamed", {"certificate": CERTIFICATE})
    answer = ada.send("/sources/new/?kind=memory", {**blank, "name": "Second"})
    assert answer.status_code == 400
    assert b"This field is required" in answer.content


def test_two_sources_cannot_have_one_name(visit: "Visit", source: Source) -> None:
    answer = visit("ada").send("/sources/new/?kind=memory", {**FORM, "name": source.name})
    assert b"There is a source &#x27;Our SIS&#x27; already" in answer.content


def test_the_test_of_a_connection_is_asked_for_and_its_ticks_are_shown(
    visit: "Visit", people: People, source: Source
) -> None:
    ada = visit("ada")
    answer = ada.send(f"/sources/{source.pk}/test/", follow=True)
    assert b"The connection is being tested" in answer.content
    checks = [
        {"what": "Schools", "ok": True, "sentence": "3 schools"},
        {"what": "Students", "ok": False, "sentence": "Grant Student Data."},
    ]
    with lea_scope(people.lea_id):
        Source.objects.update(check_wanted_at=None, checked_at=timezone.now(), checks=checks)
    assert ada.get(f"/sources/{source.pk}/now/").headers["HX-Refresh"] == "true"
    page = ada.get(f"/sources/{source.pk}/").content.decode()
    assert "not everything that a sync needs can be read" in page
    assert 'aria-label="Works"' in page
    assert "Grant Student Data." in page


def test_sync_now_shows_how_far_it_is_also_after_a_reload(visit: "Visit", people: People, source: Source) -> None:
    ada = visit("ada")
    page = ada.send(f"/sources/{source.pk}/sync/", follow=True).content
    assert b"Waiting for its turn" in page
    with lea_scope(people.lea_id):
        Snapshot.objects.update(state="fetching", message="fetching students of 10 Fig High", progress=0.4)
    for url in (f"/sources/{source.pk}/", f"/sources/{source.pk}/now/"):
        page = ada.get(url).content
        assert b"Fetching students of 10 Fig High" in page
        assert b"40% done" in page
    assert b"A roster is being fetched already" in ada.send(f"/sources/{source.pk}/sync/", follow=True).content


def test_a_sync_that_goes_on_can_be_cancelled(visit: "Visit", people: People, source: Source) -> None:
    ada, cancel = visit("ada"), f"/sources/{source.pk}/cancel/"
    assert cancel.encode() not in ada.get(f"/sources/{source.pk}/").content
    assert cancel.encode() in ada.send(f"/sources/{source.pk}/sync/", follow=True).content
    page = ada.send(cancel, follow=True).content.decode()
    assert "The sync is cancelled. The roster that was in use stays in use." in page
    assert "Ada Admin cancelled it." in page
    assert "No roster is being fetched anymore." in ada.send(cancel, follow=True).content.decode()
    assert "Cancel this sync" not in page


def test_side_files_are_stored_shown_and_removed(visit: "Visit", people: People, source: Source) -> None:
    ada, url = visit("ada"), f"/sources/{source.pk}/side-files/"
    sent = SimpleUploadedFile("staff.csv", b"staff_id,email\n1,ana.new@fig.example\n")
    page = ada.send(url, {"side": [sent]}, follow=True).content.decode()
    assert "The side files are stored." in page
    assert "staff.csv</th>" in page
    assert "by Ada Admin" in page
    bad = SimpleUploadedFile("staff.csv", b"email\nx\n")
    assert "staff.csv: there is no column staff_id." in ada.send(url, {"side": [bad]}, follow=True).content.decode()
    page = ada.send(url, {"remove": "1"}, follow=True).content.decode()
    assert "The side files are removed." in page
    assert "staff.csv</th>" not in page


def test_the_history_says_when_by_whom_how_it_ended_what_came_and_why_not(
    visit: "Visit", people: People, source: Source, stored_snapshot: Path
) -> None:
    before = give_roster(people.lea_id, stored_snapshot)
    good, failed = give_roster(people.lea_id, stored_snapshot), sync_now(people.ada, source.pk).pk
    counts = {"students": 1234, "sections": 10, "schools": 3}
    change(people, before, counts={"students": 1200, "sections": 10, "schools": 3})
    change(people, good, source=source, occasion="night", counts=counts, compared_with=before)
    change(people, failed, state="failed", why="SIS: GET /students: the server answers 500 and says 9999999999.")
    page = visit("ada").get(f"/sources/{source.pk}/").content.decode()
    assert "1,234 students (+34)" in page
    assert "By schedule" in page
    assert "Ada Admin" in page
    assert "SIS: GET /students: the server answers 500" in page
    assert "9999999999" not in page


def test_a_held_roster_is_shown_with_why_and_a_person_makes_it_current(
    visit: "Visit", people: People, source: Source, stored_snapshot: Path
) -> None:
    give_roster(people.lea_id, stored_snapshot)
    held = give_roster(people.lea_id, stored_snapshot)
    ada = visit("ada")
    ada.send("/roster/back/")
    why = "1 of 3 schools of the current roster are not in it."
    change(people, held, source=source, occasion="night", state="held", stops=[why], file_name="Our SIS")
    assert b"A newer roster, fetched from Our SIS" in ada.get("/roster/").content
    page = ada.get(f"/roster/{held}/").content.decode()
    assert why in page
    assert "Make current anyway" in page
    assert ada.send(f"/roster/{held}/current/", follow=True).status_code == 200
    assert b"A newer roster" not in ada.get("/roster/").content


def test_the_schedule_is_saved_and_the_next_sync_is_shown(visit: "Visit", people: People, source: Source) -> None:
    ada = visit("ada")
    url = f"/sources/{source.pk}/schedule/"
    answer = ada.send(url, {"nightly": "on", "days": ["0", "3"], "time": "02:30", "before_runs": "on"}, follow=True)
    record = stored(people)
    assert (record.nightly, record.days, record.time.isoformat("minutes")) == (True, [0, 3], "02:30")  # type: ignore[union-attr]
    assert b", 2:30 AM" in answer.content
    assert ada.send(url, {"nightly": "on", "time": "02:30"}).status_code == 400
    assert b"No day is chosen" in ada.send(url, {"nightly": "on", "time": "02:30"}).content


def test_a_removed_source_is_gone_with_its_secret(visit: "Visit", people: People, source: Source) -> None:
    ada = visit("ada")
    assert b"The source is removed" in ada.send(f"/sources/{source.pk}/remove/", follow=True).content
    with lea_scope(people.lea_id):
        assert not Source.objects.filter(kind="memory").exists()


@pytest.mark.parametrize("url", ["/roster/", "/create-files/", "/scheduled-process/"])
def test_an_old_roster_is_told_where_files_are_made(
    visit: "Visit", people: People, stored_snapshot: Path, url: str
) -> None:
    from cersgroups.actions.profile import create_profile
    from tests.profiles import CLASSES

    create_profile(people.ada, CLASSES)
    roster = give_roster(people.lea_id, stored_snapshot)
    change(people, roster, taken_at=datetime.now(UTC) - timedelta(days=7, hours=1))
    assert b"The roster is" not in visit("ada").get(url).content
    change(people, roster, taken_at=datetime.now(UTC) - timedelta(days=8, hours=1))
    assert b"The roster is 8 days old" in visit("ada").get(url).content
