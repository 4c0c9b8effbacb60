"""Guesses are limited by account; a whole district behind one address is not locked out by the mistakes of some."""

import re
from typing import Any

import pytest
from allauth.account import app_settings as account
from allauth.mfa import app_settings as factor
from django.core import mail
from django.test import Client
from pytest_django import Settings

from tests.people import PASSWORD, People, email_of, person_named

pytestmark = pytest.mark.django_db
SCHOOL = {"REMOTE_ADDR": "192.0.2.77"}


def sign_in(email: str, password: str, **where: str) -> Any:
    return Client().post("/account/login/", {"login": email, "password": password}, **where)  # type: ignore[arg-type]


def test_the_wrong_passwords_of_many_people_lock_out_nobody_else_at_their_address(people: People) -> None:
    for number in range(40):
        assert "is wrong" in sign_in(f"p{number}@live-oak.example", "wrong", **SCHOOL).content.decode()
    assert sign_in(email_of("ada"), PASSWORD, **SCHOOL).status_code == 302


@pytest.mark.thorough
def test_a_hundred_wrong_passwords_from_one_address_lock_that_address_and_no_other(people: People) -> None:
    for number in range(100):
        assert sign_in(f"p{number}@live-oak.example", "wrong", **SCHOOL).status_code == 200
    assert sign_in(email_of("ada"), PASSWORD, **SCHOOL).status_code == 429
    assert sign_in(email_of("ada"), PASSWORD, REMOTE_ADDR="192.0.2.78").status_code == 302


def test_the_wrong_passwords_of_one_account_lock_it_and_no_other(people: People) -> None:
    for _ in range(5):
        sign_in(email_of("ada"), "wrong", **SCHOOL)
    assert "Too many failed tries" in sign_in(email_of("ada"), PASSWORD, **SCHOOL).content.decode()
    assert sign_in(email_of("vera"), PASSWORD, **SCHOOL).status_code == 302


def test_a_refused_sign_in_has_the_status_of_too_many_tries(people: People) -> None:
    assert [sign_in(email_of("ada"), "wrong").status_code for _ in range(7)] == [200] * 5 + [429] * 2


@pytest.mark.parametrize("path", ["2fa/webauthn/login/", "password/reset/key/1-a-key/"])
def test_a_whole_school_may_use_passkeys_or_mailed_links_at_once(people: People, path: str) -> None:
    """Neither can be guessed, so the limit by address is only there for programs."""
    client = Client(**SCHOOL)  # type: ignore[arg-type]
    assert 429 not in [client.post(f"/account/{path}", {"credential": '"none"'}).status_code for _ in range(60)]


ASKED = {
    "login": "login/",
    "reset_password": "password/reset/",
    "reset_password_from_key": "password/reset/key/1-a-key/",
    "webauthn_login": "2fa/webauthn/login/",
    "change_password": "password/change/",
    "reauthenticate": "reauthenticate/",
}
"""By the limit's name in django-allauth, a form that has it."""
OF_NO_PAGE = {"signup", "manage_email", "confirm_email", "change_phone", "verify_phone", "request_login_code"}


def test_every_limit_is_in_the_table() -> None:
    assert {*account.RATE_LIMITS, *factor.RATE_LIMITS} - OF_NO_PAGE == {*ASKED, "login_failed"}


@pytest.mark.parametrize("limit", ASKED)
def test_what_is_too_much_is_answered_in_our_words(people: People, settings: Settings, limit: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, limit: "1/m/ip"}
    settings.MFA_RATE_LIMITS = {**settings.MFA_RATE_LIMITS, limit: "1/m/ip"}
    client = Client()
    if limit in ("change_password", "reauthenticate"):
        client.force_login(person_named("ada"))
    _first, second = (client.post(f"/account/{ASKED[limit]}", {"email": email_of("ada")}) for _ in range(2))
    assert second.status_code == 429
    assert re.search("<h1[^>]*>Too many tries</h1>", second.content.decode())
    assert "Wait five minutes, then try again." in second.content.decode()


def test_many_at_one_address_are_mailed_a_link_and_one_of_them_three_a_minute(people: People) -> None:
    emails = [f"p{number}@live-oak.example" for number in range(10)] + [email_of("ada")] * 5
    codes = [
        Client().post("/account/password/reset/", {"email": email}, **SCHOOL).status_code  # type: ignore[arg-type]
        for email in emails
    ]
    assert codes == [302] * 13 + [429] * 2
    assert [message.to for message in mail.outbox].count([email_of("ada")]) == 3
