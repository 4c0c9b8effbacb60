"""Signing in, failing to, and signing out are in the audit log of each of the person's LEAs; it can be downloaded."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cersgroups.actions.api_token import create_token
from cersgroups.actions.audit import note_system
from cersgroups.actions.person import change_rights, invite, remove
from cersgroups.actions.profile import create_profile, save_profile
from cersgroups.actions.source import Entry, save_source
from cersgroups.records.audit import AuditEntry
from cersgroups.records.credential import Credential
from cersgroups.records.extract import Extract
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload
from cersgroups.web import audit
from cersgroups.web.templatetags.audit import told
from tests.people import PASSWORD, People, email_of
from tests.profiles import GRADES
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db
FROM = "10.1.2.3"


def try_to_sign_in(client: Client, name: str, password: str = PASSWORD) -> None:
    client.post("/account/login/", {"login": email_of(name), "password": password}, REMOTE_ADDR=FROM)


def newest(lea_id: int) -> tuple[str, str, str, str | None]:
    """What the LEA's last entry says: who, what, by which door, from where."""
    with lea_scope(lea_id):
        entry = AuditEntry.objects.all()[0]
        return entry.actor_email, entry.action, entry.door, entry.ip


def count(lea_id: int) -> int:
    with lea_scope(lea_id):
        return AuditEntry.objects.count()


def test_signing_in_and_out_is_in_the_log_with_who_and_from_where(people: People) -> None:
    client = Client()
    try_to_sign_in(client, "vera")
    assert newest(people.lea_id) == (email_of("vera"), "sign in", "page", FROM)
    client.post("/account/logout/", REMOTE_ADDR=FROM)
    assert newest(people.lea_id) == (email_of("vera"), "sign out", "page", FROM)


def test_a_failed_sign_in_is_in_the_log_and_says_not_that_it_was_the_person(people: People) -> None:
    try_to_sign_in(Client(), "vera", "a wrong password")
    assert newest(people.lea_id) == (email_of("vera"), "sign-in failed", "page", FROM)
    with lea_scope(people.lea_id):
        entry = AuditEntry.objects.all()[0]
        assert (entry.actor, entry.object) == (None, f"person {people.vera.person_id}")


def test_who_belongs_to_two_leas_is_in_the_log_of_both_and_others_are_in_none(people: People) -> None:
    invite(people.olga, email_of("vera"), "Vera Viewer", "viewer")
    before = count(people.lea_id), count(people.other_lea_id)
    try_to_sign_in(Client(), "vera")
    assert (count(people.lea_id), count(people.other_lea_id)) == (before[0] + 1, before[1] + 1)
    try_to_sign_in(Client(), "alma")
    assert (count(people.lea_id), count(people.other_lea_id)) == (before[0] + 2, before[1] + 1)
    try_to_sign_in(Client(), "nobody-there")
    assert (count(people.lea_id), count(people.other_lea_id)) == (before[0] + 2, before[1] + 1)


def test_the_log_is_searched_by_what_it_is_about(people: People, visit: Callable[[str], Visitor]) -> None:
    made = create_profile(people.ada, {**GRADES, "name": "Fourth graders"})
    create_profile(people.ada, {**GRADES, "name": "Fifth graders"})
    page = visit("ada").get("/audit-log/?thing=fourth").content.decode()
    assert "Fourth graders" in page
    assert "Fifth graders" not in page
    assert "Fourth graders" in visit("ada").get(f"/audit-log/?thing=profile+{made.pk}").content.decode()


def test_what_an_entry_is_about_has_its_name_of_today_and_leads_to_its_page(
    people: People, visit: Callable[[str], Visitor]
) -> None:
    made = create_profile(people.ada, {**GRADES, "name": "Fourth graders"})
    save_profile(people.ada, made.pk, made.version, {**GRADES, "name": "Grade four"})
    change_rights(people.ada, people.vera.person_id, "viewer", None)
    page = visit("ada").get("/audit-log/?action=create+profile").content.decode()
    assert f"Profile {made.pk}<br>Grade four</span></td>" in page
    assert "name: Fourth graders" in page, "the details are those of then"
    vera = people.vera.person_id
    page = visit("ada").get("/audit-log/?action=change+rights").content.decode()
    assert f'<a href="/people/{vera}/">Person {vera}</a><br>{people.vera.email}</span></td>' in page


def test_whatever_has_a_name_or_a_page_is_named_and_led_to(people: People, visit: Callable[[str], Visitor]) -> None:
    of = {"lea_id": people.lea_id}
    token, _text = create_token(people.ada, "Program", ["read"], days=1)
    fields = {"address": "https://fig.example/aeries", "certificate": "c" * 32}
    source = save_source(people.ada, Entry("Nightly", "aeries_api", fields))
    with lea_scope(people.lea_id):
        snapshot = Snapshot.objects.create(**of)
        credential = Credential.objects.create(**of, name="Of the LEA", sealed="x", expires_on="2027-11-23")
        extract = Extract.objects.create(**of, snapshot=snapshot, name="Weekly", as_of="2026-11-23")
        upload = Upload.objects.create(**of, extract=extract)
        noted = {"roster": snapshot, "credential": credential, "source": source, "extract": extract, "upload": upload}
        for noun, record in noted.items():
            note_system(people.lea_id, "test", f"{noun} {record.pk}")
    ada = visit("ada")
    assert f">API token {token.pk}<br>Program</span></td>" in ada.get("/audit-log/").content.decode()
    page = ada.get("/audit-log/?action=test").content.decode()
    for noun, name in (("credential", "Of the LEA"), ("source", "Nightly"), ("extract", "Weekly")):
        assert f">{noun.capitalize()} {noted[noun].pk}</a><br>{name}</span></td>" in page
    links = re.findall(r'data-label="To what"><span><a href="([^"]+)"', page)
    assert len(links) == len(noted)
    assert {ada.get(link).status_code for link in links} == {200}


def test_who_was_removed_is_told_by_e_mail_and_there_is_no_way_to_their_page(
    people: People, visit: Callable[[str], Visitor]
) -> None:
    remove(people.ada, people.vera.person_id)
    page = visit("ada").get("/audit-log/?action=remove+person").content.decode()
    assert f">Person {people.vera.person_id}</span></td>" in page
    assert f"email: {people.vera.email}" in page


def test_the_name_of_another_leas_thing_is_not_told(people: People, visit: Callable[[str], Visitor]) -> None:
    theirs = create_profile(people.olga, {**GRADES, "name": "Of others"})
    with lea_scope(people.lea_id):
        note_system(people.lea_id, "test", f"profile {theirs.pk}")
    page = visit("ada").get("/audit-log/?action=test").content.decode()
    assert f">Profile {theirs.pk}</span></td>" in page
    assert "Of others" not in page


def test_days_and_runs_are_told_in_words() -> None:
    assert told({"days": [0, 4], "time": "18:30"}) == "days: Monday, Friday; time: 18:30"
    assert told({"days": 90}) == "days: 90"
    assert told({"occurrence": "now 2026-11-30T01:11:15.102527+00:00"}) == "occurrence: by hand"
    assert told({"occurrence": "2026-11-27T22:30"}) == "occurrence: 2026-11-27 22:30"


def test_the_download_holds_what_the_filter_shows_and_is_in_the_log_itself(
    people: People, visit: Callable[[str], Visitor]
) -> None:
    create_profile(people.ada, {**GRADES, "name": "=1+1"})
    answer = visit("ada").get("/audit-log/entries.csv?action=create+profile")
    assert "attachment" in answer["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:4] == ["when", "who", "what", "to_what"]
    assert [row[2] for row in rows] == ["create profile"]
    assert newest(people.lea_id)[1] == "download"


def test_no_cell_of_the_download_is_a_formula(people: People, visit: Callable[[str], Visitor]) -> None:
    try_to_sign_in(Client(), "vera")
    with lea_scope(people.lea_id):
        AuditEntry.objects.create(lea_id=people.lea_id, actor_email="=cmd", action="+x", object="@y")
    rows = csv.reader(io.StringIO(visit("ada").get("/audit-log/entries.csv").content.decode("utf-8-sig")))
    cells = {cell for row in rows for cell in row}
    assert {"'=cmd", "'+x", "'@y"} <= cells


def test_the_pages_of_what_is_searched_are_those_of_all_that_fit_and_read_the_log_once(
    people: People, visit: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ON_A_PAGE", 3)
    with lea_scope(people.lea_id):
        for n in range(8):
            note_system(people.lea_id, "test", f"needle {n}")
    ada = visit("ada")
    for number, shown in {"": "765", "1": "765", "2": "432", "3": "10", "9": "10", "0": "10", "x": "765"}.items():
        with CaptureQueriesContext(connection) as queries:
            page = ada.get("/audit-log/", {"thing": "NEEDLE", "page": number}).content.decode()
        assert re.findall(r"Needle (\d)", page) == list(shown), number
        assert "8 entries" in page
        reads = [query for query in queries if "NEEDLE" in query["sql"]]
        assert len(reads) == 1 or number in ("9", "0"), number
    with CaptureQueriesContext(connection) as queries:
        assert "No entry matches" in ada.get("/audit-log/?thing=haystack").content.decode()
    assert len([query for query in queries if "haystack" in query["sql"]]) == 1


def test_no_page_of_the_log_reads_all_of_it_for_what_its_filter_offers(
    people: People, visit: Callable[[str], Visitor]
) -> None:
    create_profile(people.alma, GRADES)
    ada = visit("ada")
    with CaptureQueriesContext(connection) as queries:
        page = ada.get("/audit-log/").content.decode()
    assert f'<option value="{people.alma.email}">' in page
    assert "Created a profile</option>" in page
    assert [query for query in queries if "DISTINCT" in query["sql"]] == []


@pytest.mark.parametrize("typed", [FROM, "10.1."])
@pytest.mark.usefixtures("people")
def test_what_was_done_from_an_address_is_found(visit: Callable[[str], Visitor], typed: str) -> None:
    """Whoever had a stolen token or password: what else?"""
    for name, machine in (("vera", FROM), ("sam", "10.9.1.2")):
        Client().post("/account/login/", {"login": email_of(name), "password": PASSWORD}, REMOTE_ADDR=machine)
    found = visit("ada").get(f"/audit-log/?thing={typed}").content.decode()
    assert (f">{email_of('vera')}</td>" in found, f">{email_of('sam')}</td>" in found) == (True, False)
