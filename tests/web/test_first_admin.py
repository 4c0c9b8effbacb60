"""An LEA whose admins are gone: whoever runs the machine makes a link, and who opens it becomes an admin of it."""

import pytest
from django.db import connection
from django.test import Client

from cersgroups.actions.actor import actor_for
from cersgroups.actions.first_admin import make_link
from cersgroups.core.error import NotThere, PermissionRefused
from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
from tests.people import PASSWORD, People, email_of, person_named

pytestmark = pytest.mark.django_db

NEW = {"name": "Nia New", "email": "nia@live-oak.example", "password": PASSWORD, "password_again": PASSWORD}


def link_of(people: People) -> str:
    return f"/first-admin/{make_link(people.lea_id)}/"


def noted(people: People) -> list[tuple[str, str, str]]:
    """The last two entries of the LEA's log, the newest first, but for signing in."""
    with lea_scope(people.lea_id):
        entries = AuditEntry.objects.exclude(action="sign in")[:2]
        return [(entry.action, entry.actor_email, entry.door) for entry in entries]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person_named(name))
    return client


def test_somebody_without_an_account_makes_one_and_is_an_admin_of_the_lea_that_is_there(people: People) -> None:
    link, client, before = link_of(people), Client(), leas()
    page = client.get(link).content.decode()
    assert "You become an admin of Live Oak Unified." in page
    assert "Name of the LEA" not in page
    assert client.post(link, NEW).status_code == 302
    person = person_named("nia")
    assert actor_for(person, people.lea_id).level == "admin"
    assert leas() == before
    assert noted(people) == [("become admin by link", person.email, "page"), ("make link for admin", "", "command")]
    assert client.get("/people/").status_code == 200
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("who", ["olga", "sam"])
def test_somebody_with_an_account_becomes_one_whatever_they_were_there(people: People, who: str) -> None:
    link, client = link_of(people), signed_in(who)
    assert f"You are signed in as {email_of(who)} and become an admin of Live Oak Unified" in (
        client.get(link).content.decode()
    )
    assert client.post(link, {"become": "admin"}).status_code == 302
    actor = actor_for(person_named(who), people.lea_id)
    assert (actor.level, actor.school_ids) == ("admin", None)


def test_it_is_of_that_lea_and_no_other(people: People) -> None:
    other = f"/first-admin/{people.other_lea_id}.{make_link(people.lea_id).partition('.')[2]}/"
    assert signed_in("sam").post(other, {"become": "admin"}).status_code == 404
    with pytest.raises(PermissionRefused):
        actor_for(person_named("sam"), people.other_lea_id)


def test_an_account_of_somebody_is_not_taken_over(people: People) -> None:
    answer = Client().post(link_of(people), {**NEW, "email": email_of("sam")})
    assert "Sign in with it" in answer.content.decode()
    assert actor_for(person_named("sam"), people.lea_id).level == "administer"


def test_the_name_of_the_lea_is_no_password(people: People) -> None:
    weak = {"password": "Live Oak Unified 1", "password_again": "Live Oak Unified 1"}
    link = link_of(people)
    assert Client().post(link, {**NEW, **weak}).status_code == 200
    assert Client().get(link).status_code == 200, "the link stays"


def test_there_is_no_link_of_an_lea_that_is_not_there(people: People) -> None:
    with pytest.raises(NotThere, match="cersgroups leas"):
        make_link(people.lea_id + 1_000_000)


def leas() -> list[int]:
    """How many there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM operation_figures() WHERE name = 'leas'")
        return [int(value) for (value,) in cursor.fetchall()]
