"""Coming back from Google: the token that says who somebody is counts only if Google has signed it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from pytest_django import Settings

from cersgroups.web.policy import content_security_policy
from tests.e2e.oidc_provider import CLIENT_ID, CLIENT_SECRET, Account, OidcProvider
from tests.people import PASSWORD, email_of, person_named
from tests.web.test_second_factor import SECRET, code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]


@dataclass
class OddAccount(Account):
    """Whose token says something else than it must."""

    more: dict[str, Any] = field(default_factory=dict)

    def claims(self) -> dict[str, Any]:
        return {**super().claims(), **self.more}


class TwoFaced(Account):
    """Whose user info names Ada."""

    def user_info(self) -> dict[str, Any]:
        return {"sub": "google-ada", "email": email_of("ada"), "email_verified": True}


class Forgery(OidcProvider):
    """A provider whose answer somebody has changed on its way."""

    forge: Callable[[str], str] = staticmethod(lambda id_token: id_token)

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        given = super().token(asked)
        forged = self.forge(given.pop("id_token"))
        return {**given, "id_token": forged} if forged else given


@pytest.fixture
def google(settings: Settings) -> Iterator[Forgery]:
    provider = Forgery(account=Account("google-ada", email_of("ada")))
    provider.start()
    app = {
        "provider_id": "google",
        "name": "Google",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": provider.issuer, "fetch_userinfo": False},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    content_security_policy.cache_clear()
    yield provider
    provider.stop()
    content_security_policy.cache_clear()


def sign_in(client: Client | None = None, query: str = "") -> tuple[Client, Any]:
    """There and back; the browser, and the answer to its coming back."""
    client = client or Client()
    there = client.post(f"/account/oidc/google/login/{query}")["Location"]
    back = urlsplit(httpx.get(there).headers["Location"])
    return client, client.get(f"{back.path}?{back.query}")


def payload_of(id_token: str) -> bytes:
    return jws.extract_compact(id_token.encode()).payload


def by_another(id_token: str) -> str:
    return jws.serialize_compact({"alg": "RS256", "kid": "1"}, payload_of(id_token), RSAKey.generate_key(2048))


def by_nobody(id_token: str) -> str:
    return f"eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.{id_token.split('.')[1]}."


def by_our_secret(id_token: str) -> str:
    key = OctKey.import_key(CLIENT_SECRET.ljust(32))
    return jws.serialize_compact({"alg": "HS256", "kid": "1"}, payload_of(id_token), key)


def with_a_key_of_no_number(id_token: str) -> str:
    return jws.serialize_compact({"alg": "RS256"}, payload_of(id_token), RSAKey.generate_key(2048))


def in_no_form(_id_token: str) -> str:
    return "no token"


def left_out(_id_token: str) -> str:
    return ""


def test_what_the_provider_has_signed_signs_in(google: Forgery) -> None:
    client, answer = sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/workplace/").status_code == 200


@pytest.mark.parametrize(
    "path", ["%00/login/", "%00/login/callback/", "%0A%00/login/", "no-such/login/", "no-such/login/callback/", "x"]
)
def test_a_provider_that_there_is_not_is_not_there(google: Forgery, path: str) -> None:
    assert Client().get(f"/account/oidc/{path}").status_code == 404


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"exp": 1}, {"iss": "https://accounts.other.example"}])
def test_what_is_signed_for_others_or_is_over_signs_nobody_in(google: Forgery, claims: dict[str, Any]) -> None:
    google.account = OddAccount("google-ada", email_of("ada"), more=claims)
    client, answer = sign_in()
    assert "<h1>Signing in did not work</h1>" in answer.content.decode()
    assert client.get("/workplace/").status_code == 302


@pytest.mark.parametrize("forge", [by_another, by_nobody, by_our_secret, with_a_key_of_no_number, in_no_form, left_out])
def test_what_the_provider_has_not_signed_signs_nobody_in(google: Forgery, forge: Callable[[str], str]) -> None:
    google.forge = forge
    client, answer = sign_in()
    assert "<h1>Signing in did not work</h1>" in answer.content.decode()
    assert client.get("/workplace/").status_code == 302


@pytest.mark.parametrize(
    ("amr", "status"),
    [(["pwd", "mfa"], 200), (["pwd"], 302), ([], 302), ("mfa", 302), ({"mfa": 1}, 302), (None, 302)],
)
def test_several_factors_count_where_the_provider_has_signed_that_it_asked_for_them(
    google: Forgery, settings: Settings, amr: object, status: int
) -> None:
    settings.SECOND_FACTOR = "everybody"
    google.account = OddAccount("google-ada", email_of("ada"), more={} if amr is None else {"amr": amr})
    client, _answer = sign_in()
    assert client.get("/workplace/").status_code == status


def test_what_one_sign_in_has_shown_counts_for_no_other(google: Forgery, settings: Settings) -> None:
    settings.SECOND_FACTOR = "everybody"
    google.account = OddAccount("google-ada", email_of("ada"), more={"amr": ["mfa"]})
    client, _answer = sign_in()
    client.post("/account/logout/")
    client.post("/account/login/", {"login": email_of("ada"), "password": PASSWORD})
    assert client.get("/workplace/")["Location"] == "/account/2fa/"


@pytest.mark.parametrize("query", ["", "?process=redirect", "?process=connect"])
def test_another_account_that_is_refused_shows_no_factor_of_whoever_is_signed_in(
    google: Forgery, settings: Settings, query: str
) -> None:
    settings.SECOND_FACTOR = "everybody"
    client, _answer = sign_in()
    google.account = OddAccount("google-ada", email_of("vera"), more={"amr": ["mfa"]})
    _client, answer = sign_in(client, query)
    assert answer.status_code == 403
    assert client.get("/workplace/")["Location"] == "/account/2fa/"


def test_who_has_an_app_here_is_asked_for_its_code_after_google_too(google: Forgery, settings: Settings) -> None:
    settings.SECOND_FACTOR = "everybody"
    TOTP.activate(person_named("ada"), SECRET)
    client, answer = sign_in()
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/workplace/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert client.get("/workplace/").status_code == 200


def test_who_signs_in_once_more_and_gives_several_factors_now_has_shown_them(
    google: Forgery, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "everybody"
    client, _answer = sign_in()
    google.account = OddAccount("google-ada", email_of("ada"), more={"amr": ["mfa"]})
    sign_in(client)
    assert client.get("/workplace/").status_code == 200


def test_what_the_provider_tells_unsigned_signs_nobody_in(google: Forgery) -> None:
    """The user info may name somebody else than the token does."""
    google.account = TwoFaced("google-nobody", "nobody@elsewhere.example")
    client, _answer = sign_in()
    assert client.get("/workplace/").status_code == 302
