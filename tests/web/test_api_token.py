"""The page API tokens: a token is shown once, to whom it belongs."""

import re
from collections.abc import Callable

import pytest

from cersgroups.actions.api_token import actor_of_token, create_token
from cersgroups.core.error import TokenRefused
from tests.people import People
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db

FORM = {"name": "Nightly roster", "scopes": ["read", "roster"], "days": "90"}


def made(visitor: Visitor) -> str:
    """Make a token by the form: the text that the page shows."""
    shown = visitor.send("/api-tokens/", FORM).content.decode()
    found = re.search(r"cersgroups_\d+_[\w-]{43}", shown)
    assert found
    return found[0]


def test_a_new_token_is_shown_once_and_works(people: People, visit: Callable[[str], Visitor]) -> None:
    alma = visit("alma")
    text = made(alma)
    assert actor_of_token(text).person_id == people.alma.person_id
    page = alma.get("/api-tokens/").content.decode()
    assert "Nightly roster" in page
    assert text not in page


def test_the_page_with_the_token_is_kept_nowhere(visit: Callable[[str], Visitor]) -> None:
    assert visit("alma").send("/api-tokens/", FORM)["Cache-Control"] == "no-store"


def test_the_form_sent_twice_makes_one_token(visit: Callable[[str], Visitor]) -> None:
    alma = visit("alma")
    made(alma)
    again = alma.send("/api-tokens/", FORM)
    assert again.status_code == 400
    assert "named “Nightly roster” already" in again.content.decode()


def test_nothing_is_made_without_a_scope(visit: Callable[[str], Visitor]) -> None:
    told = visit("alma").send("/api-tokens/", {"name": "Program", "days": "90"})
    assert told.status_code == 400
    assert "Choose at least one permission." in told.content.decode()
    assert "cersgroups_" not in told.content.decode()


def test_an_admin_revokes_anybodys(people: People, visit: Callable[[str], Visitor]) -> None:
    token, text = create_token(people.vera, "Veras program", ["read"], days=30)
    ada = visit("ada")
    assert "Veras program" in ada.get("/api-tokens/").content.decode()
    assert ada.send(f"/api-tokens/{token.pk}/revoke/").status_code == 302
    with pytest.raises(TokenRefused):
        actor_of_token(text)
    assert "Revoked" in ada.get("/api-tokens/").content.decode()


def test_the_last_use_is_shown(people: People, visit: Callable[[str], Visitor]) -> None:
    _token, text = create_token(people.alma, "Program", ["read"], days=30)
    assert "Never" in visit("alma").get("/api-tokens/").content.decode()
    actor_of_token(text, "192.0.2.7")
    assert "from 192.0.2.7" in visit("alma").get("/api-tokens/").content.decode()
