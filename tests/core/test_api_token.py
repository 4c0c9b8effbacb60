"""What an API token may do: every deed stands in a scope, or no token does it."""

import pytest

from cersgroups.core.api_token import NOT_BY_TOKEN, SCOPES, ScopeName, deeds_of, scopes_for
from cersgroups.core.error import PermissionRefused
from cersgroups.core.permission import DEEDS, Actor, TokenUse, check_can, user_can


def by_token(*scopes: ScopeName) -> Actor:
    return Actor(1, 1, "admin", token=TokenUse(1, "Nightly", deeds_of(scopes)))


def test_every_deed_is_in_a_scope_or_no_token_does_it() -> None:
    deeds = deeds_of(SCOPES)
    assert deeds | set(NOT_BY_TOKEN) == set(DEEDS)
    assert not deeds & set(NOT_BY_TOKEN)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_does_what_its_scopes_say_and_nothing_else(scope: ScopeName) -> None:
    allowed = {deed for deed in DEEDS if user_can(by_token(scope), deed)}
    assert allowed == set(SCOPES[scope].deeds)


def test_with_all_scopes_no_token_lets_people_in_or_makes_tokens() -> None:
    assert not {deed for deed in NOT_BY_TOKEN if user_can(by_token(*SCOPES), deed) or scopes_for(deed)}


def test_a_token_never_does_more_than_its_person() -> None:
    viewer = Actor(1, 1, "viewer", token=TokenUse(1, "Nightly", deeds_of(SCOPES)))
    assert {deed for deed in DEEDS if user_can(viewer, deed)} == {"read_findings", "see_upload"}


def test_the_refusal_names_the_token() -> None:
    with pytest.raises(PermissionRefused, match="“Nightly” may not upload this extract"):
        check_can(by_token("read"), "upload_extract")


def test_an_unknown_scope_allows_nothing() -> None:
    assert deeds_of(["everything"]) == frozenset()
