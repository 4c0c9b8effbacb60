"""Where a person is signed in: shown to that person alone, and ended from elsewhere."""

import pytest
from django.test import Client

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
def test_a_new_password_signs_out_everywhere() -> None:
    here, there = signed_in("ada", "School browser"), signed_in("ada", "Lost laptop")
    new = "quite another long sentence"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/workplace/").status_code == 302
