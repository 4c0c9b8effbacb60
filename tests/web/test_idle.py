"""Whoever does nothing for two hours is signed out and told why; what a page asks by itself is nothing done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
from cersgroups.web.session import USED_AT
from tests.people import PASSWORD, People, email_of
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db
WHY = "You were signed out because nothing was done here for 120 minutes."
POLL = {"Poll": "yes", "HX-Request": "true", "HX-Current-URL": "http://testserver/extracted-files/?page=2"}


@pytest.fixture
def ada(people: People) -> Client:
    """Ada's browser; she has signed in."""
    client = Client()
    client.post("/account/login/", {"login": email_of("ada"), "password": PASSWORD})
    return client


def pass_time(client: Client, minutes: float) -> None:
    """As if so much time had passed since Ada did something."""
    session = client.session
    session[USED_AT] -= 60 * minutes
    session.save()


def is_signed_in(client: Client) -> bool:
    """By what the database says: asking would be a use."""
    return Session.objects.filter(session_key=client.cookies["session"].value).exists()


def place_after(answer: Any) -> str:
    """Where signing in leads from the page to which the answer leads."""
    to = urlsplit(answer.headers.get("Location") or answer.headers["HX-Redirect"])
    assert to.path == "/account/login/"
    return str(parse_qs(to.query)["next"][0])


def test_after_two_hours_without_a_click_a_person_is_signed_out_and_told_why(ada: Client) -> None:
    pass_time(ada, 121)
    answer = ada.get("/people/?page=2")
    assert place_after(answer) == "/people/?page=2"
    assert WHY in ada.get(answer["Location"]).content.decode()
    assert not is_signed_in(ada)


def test_who_clicks_stays_signed_in(ada: Client) -> None:
    for _ in range(3):
        pass_time(ada, 119)
        assert ada.get("/people/").status_code == 200


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(ada: Client) -> None:
    pass_time(ada, 60)
    assert ada.get("/people/", headers=POLL).status_code == 200
    pass_time(ada, 60)
    ada.get("/people/", headers=POLL)
    assert not is_signed_in(ada)


def test_a_page_that_asks_by_itself_is_led_to_the_sign_in_page_as_a_whole_and_back_to_itself(ada: Client) -> None:
    pass_time(ada, 121)
    answer = ada.get("/extracted-files/1/row/", headers=POLL)
    assert answer.content == b""
    assert place_after(answer) == "/extracted-files/?page=2"


@pytest.mark.parametrize("shown", ["http://[", "https://evil.example/", "http://testserver//evil.example/", ""])
def test_signing_in_leads_back_to_no_page_of_others(ada: Client, shown: str) -> None:
    pass_time(ada, 121)
    assert place_after(ada.get("/people/", headers={**POLL, "HX-Current-URL": shown})) == "/"


def test_a_form_that_was_sent_too_late_changes_nothing_and_leads_back_to_its_page(ada: Client, people: People) -> None:
    pass_time(ada, 121)
    answers = {"lea": people.lea_id, "email": "new@live-oak.example", "name": "New", "level": "viewer", "limit": "all"}
    answer = ada.post("/people/invite/", answers, headers={"Referer": "http://testserver/people/invite/"})
    assert place_after(answer) == "/people/invite/"
    with lea_scope(people.lea_id):
        assert not AuditEntry.objects.filter(action="invite person").filter(detail__email="new@live-oak.example")


def test_nothing_of_the_session_is_left_and_the_audit_log_says_what_ended_it(ada: Client, people: People) -> None:
    other = Client()
    other.post("/account/login/", {"login": email_of("ada"), "password": PASSWORD})
    pass_time(ada, 121)
    ada.get("/people/")
    assert UserSession.objects.count() == Session.objects.count() == 1
    assert is_signed_in(other)
    with lea_scope(people.lea_id):
        entry = AuditEntry.objects.all()[0]
        assert (entry.actor_email, entry.action) == (email_of("ada"), "idle session ended")
        assert AuditEntry.objects.filter(action="idle session ended").count() == 1


def test_the_session_is_written_once_a_minute_at_most(ada: Client) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as asked:
            ada.get("/people/")
        return sum("django_session" in query["sql"] and query["sql"].startswith("UPDATE") for query in asked)

    assert [writes(), writes()] == [0, 0]
    pass_time(ada, 1.1)
    assert [writes(), writes()] == [1, 0]


def test_a_session_that_was_ended_meanwhile_is_not_brought_back(ada: Client) -> None:
    pass_time(ada, 2)
    session = ada.session
    session.load()
    Session.objects.all().delete()
    session.note_use()  # type: ignore[attr-defined] # of our own kind
    assert not Session.objects.exists()


def test_what_another_request_wrote_meanwhile_stays(ada: Client) -> None:
    """Another LEA was chosen while this request had read the session already."""
    pass_time(ada, 2)
    first, second = ada.session, ada.session
    first.load()
    before = first[USED_AT]
    second["lea"] = "another"
    second.save()
    first.note_use()  # type: ignore[attr-defined] # of our own kind
    assert (ada.session["lea"], ada.session[USED_AT] > before) == ("another", True)


def test_with_0_only_the_twelve_hours_end_it(ada: Client, settings: Settings) -> None:
    settings.IDLE_MINUTES = 0
    pass_time(ada, 660)
    assert ada.get("/people/").status_code == 200


def test_a_session_of_before_there_was_a_limit_is_counted_from_now(visit: Callable[[str], Visitor]) -> None:
    ada = visit("ada")
    assert USED_AT not in ada.session
    assert ada.get("/people/", headers=POLL).status_code == 200
    assert USED_AT in ada.session


def test_whoever_is_signed_out_gets_no_sign_in_page_in_the_middle_of_a_page(people: People) -> None:
    answer = Client().get("/extracted-files/1/row/", headers=POLL)
    assert place_after(answer) == "/extracted-files/?page=2"
