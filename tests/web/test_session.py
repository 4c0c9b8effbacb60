"""Where a person is signed in: shown to that person alone, and ended from elsewhere."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from cersgroups.web.session import SIGNED_IN_AT
from tests.people import PASSWORD, email_of

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(name: str, browser: str) -> Client:
    client = Client(headers={"user-agent": browser})
    answer = client.post("/account/login/", {"login": email_of(name), "password": PASSWORD})
    assert answer.status_code == 302
    return client


def page(client: Client) -> str:
    return client.get("/account/sessions/").content.decode()


@pytest.mark.usefixtures("people")
def test_a_person_sees_every_browser_in_which_they_are_signed_in() -> None:
    at_school, _at_home = signed_in("ada", "School browser"), signed_in("ada", "Home browser")
    shown = page(at_school)
    assert "School browser" in shown
    assert "Home browser" in shown


@pytest.mark.usefixtures("people")
def test_nobody_sees_another_ones() -> None:
    signed_in("ada", "School browser")
    assert "School browser" not in page(signed_in("olga", "Other browser"))
    assert "School browser" not in page(signed_in("alma", "Third browser"))


@pytest.mark.usefixtures("people")
def test_signing_out_all_others_ends_them_at_once() -> None:
    here, there = signed_in("ada", "School browser"), signed_in("ada", "Lost laptop")
    olga = signed_in("olga", "Other browser")
    here.post("/account/sessions/")
    assert here.get("/workplace/").status_code == 200
    assert there.get("/workplace/").status_code == 302
    assert olga.get("/workplace/").status_code == 200
    assert "Lost laptop" not in page(here)


@pytest.mark.usefixtures("people")
def test_it_ends_twelve_hours_after_signing_in_whatever_is_done_meanwhile() -> None:
    here = signed_in("ada", "School browser")
    pass_time(here, hours=11)
    assert choose_district(here) == 302
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=55) < left <= timedelta(hours=1)
    pass_time(here, hours=1)
    assert here.get("/workplace/").status_code == 302


def pass_time(client: Client, hours: int) -> None:
    """As if so much time had passed since signing in."""
    session = client.session
    session[SIGNED_IN_AT] -= hours * 3600
    session.save()


def choose_district(client: Client) -> int:
    """Which changes the session."""
    lea = client.get("/workplace/").context["request"].at.lea
    return client.post("/workplace/school/", {"lea": lea.pk}).status_code


@pytest.mark.usefixtures("people")
def test_a_new_password_signs_out_everywhere() -> None:
    here, there = signed_in("ada", "School browser"), signed_in("ada", "Lost laptop")
    new = "quite another long sentence"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/workplace/").status_code == 302
