"""People: let in, given another level, limited to schools, taken out; and never an LEA without an admin."""

import pytest

from cersgroups.actions.actor import actor_for, memberships_of
from cersgroups.actions.audit import visible_entries
from cersgroups.actions.person import change_rights, invite, remove, visible_members
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.core.permission import Level
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from tests.people import PASSWORD, People, person_named


def test_an_invited_person_has_an_account_without_a_password(people: People) -> None:
    membership = invite(people.ada, " New@Live-Oak.example ", "Nia New", "viewer")
    assert membership.person.email == "new@live-oak.example"
    assert not membership.person.has_usable_password()
    assert actor_for(membership.person, people.lea_id).level == "viewer"


def test_somebody_of_another_lea_keeps_name_and_password_and_gains_a_membership(people: People) -> None:
    invite(people.ada, "olga@live-oak.example", "Somebody else", "viewer")
    olga = person_named("olga")
    assert olga.check_password(PASSWORD)
    assert olga.name == "Olga Other"
    assert [m.lea.name for m in memberships_of(olga)] == ["Live Oak Unified", "Other Unified"]


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.example"])
def test_what_is_no_email_is_refused(people: People, email: str) -> None:
    before = Person.objects.count()
    with pytest.raises(RequestStop, match="is no e-mail address"):
        invite(people.ada, email, "Nobody", "viewer")
    assert Person.objects.count() == before


def test_whoever_belongs_to_the_lea_is_not_invited_again(people: People) -> None:
    with pytest.raises(RequestStop, match="belongs to this LEA already"):
        invite(people.ada, "SAM@live-oak.example", "Sam", "viewer")


def test_a_school_that_the_roster_does_not_have_is_refused(people: People) -> None:
    with pytest.raises(RequestStop, match="The roster has no school 99"):
        invite(people.ada, "new@live-oak.example", "New", "viewer", ["30", "99"])
    assert not Person.objects.filter(email="new@live-oak.example").exists()


def test_an_admin_cannot_be_limited(people: People) -> None:
    with pytest.raises(RequestStop, match="An admin cannot be limited"):
        change_rights(people.ada, people.sam.person_id, "admin", ["30"])


def test_an_unknown_level_is_refused(people: People) -> None:
    level: Level = "owner"  # type: ignore[assignment]
    with pytest.raises(RequestStop, match="'owner' is no level"):
        change_rights(people.ada, people.sam.person_id, level, None)


def test_no_school_at_all_is_a_limit_too(people: People) -> None:
    change_rights(people.ada, people.sam.person_id, "administer", [])
    assert actor_for(person_named("sam"), people.lea_id).school_ids == frozenset()


def test_the_last_admin_stays(people: People) -> None:
    for attempt in (
        lambda: remove(people.ada, people.ada.person_id),
        lambda: change_rights(people.ada, people.ada.person_id, "viewer", None),
    ):
        with pytest.raises(RequestStop, match="the LEA's only admin"):
            attempt()
    change_rights(people.ada, people.alma.person_id, "admin", None)
    remove(actor_for(person_named("alma"), people.lea_id), people.ada.person_id)


def test_an_admin_who_cannot_sign_in_does_not_count_as_admin(people: People) -> None:
    change_rights(people.ada, people.alma.person_id, "admin", None)
    Person.objects.filter(pk=people.alma.person_id).update(is_active=False)
    with pytest.raises(RequestStop, match="only admin"):
        remove(people.ada, people.ada.person_id)


def test_whoever_is_removed_sees_nothing_more(people: People) -> None:
    remove(people.ada, people.sam.person_id)
    assert memberships_of(person_named("sam")) == []
    with pytest.raises(PermissionRefused, match="You do not belong to this LEA"):
        actor_for(person_named("sam"), people.lea_id)


def test_an_account_that_is_switched_off_belongs_nowhere(people: People) -> None:
    Person.objects.filter(pk=people.sam.person_id).update(is_active=False)
    assert memberships_of(person_named("sam")) == []


def test_people_of_another_lea_are_not_there(people: People) -> None:
    with pytest.raises(NotThere):
        remove(people.ada, people.olga.person_id)
    with lea_scope(people.lea_id):
        names = [member.person.name for member in visible_members(people.ada)]
    assert names == ["Ada Admin", "Alma Administer", "Sam School", "Vera Viewer"]


def test_what_people_may_do_is_in_the_audit_log_with_where_it_came_from(people: People) -> None:
    ada = actor_for(person_named("ada"), people.lea_id, ip="192.0.2.7")
    change_rights(ada, people.sam.person_id, "viewer", ["30"])
    with lea_scope(people.lea_id):
        entry = visible_entries(ada)[0]
    assert (entry.action, entry.object) == ("change rights", f"person {people.sam.person_id}")
    told = {"email": people.sam.email, "level": "viewer", "schools": ["30"]}
    assert (entry.detail, entry.ip) == (told, "192.0.2.7")
