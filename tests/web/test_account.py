"""The pages, mails and messages about one's own account: in our words, none of django-allauth's."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.template.loader import get_template
from django.test import Client
from django.urls import URLResolver, get_resolver
from pytest_django import Settings

from cersgroups.web.policy import content_security_policy
from tests.people import PASSWORD, email_of, person_named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
NEW = "quite another long sentence"
ALLAUTH = Path(allauth.__file__).parent
ITS_WORDS = (
    "Two-Factor", "two-factor", "Hello from", "Thank you for using", "Sign In", "Sign Out", "Sign Up",
    "Change Password", "New Password", "Current Password", "Set Password", "Password Reset", "(again)",
    "Authenticator App", "Authenticator code", "Authenticator secret", "Security Key", "Use a security key",
    "Recovery Codes", "Confirm Access", "reauthenticate", "hird-party", "Third-Party", "Account Inactive", "Bad Token",
    "spam folder", "Alternative options", "Email", "receiving this", "and/or", "uccessfully",
)  # fmt: skip
"""Some of what django-allauth says on pages, in mails and in messages, and we do not."""


@pytest.fixture(autouse=True)
def _google(settings: Settings) -> Iterator[None]:
    """The page before one goes to Google is there only where Google is set up."""
    app = {
        "provider_id": "google",
        "name": "Google",
        "client_id": "ours",
        "secret": "shared",
        "settings": {"server_url": "https://accounts.google.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    content_security_policy.cache_clear()
    yield
    content_security_policy.cache_clear()


def nobody() -> Client:
    return Client()


def ada() -> Client:
    client = Client()
    client.force_login(person_named("ada"))
    return client


def ada_after_proof() -> Client:
    client = ada()
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def ada_with_an_app() -> Client:
    give_factors()
    return ada()


def ada_with_an_app_after_proof() -> Client:
    give_factors()
    return ada_after_proof()


def ada_with_a_passkey() -> Client:
    Authenticator.objects.create(user=person_named("ada"), type="webauthn", data={"name": "Laptop", "credential": {}})
    return ada_after_proof()


def ada_without_a_password() -> Client:
    person = person_named("ada")
    person.set_unusable_password()
    person.save()
    return ada()


def ada_halfway() -> Client:
    """The password is given, the second factor is not."""
    give_factors()
    client = Client()
    assert client.post("/account/login/", {"login": email_of("ada"), "password": PASSWORD}).status_code == 302
    return client


def give_factors() -> None:
    TOTP.activate(person_named("ada"), SECRET)
    RecoveryCodes.activate(person_named("ada"))


HEADINGS = {
    "login/": (nobody, "Sign in"),
    "inactive/": (nobody, "Your account is switched off"),
    "password/reset/": (nobody, "Set a new password"),
    "password/reset/done/": (nobody, "Look at your e-mail"),
    "password/reset/key/1-a-key/": (nobody, "This link does not work"),
    "password/reset/key/done/": (nobody, "Your password is set"),
    "oidc/google/login/": (nobody, "Sign in with Google"),
    "3rdparty/login/cancelled/": (nobody, "You did not sign in"),
    "3rdparty/login/error/": (nobody, "Signing in did not work"),
    "logout/": (ada, "Sign out"),
    "reauthenticate/": (ada, "Prove that it is you"),
    "password/change/": (ada, "Change your password"),
    "password/set/": (ada_without_a_password, "Set a password"),
    "sessions/": (ada, "Where you are signed in"),
    "2fa/": (ada_with_an_app, "Second factor and passkeys"),
    "2fa/authenticate/": (ada_halfway, "Enter a code"),
    "2fa/reauthenticate/": (ada_with_an_app, "Prove that it is you"),
    "2fa/totp/activate/": (ada_after_proof, "Authenticator app"),
    "2fa/totp/deactivate/": (ada_with_an_app_after_proof, "Switch off the authenticator app"),
    "2fa/recovery-codes/": (ada_with_an_app_after_proof, "Recovery codes"),
    "2fa/recovery-codes/generate/": (ada_with_an_app_after_proof, "Make new recovery codes"),
    "2fa/webauthn/": (ada_with_a_passkey, "Passkeys"),
    "2fa/webauthn/add/": (ada_with_a_passkey, "Add a passkey"),
    "2fa/webauthn/reauthenticate/": (ada_with_a_passkey, "Prove that it is you"),
    "2fa/webauthn/keys/<int:pk>/edit/": (ada_with_a_passkey, "Rename a passkey"),
    "2fa/webauthn/keys/<int:pk>/remove/": (ada_with_a_passkey, "Remove a passkey"),
}
"""Every page under account/ that a person can meet."""


@pytest.mark.parametrize("path", HEADINGS)
def test_a_page_about_the_account_is_in_our_words(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _person: [])
    visitor, heading = HEADINGS[path]
    client = visitor()
    key = Authenticator.objects.filter(type="webauthn").first()
    answer = client.get(f"/account/{path.replace('<int:pk>', str(key and key.pk))}")
    assert re.findall("<h1>(.*?)</h1>", answer.content.decode()) == [heading]
    assert_in_our_words(answer)


def assert_in_our_words(answer: Any) -> None:
    """Nothing of django-allauth's that has words was shown."""
    shown = [Path(template.origin.name) for template in answer.templates if template.origin]
    assert [file for file in shown if ALLAUTH in file.parents and "load i18n" in file.read_text()] == []
    words = re.sub("<script.*?</script>|<[^>]*>", " ", answer.content.decode(), flags=re.DOTALL)
    assert [word for word in ITS_WORDS if word in words] == []


ANSWER = json.dumps(
    {
        "id": "bm9ib2R5cw",
        "rawId": "bm9ib2R5cw",
        "type": "public-key",
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiYWJjIiwib3JpZ2luIjoiaHR0cHM6Ly94In0",
            "authenticatorData": "A" * 50,
            "signature": "AA",
            "userHandle": "MTIz",
        },
    }
)
"""A whole one, of nobody's passkey."""

NO_PAGE = {
    **dict.fromkeys(
        ("signup/", "email/", r"^confirm-email/(?P<key>[-:\w]+)/$", "3rdparty/", "3rdparty/signup/"),
        "closed (web/urls.py)",
    ),
    "login/code/confirm/": "nobody signs in by a code in a mail",
}


def test_every_page_about_the_account_is_in_the_table() -> None:
    """A new one of django-allauth needs our words, and its line above."""
    with_a_link = {"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-a-key/"}
    found = {with_a_link.get(route, route) for route in _routes_of_pages()}
    assert found - set(NO_PAGE) == set(HEADINGS) - {"oidc/google/login/"}  # which is a function


def _routes_of_pages() -> Iterator[str]:
    for route, view in _views(get_resolver("cersgroups.web.urls").url_patterns):
        if route.startswith("account/") and str(getattr(view, "template_name", "")).endswith(".html"):
            yield route.removeprefix("account/")


def _views(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address with the class behind it, if it is one."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        else:
            yield route, getattr(pattern.callback, "view_class", None)


def test_a_page_that_was_filled_in_wrongly_is_in_our_words() -> None:
    client = ada()
    passwords = {"oldpassword": "wrong", "password1": "short", "password2": "other"}
    change = client.post("/account/password/change/", passwords)
    assert "This is not your current password." in change.content.decode()
    assert_in_our_words(change)
    proof = client.post("/account/reauthenticate/", {"password": "wrong"})
    assert "This is not your password." in proof.content.decode()
    assert_in_our_words(proof)
    sign_in = Client().post("/account/login/", {"login": email_of("ada"), "password": "wrong"})
    assert "The e-mail or the password is wrong." in sign_in.content.decode()
    assert_in_our_words(sign_in)
    codes = ada_after_proof().post("/account/2fa/recovery-codes/generate/")
    assert "First add a passkey or an authenticator app" in codes.content.decode()
    assert_in_our_words(codes)


@pytest.mark.parametrize("credential", ['"no passkey"', '{"id": "in parts"}', ANSWER])
def test_a_passkey_that_is_not_known_is_told_as_such(credential: str) -> None:
    answer = Client().post("/account/2fa/webauthn/login/", {"credential": credential}, follow=True)
    assert "The passkey was not accepted" in answer.content.decode()
    assert_in_our_words(answer)


@pytest.mark.parametrize("credential", ['"no passkey"', '{"id": "in parts"}', ANSWER])
def test_a_passkey_that_is_not_accepted_as_a_proof_is_told_where_it_was_asked_for(
    credential: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And another can be tried, for the page that was asked for."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _person: [])
    client, proof = ada_with_a_passkey(), "/account/2fa/webauthn/reauthenticate/"
    client.get(f"{proof}?next=/account/2fa/recovery-codes/")
    answer = client.post(proof, {"credential": credential, "next": "/account/2fa/recovery-codes/"})
    page = answer.content.decode()
    assert "<h1>Prove that it is you</h1>" in page
    assert page.count("The passkey was not accepted") == 1
    assert re.search('name="next" value="/account/2fa/recovery-codes/"', page)
    assert_in_our_words(answer)


FIELDS = {
    "password/change/": (ada, ["Current password", "New password", "New password again"]),
    "password/set/": (ada_without_a_password, ["New password", "New password again"]),
    "reauthenticate/": (ada, ["Password"]),
    "2fa/authenticate/": (ada_halfway, ["Code"]),
    "2fa/reauthenticate/": (ada_with_an_app, ["Code"]),
    "2fa/totp/activate/": (ada_after_proof, ["Secret", "Code from the app"]),
    "2fa/recovery-codes/": (ada_with_an_app_after_proof, ["Unused codes"]),
}


@pytest.mark.parametrize("path", FIELDS)
def test_the_fields_have_our_names(path: str) -> None:
    visitor, labels = FIELDS[path]
    assert labels_of(visitor().get(f"/account/{path}")) == labels


def labels_of(answer: Any) -> list[str]:
    return re.findall("<label[^>]*>(.*?)</label>", answer.content.decode())


def test_the_mail_that_sets_a_password_says_for_whom_where_and_how_long() -> None:
    Client().post("/account/password/reset/", {"email": email_of("vera")})
    [sent] = mail.outbox
    assert sent.to == [email_of("vera")]
    assert sent.subject == "[testserver] Set a new password"
    for part in ("Hello Vera Viewer,", "on testserver", email_of("vera"), "within 24 hours", "It was not you? Then"):
        assert part in sent.body
    assert [word for word in ITS_WORDS if word in f"{sent.subject} {sent.body}"] == []


def test_the_mail_to_an_address_that_nobody_is_invited_by_is_in_our_words_too() -> None:
    Client().post("/account/password/reset/", {"email": "stranger@live-oak.example"})
    [sent] = mail.outbox
    assert sent.subject == "[testserver] You are not invited by this address"
    assert [word for word in ITS_WORDS if word in f"{sent.subject} {sent.body}"] == []


def test_the_link_of_the_mail_leads_to_a_new_password_once() -> None:
    client, link = Client(), mailed_link("vera")
    page = client.get(link, follow=True)
    assert labels_of(page) == ["New password", "New password again"]
    assert_in_our_words(page)
    done = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your new password is saved." in done.content.decode()
    assert "<h1>Your password is set</h1>" in done.content.decode()
    assert "<h1>This link does not work</h1>" in Client().get(link).content.decode()


def mailed_link(name: str) -> str:
    Client().post("/account/password/reset/", {"email": email_of(name)})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    return link[1]


@pytest.mark.django_db(transaction=True)
def test_what_was_done_to_the_account_is_told_in_our_words_and_by_no_mail() -> None:
    client = Client()
    for do, told in DEEDS:
        answer = do(client)
        assert told in answer.content.decode()
        assert_in_our_words(answer)
    assert mail.outbox == []


def _post(path: str, **answers: str) -> Callable[[Client], Any]:
    return lambda client: client.post(f"/account/{path}", answers, follow=True)


def _give_a_code(client: Client) -> Any:
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search('id="authenticator_secret" value="(.*?)"', page)
    assert secret
    counter = next(iter(yield_hotp_counters_from_time()))
    return _post("2fa/totp/activate/", code=str(format_hotp_value(hotp_value(secret[1], counter))))(client)


DEEDS: list[tuple[Callable[[Client], Any], str]] = [
    (_post("login/", login=email_of("ada"), password=PASSWORD), "You are signed in as Ada Admin."),
    (_post("reauthenticate/", password=PASSWORD), ""),
    (_post("sessions/"), "All other browsers are signed out."),
    (_give_a_code, "The authenticator app is on"),
    (_post("2fa/recovery-codes/generate/"), "You have new recovery codes."),
    (_post("2fa/totp/deactivate/"), "The authenticator app is switched off."),
    (_post("password/change/", oldpassword=PASSWORD, password1=NEW, password2=NEW), "Your new password is saved."),
    (_post("login/", login=email_of("ada"), password=NEW), "You are signed in as Ada Admin."),
    (_post("logout/"), "You are signed out."),
]


@pytest.mark.parametrize(
    "message", ["mfa/messages/webauthn_added", "mfa/messages/webauthn_removed", "account/messages/password_set"]
)
def test_the_other_messages_are_ours_too(message: str) -> None:
    assert ALLAUTH not in Path(get_template(f"{message}.txt").origin.name).parents  # type: ignore[attr-defined]


def test_who_set_the_password_by_mail_may_add_a_second_factor() -> None:
    client = Client()
    page = client.get(mailed_link("vera"), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    client.post("/account/login/", {"login": email_of("vera"), "password": NEW})
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
