"""Where a person is signed in: shown to that person alone, and ended from elsewhere."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from cersgroups.jobs.session import forget_sessions
from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
from cersgroups.web.session import SIGNED_IN_AT
from cersgroups.web.templatetags.session import browser_words
from tests.people import PASSWORD, People, email_of

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
    asked = here.post("/account/sessions/")
    assert there.get("/workplace/").status_code == 200, "not without a proof"
    told = here.post(asked["Location"], {"password": PASSWORD, "next": "/account/sessions/"}, follow=True)
    assert "All other browsers are signed out." in told.content.decode()
    assert here.get("/workplace/").status_code == 200
    assert there.get("/workplace/").status_code == 302
    assert olga.get("/workplace/").status_code == 200
    assert "Lost laptop" not in page(here)


def test_an_admin_signs_a_person_out_everywhere_and_nobody_else(people: People) -> None:
    at_school, lost = signed_in("vera", "School browser"), signed_in("vera", "Lost laptop")
    ada, alma = signed_in("ada", "Admins browser"), signed_in("alma", "Other browser")
    answer = ada.post(f"/people/{people.vera.person_id}/sign-out/", {"lea": people.lea_id})
    assert "Vera Viewer is signed out everywhere." in ada.get(answer["Location"]).content.decode()
    assert [browser.get("/workplace/").status_code for browser in (at_school, lost)] == [302, 302]
    assert alma.get("/workplace/").status_code == 200
    assert Session.objects.count() == UserSession.objects.count() == 2
    with lea_scope(people.lea_id):
        entry = AuditEntry.objects.all()[0]
    assert (entry.action, entry.detail) == ("sign out everywhere", {"email": email_of("vera"), "sessions": 2})
    assert "Signed a person out everywhere" in ada.get("/audit-log/").content.decode()


def test_whoever_is_no_admin_of_the_persons_lea_signs_nobody_out(people: People) -> None:
    vera = signed_in("vera", "Veras browser")
    for name, lea_id, refusal in (("alma", people.lea_id, 403), ("olga", people.other_lea_id, 404)):
        answer = signed_in(name, "Browser").post(f"/people/{people.vera.person_id}/sign-out/", {"lea": lea_id})
        assert answer.status_code == refusal
    assert vera.get("/workplace/").status_code == 200


def test_an_admin_who_signs_themselves_out_everywhere_comes_to_the_sign_in_page(people: People) -> None:
    ada = signed_in("ada", "Admins browser")
    answer = ada.post(f"/people/{people.ada.person_id}/sign-out/", {"lea": people.lea_id}, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/login/")
    assert "Ada Admin is signed out everywhere." in answer.content.decode()


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
def test_of_a_session_that_has_ended_nothing_is_kept_whoever_signs_in_again_or_not() -> None:
    here, there = signed_in("ada", "School browser"), signed_in("olga", "Lost laptop")
    pass_time(there, hours=13)
    forget_sessions()
    assert [session.user_agent for session in UserSession.objects.all()] == ["School browser"]
    assert Session.objects.count() == 1
    assert here.get("/workplace/").status_code == 200
    assert forget_sessions.__module__ in settings.PROCRASTINATE_IMPORT_PATHS, "the worker does it every hour"


@pytest.mark.usefixtures("people")
def test_a_proof_that_it_is_oneself_gives_the_session_another_key() -> None:
    here = signed_in("ada", "School browser")
    before = here.cookies[settings.SESSION_COOKIE_NAME].value
    here.post("/account/reauthenticate/", {"password": PASSWORD})
    after = here.cookies[settings.SESSION_COOKIE_NAME].value
    assert before != after
    assert here.get("/workplace/").status_code == 200
    assert Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={before}"}).get("/workplace/").status_code == 302
    assert [session.session_key for session in UserSession.objects.all()] == [after]
    assert "This one" in page(here)


@pytest.mark.usefixtures("people")
def test_a_new_password_signs_out_everywhere() -> None:
    here, there = signed_in("ada", "School browser"), signed_in("ada", "Lost laptop")
    new = "quite another long sentence"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/workplace/").status_code == 302


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64 1.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/142.0 Safari/604.1", "Chrome on an iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on a Mac"),
        ("curl/8.0 on Linux", "curl/8.0 on Linux"),
    ],
)
def test_a_browser_is_told_in_words_and_any_other_program_as_it_says_itself(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words
