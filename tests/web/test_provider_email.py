"""Whom Google and Microsoft vouch for: what their tokens claim, and what somebody who means ill could write there."""

from typing import Any

import pytest

from cersgroups.web.provider_email import vouched_emails

ISSUER = "https://login.microsoftonline.com/8eaef023/v2.0"
MEMBER = {"iss": ISSUER, "tid": "8eaef023", "preferred_username": "Ada@Live-Oak.example"}
ADA = ["ada@live-oak.example"]


@pytest.mark.parametrize("claims", [{}, {"email_verified": False}, {"email_verified": "no"}, {"xms_edov": True}])
def test_google_vouches_for_a_verified_email_only(claims: dict[str, Any]) -> None:
    assert vouched_emails("google", {"email": "Ada@Live-Oak.example", **claims}) == []
    assert vouched_emails("google", {"email": "Ada@Live-Oak.example", "email_verified": True}) == ADA


def test_google_does_not_vouch_for_a_user_name() -> None:
    assert vouched_emails("google", {"preferred_username": "ada@live-oak.example"}) == []


@pytest.mark.parametrize("idp", [{}, {"idp": ISSUER}, {"idp": "https://sts.windows.net/8eaef023/"}, {"acct": 0}])
def test_microsoft_vouches_for_the_user_name_of_a_member(idp: dict[str, Any]) -> None:
    assert vouched_emails("microsoft", {**MEMBER, **idp}) == ADA


@pytest.mark.parametrize("guest", [{"idp": "https://sts.windows.net/other/"}, {"idp": "live.com"}, {"acct": 1}])
def test_microsoft_does_not_vouch_for_the_user_name_of_a_guest(guest: dict[str, Any]) -> None:
    assert vouched_emails("microsoft", {**MEMBER, "email": "ada@live-oak.example", **guest}) == []


@pytest.mark.parametrize("edov", [True, 1, "1", "true"])
def test_microsoft_vouches_for_an_email_whose_domain_was_verified(edov: object) -> None:
    claims = {"preferred_username": "4711@district.example", "email": "Ada@Live-Oak.example", "xms_edov": edov}
    assert vouched_emails("microsoft", claims) == ["4711@district.example", *ADA]


@pytest.mark.parametrize("more", [{}, {"xms_edov": False}, {"xms_edov": "0"}, {"xms_edov": 1, "email_verified": False}])
def test_microsoft_does_not_vouch_for_what_stands_in_a_directory(more: dict[str, Any]) -> None:
    assert vouched_emails("microsoft", {"email": "ada@live-oak.example", **more}) == []


@pytest.mark.parametrize("claim", [None, 7, ["ada@live-oak.example"], "", "no address"])
def test_what_is_no_address_is_nobody(claim: object) -> None:
    assert vouched_emails("microsoft", {"preferred_username": claim}) == []
    assert vouched_emails("google", {"email": claim, "email_verified": True}) == []
