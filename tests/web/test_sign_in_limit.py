"""Guesses are limited by account; a whole district behind one address is not locked out by the mistakes of some."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.people import PASSWORD, People, email_of

pytestmark = pytest.mark.django_db
SCHOOL = {"REMOTE_ADDR": "192.0.2.77"}


def sign_in(email: str, password: str, **where: str) -> Any:
    return Client().post("/account/login/", {"login": email, "password": password}, **where)  # type: ignore[arg-type]


def test_the_wrong_passwords_of_many_people_lock_out_nobody_else_at_their_address(people: People) -> None:
    for number in range(40):
        assert "is wrong" in sign_in(f"p{number}@live-oak.example", "wrong", **SCHOOL).content.decode()
    assert sign_in(email_of("ada"), PASSWORD, **SCHOOL).status_code == 302


def test_the_wrong_passwords_of_one_account_lock_it_and_no_other(people: People) -> None:
    for _ in range(5):
        sign_in(email_of("ada"), "wrong", **SCHOOL)
    assert "Too many failed tries" in sign_in(email_of("ada"), PASSWORD, **SCHOOL).content.decode()
    assert sign_in(email_of("vera"), PASSWORD, **SCHOOL).status_code == 302


def test_many_at_one_address_are_mailed_a_link_and_one_of_them_three_a_minute(people: People) -> None:
    emails = [f"p{number}@live-oak.example" for number in range(10)] + [email_of("ada")] * 5
    codes = [
        Client().post("/account/password/reset/", {"email": email}, **SCHOOL).status_code  # type: ignore[arg-type]
        for email in emails
    ]
    assert codes == [302] * 13 + [429] * 2
    assert [message.to for message in mail.outbox].count([email_of("ada")]) == 3
