"""Signing in, failing to, and signing out are in the audit log of each of the person's LEAs; it can be downloaded."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from cersgroups.actions.person import invite
from cersgroups.actions.profile import create_profile
from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
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
