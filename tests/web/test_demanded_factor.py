"""Where the setting demands a second factor, who has none reaches the pages for adding one and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils.crypto import get_random_string
from pytest_django import Settings

from cersgroups.actions.api_token import create_token
from cersgroups.actions.person import change_rights
from tests.people import PASSWORD, People, email_of, person_named
from tests.web.address import World, adas, answers_to, browser, log_length, make_world, read_table, undone, visit

pytestmark = pytest.mark.django_db
ADD_ONE = "/account/2fa/"


@pytest.fixture
def world(people: People, stored_snapshot: Path) -> World:
    return make_world(people, stored_snapshot)


@pytest.fixture(autouse=True)
def _demanded(settings: Settings) -> None:
    settings.SECOND_FACTOR = "everybody"


def by_password(name: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email_of(name), "password": PASSWORD})
    return client


def by_google(name: str) -> Client:
    """As django-allauth notes it, after Google has let somebody in."""
    client = by_password(name)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 0, "provider": "google"}]
    session.save()
    return client


def first_page(client: Client) -> Any:
    return client.get("/extracted-files/")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["ada", "vera"])
def test_who_signs_in_by_a_password_alone_is_led_to_add_a_second_factor_and_told_why(name: str) -> None:
    client = by_password(name)
    answer = first_page(client)
    assert answer["Location"] == ADD_ONE
    assert "A password alone is not enough here." in client.get(ADD_ONE).content.decode()


def test_every_other_page_and_form_leads_there_and_does_nothing(world: World) -> None:
    browser(world, "ada")
    log, theirs = log_length(world), adas(world)
    for method, route in read_table():
        if not route.startswith(("account/", "first-admin/")):
            with undone():
                answer = visit(world, browser(world, "ada"), method, route, answers_to(world, "ada", route))
                assert (answer.status_code, answer["Location"]) == (302, ADD_ONE), (method, route)
                assert (log_length(world), adas(world)) == (log, theirs)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("address", ["/account/2fa/", "/account/password/change/", "/account/sessions/", "/api/docs"])
def test_the_pages_of_ones_own_account_are_open(address: str) -> None:
    assert by_password("ada").get(address).status_code == 200


@pytest.mark.usefixtures("people")
def test_signing_out_is_open() -> None:
    client = by_password("ada")
    assert client.post("/account/logout/").status_code == 302
    assert first_page(client)["Location"].startswith("/account/login/")


@pytest.mark.usefixtures("people")
def test_once_one_is_there_everything_opens() -> None:
    client = by_password("ada")
    TOTP.activate(person_named("ada"), get_random_string(32))
    assert first_page(client).status_code == 200


@pytest.mark.usefixtures("people")
def test_who_signs_in_at_google_has_shown_one_factor_as_far_as_is_known() -> None:
    client = by_google("ada")
    assert first_page(client)["Location"] == ADD_ONE
    assert "Signing in by Google or Microsoft alone is not enough here." in client.get(ADD_ONE).content.decode()
    TOTP.activate(person_named("ada"), get_random_string(32))
    assert first_page(client).status_code == 200


@pytest.mark.usefixtures("people")
def test_where_the_districts_directory_is_trusted_to_demand_several_google_is_enough(settings: Settings) -> None:
    settings.PROVIDER_FACTORS = "trusted"
    assert first_page(by_google("ada")).status_code == 200
    assert first_page(by_password("vera"))["Location"] == ADD_ONE


@pytest.mark.usefixtures("people")
def test_a_part_that_a_page_asks_for_leads_the_whole_page_there() -> None:
    answer = by_password("ada").get("/workplace/", headers={"HX-Request": "true"})
    assert (answer.content, answer["HX-Redirect"]) == (b"", ADD_ONE)


def test_a_program_works_by_its_token_all_the_same(people: People) -> None:
    _token, text = create_token(people.ada, "Program", ["read"], days=1)
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/profiles").status_code == 200


def test_of_admins_alone_it_is_demanded_of_no_others_and_of_a_new_admin_at_once(
    people: People, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "admins"
    ada, vera = by_password("ada"), by_password("vera")
    assert first_page(ada)["Location"] == ADD_ONE
    assert "A password alone is not enough here for an admin." in ada.get(ADD_ONE).content.decode()
    assert first_page(vera).status_code == 200
    change_rights(people.ada, people.vera.person_id, "admin", None)
    assert first_page(vera)["Location"] == ADD_ONE


@pytest.mark.usefixtures("people")
def test_where_it_is_only_offered_a_password_is_enough(settings: Settings) -> None:
    settings.SECOND_FACTOR = "offered"
    assert first_page(by_password("ada")).status_code == 200
