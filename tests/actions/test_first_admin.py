"""The one-time link: once, for a day, for whoever has it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.actor import actor_for, memberships_of
from cersgroups.actions.first_admin import check_link, claim_lea, create_first_admin, is_first_start, make_link
from cersgroups.actions.lea import add_lea_by_command
from cersgroups.actions.retention import kept_days, save_retention
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.records.audit import AuditEntry
from cersgroups.records.due import Due
from cersgroups.records.first_admin import FirstAdminLink
from cersgroups.records.lea import Lea
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from tests.people import PASSWORD, People, person_named

pytestmark = pytest.mark.django_db


def sign_up(token: str, email: str = "ada@live-oak.example", password: str = PASSWORD, lea: str = "Live Oak") -> Person:
    return create_first_admin(token, email=email, name="Ada", password=password, lea_name=lea)[0]


def test_the_first_start_is_when_nobody_has_an_account() -> None:
    assert is_first_start()
    sign_up(make_link())
    assert not is_first_start()


def test_the_link_makes_an_lea_and_its_admin() -> None:
    person = sign_up(make_link())
    [membership] = memberships_of(person)
    assert membership.lea.name == "Live Oak"
    assert actor_for(person, membership.lea_id).level == "admin"
    assert person.check_password(PASSWORD)


def test_a_new_lea_keeps_data_as_long_as_the_settings_say_and_its_admin_may_say_otherwise(settings: Settings) -> None:
    settings.KEEP_DAYS = {"extracts": None, "rosters": 90, "ledgers": None, "audit": 400}
    person = sign_up(make_link())
    [membership] = memberships_of(person)
    ada, lea_id = actor_for(person, membership.lea_id), membership.lea_id
    with lea_scope(lea_id):
        assert kept_days(Lea.objects.get()) == settings.KEEP_DAYS
        created = AuditEntry.objects.get(action="create lea").detail
    assert created == {"name": "Live Oak", "keep_rosters_days": 90, "keep_audit_days": 400}
    assert Due.objects.filter(lea_id=lea_id, what="retention").exists(), "or nothing is ever removed"
    save_retention(ada, {"rosters": None, "audit": 500}, timezone.now())
    with lea_scope(lea_id):
        assert kept_days(Lea.objects.get()) == {"extracts": None, "rosters": None, "ledgers": None, "audit": 500}


def test_where_the_settings_say_nothing_a_new_lea_keeps_everything() -> None:
    [membership] = memberships_of(sign_up(make_link()))
    with lea_scope(membership.lea_id):
        assert not any(kept_days(Lea.objects.get()).values())
    assert not Due.objects.filter(lea_id=membership.lea_id).exists()


def test_the_link_works_once() -> None:
    token = make_link()
    sign_up(token)
    with pytest.raises(NotThere, match="used or too old"):
        check_link(token)
    with pytest.raises(NotThere):
        sign_up(token, "second@live-oak.example")
    assert Person.objects.count() == 1


def test_the_link_ends_after_a_day() -> None:
    token = make_link()
    FirstAdminLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotThere):
        sign_up(token)


def test_a_second_start_leaves_the_first_ones_link_as_it_is() -> None:
    first, second = make_link(), make_link()
    check_link(first)
    check_link(second)


def test_the_first_account_ends_every_other_link() -> None:
    first, second = make_link(), make_link()
    sign_up(first)
    with pytest.raises(NotThere):
        check_link(second)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_first_account_ends_no_link_of_an_lea_that_is_there() -> None:
    """A script has added LEAs, with a link for each, before anybody signed up."""
    one, two = (add_lea_by_command(name).pk for name in ("Elder", "Fig"))
    first, second, of_none = make_link(one), make_link(two), make_link()
    sign_up(first)
    check_link(second)
    with pytest.raises(NotThere):
        check_link(of_none)


@pytest.mark.usefixtures("people")
def test_links_for_further_leas_do_not_end_each_other() -> None:
    first, second = make_link(), make_link()
    sign_up(first, "fay@redwood.example", lea="Redwood")
    check_link(second)


def test_what_is_too_old_is_thrown_away_when_the_next_is_made() -> None:
    make_link()
    FirstAdminLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    make_link()
    assert FirstAdminLink.objects.count() == 1


def test_the_database_does_not_hold_the_link() -> None:
    token = make_link()
    assert token not in str(list(FirstAdminLink.objects.values()))


@pytest.mark.parametrize("token", ["", "x", "0" * 43])
def test_a_guessed_link_is_refused(token: str) -> None:
    make_link()
    with pytest.raises(NotThere):
        sign_up(token)


@pytest.mark.parametrize("password", ["", "short", "password1234", "ada@live-oak.example"])
def test_a_weak_password_is_refused_and_the_link_stays(password: str) -> None:
    token = make_link()
    with pytest.raises(RequestStop, match="password"):
        sign_up(token, password=password)
    check_link(token)
    assert not Person.objects.exists()


def test_an_lea_without_a_name_is_refused_and_the_link_stays() -> None:
    token = make_link()
    with pytest.raises(RequestStop, match="The name is blank"):
        sign_up(token, lea=" ")
    check_link(token)
    assert not Person.objects.exists()


def test_an_existing_account_is_not_taken_over(people: People) -> None:
    token = make_link()
    with pytest.raises(RequestStop, match="Sign in with it"):
        sign_up(token, "Olga@live-oak.example", "another long sentence")
    assert person_named("olga").check_password(PASSWORD)
    lea = claim_lea(token, person_named("olga"), "Third Unified")
    assert actor_for(person_named("olga"), lea.pk).level == "admin"
    assert lea.pk not in (people.lea_id, people.other_lea_id)
