"""API tokens: shown once, kept as a digest, never more than their person may do at that moment, dead at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.actor import acting
from cersgroups.actions.api_token import LONGEST_DAYS, actor_of_token, create_token, revoke_token, visible_tokens
from cersgroups.actions.audit import visible_entries
from cersgroups.actions.extract import create_extracts
from cersgroups.actions.person import change_rights, invite, remove
from cersgroups.actions.profile import create_profile
from cersgroups.core.api_token import SCOPES
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop, TokenRefused, TooOften
from cersgroups.core.permission import Actor
from cersgroups.records.api_token import ApiToken
from cersgroups.records.audit import AuditEntry
from cersgroups.records.lea import Lea
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.people import SAMS_SCHOOL, People
from tests.profiles import CLASSES, GRADES

pytestmark = pytest.mark.django_db


def token_of(actor: Actor, *scopes: str, name: str = "Nightly") -> str:
    _token, text = create_token(actor, name, scopes or ["read"], days=90)
    return text


def names(actor: Actor) -> list[str]:
    with lea_scope(actor.lea_id):
        return [token.name for token in visible_tokens(actor)]


def test_whoever_has_the_token_is_its_person_in_that_lea(people: People) -> None:
    actor = actor_of_token(token_of(people.sam), "192.0.2.7")
    assert (actor.person_id, actor.lea_id, actor.school_ids) == (
        people.sam.person_id,
        people.lea_id,
        frozenset({SAMS_SCHOOL}),
    )
    with lea_scope(people.lea_id):
        token = ApiToken.objects.get()
    assert token.last_used_ip == "192.0.2.7"
    assert token.last_used_at is not None


def test_the_token_itself_is_not_stored(people: People) -> None:
    text = token_of(people.ada)
    with lea_scope(people.lea_id):
        row = ApiToken.objects.values().get()
        log = list(AuditEntry.objects.values())
    secret = text.split("_", 2)[2]  # it may hold `_`
    assert secret not in f"{row}{log}"


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "cersgroups_1_short", "cersgroups_99999999999999999999_" + "x" * 43, "cersgroups_1_" + "x" * 43],
)
@pytest.mark.usefixtures("people")
def test_what_is_no_token_lets_nobody_in(text: str) -> None:
    with pytest.raises(TokenRefused):
        actor_of_token(text)


def test_a_token_with_another_leas_number_lets_nobody_in(people: People) -> None:
    text = token_of(people.ada)
    with pytest.raises(TokenRefused):
        actor_of_token(text.replace(f"_{people.lea_id}_", f"_{people.other_lea_id}_"))


def test_an_expired_token_lets_nobody_in(people: People) -> None:
    text = token_of(people.ada)
    with lea_scope(people.lea_id):
        ApiToken.objects.update(expires_at=timezone.now())
    with pytest.raises(TokenRefused):
        actor_of_token(text)


def test_a_revoked_token_is_dead_at_once_also_within_a_request(people: People) -> None:
    text = token_of(people.alma, "write")
    actor = actor_of_token(text)
    with lea_scope(people.lea_id):
        token = ApiToken.objects.get()
    revoke_token(people.alma, token.pk)
    with pytest.raises(TokenRefused):
        actor_of_token(text)
    with pytest.raises(PermissionRefused, match="just been revoked"):
        create_profile(actor, CLASSES)


def test_a_removed_persons_token_is_dead_at_once(people: People) -> None:
    text = token_of(people.alma)
    remove(people.ada, people.alma.person_id)
    with pytest.raises(TokenRefused):
        actor_of_token(text)


def test_the_token_of_whoever_was_removed_stays_dead_when_they_are_invited_again(people: People) -> None:
    """It may have been the reason."""
    text, other = token_of(people.alma), token_of(people.vera)
    remove(people.ada, people.alma.person_id)
    with lea_scope(people.lea_id):
        assert visible_entries(people.ada)[0].detail["revoked_API_tokens"] == 1
    invite(people.ada, people.alma.email, "Alma", "administer")
    with pytest.raises(TokenRefused):
        actor_of_token(text)
    assert actor_of_token(other).person_id == people.vera.person_id


def test_nor_does_one_come_alive_that_was_left_by_a_removal_before_tokens_were_revoked(people: People) -> None:
    text = token_of(people.alma)
    with lea_scope(people.lea_id):
        Membership.objects.filter(person_id=people.alma.person_id).delete()
    invite(people.ada, people.alma.email, "Alma", "administer")
    with pytest.raises(TokenRefused):
        actor_of_token(text)


def test_a_deactivated_persons_token_is_dead_at_once(people: People) -> None:
    text = token_of(people.alma)
    Person.objects.filter(pk=people.alma.person_id).update(is_active=False)
    with pytest.raises(TokenRefused):
        actor_of_token(text)


def test_a_token_loses_what_its_person_loses(people: People) -> None:
    text = token_of(people.alma, "write")
    create_profile(actor_of_token(text), CLASSES)
    change_rights(people.ada, people.alma.person_id, "viewer", None)
    with pytest.raises(PermissionRefused, match="your level is viewer"):
        create_profile(actor_of_token(text), GRADES)


def test_a_token_keeps_to_its_persons_schools(people: People) -> None:
    actor = actor_of_token(token_of(people.sam, "write"))
    create_profile(actor, GRADES)
    with pytest.raises(PermissionRefused, match="limited to other schools"):
        create_profile(actor, CLASSES)


def test_a_token_that_only_reads_changes_nothing(people: People) -> None:
    with pytest.raises(PermissionRefused, match="“Nightly” may not make or change this profile"):
        create_profile(actor_of_token(token_of(people.ada, "read")), CLASSES)


def test_a_token_that_makes_files_does_not_upload_them(people: People) -> None:
    actor = actor_of_token(token_of(people.ada, "write"))
    profile = create_profile(actor, CLASSES)
    with lea_scope(people.lea_id):
        roster = Snapshot.objects.create(lea_id=people.lea_id, state="ready", school_year=2027)
        Lea.objects.update(current_snapshot=roster, uploads_enabled=True)
    with pytest.raises(PermissionRefused, match="may not upload"):
        create_extracts(actor, [profile.pk], upload=True)


def test_no_token_makes_tokens(people: People) -> None:
    actor = actor_of_token(token_of(people.ada, *SCOPES))
    with pytest.raises(PermissionRefused):
        token_of(actor, name="Another")


def test_what_a_token_did_is_in_the_audit_log_by_its_name(people: People) -> None:
    create_profile(actor_of_token(token_of(people.ada, "write")), CLASSES)
    with lea_scope(people.lea_id):
        entry = AuditEntry.objects.get(action="create profile")
    assert (entry.actor_id, entry.detail["by_token"]) == (people.ada.person_id, "Nightly")


def test_people_see_their_own_tokens_and_admins_those_of_their_lea(people: People) -> None:
    for name in ("ada", "alma", "vera", "olga"):
        token_of(people.by_name(name), name=name)
    assert names(people.ada) == ["vera", "alma", "ada"]
    assert names(people.alma) == ["alma"]
    assert names(people.olga) == ["olga"]


def test_nobody_but_admins_revokes_others_tokens(people: People) -> None:
    token, text = create_token(people.vera, "Veras", ["read"], days=1)
    for stranger in (people.alma, people.olga):
        with pytest.raises(NotThere):
            revoke_token(stranger, token.pk)
    assert actor_of_token(text)
    revoke_token(people.ada, token.pk)
    with pytest.raises(RequestStop, match="revoked before"):
        revoke_token(people.ada, token.pk)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "said"),
    [
        (" ", ["read"], 1, "Give the API token a name"),
        ("x" * 101, ["read"], 1, "Give the API token a name"),
        ("Program", [], 1, "Choose what the API token may do"),
        ("Program", ["everything"], 1, "Choose what the API token may do"),
        ("Program", ["read"], 0, "lasts from 1"),
        ("Program", ["read"], LONGEST_DAYS + 1, "lasts from 1"),
        ("Nightly", ["read"], 1, "named “Nightly” already"),
    ],
)
def test_what_cannot_be_meant_is_told(people: People, name: str, scopes: list[str], days: int, said: str) -> None:
    token_of(people.ada)
    with pytest.raises(RequestStop, match=said):
        create_token(people.ada, name, scopes, days)


def test_a_name_is_free_again_once_its_token_is_revoked(people: People) -> None:
    token, _text = create_token(people.ada, "Nightly", ["read"], 1)
    revoke_token(people.ada, token.pk)
    assert token_of(people.ada, name="Nightly")


def test_a_token_that_is_used_too_often_must_wait(people: People, settings: Settings) -> None:
    settings.API_USES_PER_MINUTE = 2
    text = token_of(people.ada)
    actor_of_token(text)
    actor_of_token(text)
    with pytest.raises(TooOften) as stop:
        actor_of_token(text)
    assert 0 < stop.value.seconds <= 60
    with lea_scope(people.lea_id):
        ApiToken.objects.update(counted_from=timezone.now() - timedelta(minutes=1))
    with acting(actor_of_token(text)):
        pass


def test_others_tokens_do_not_wait(people: People, settings: Settings) -> None:
    settings.API_USES_PER_MINUTE = 1
    actor_of_token(token_of(people.ada))
    actor_of_token(token_of(people.alma))
