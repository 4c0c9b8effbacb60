"""Who may do what: the table of levels, ownership and schools (features A1 to A3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.error import PermissionRefused
from cersgroups.core.permission import DEEDS, LEVELS, SYSTEM, Actor, DeedName, Level, as_markdown, check_can, user_can
from tests.core.write_permissions import PAGE, text

ME, ANOTHER = 1, 2
deeds = st.sampled_from(sorted(DEEDS))
levels = st.sampled_from(LEVELS)
schools = st.frozensets(st.sampled_from(["10", "20", "30"]))


def actor(level: Level, limit: frozenset[str] | None = None) -> Actor:
    return Actor(ME, 1, level, school_ids=limit)


ALLOWED: dict[Level, dict[DeedName, str]] = {
    "admin": dict.fromkeys(DEEDS, "anybody's"),
    "administer": {
        "see_profile": "own",
        "change_profile": "own",
        "make_extract": "own",
        "read_findings": "own",
        "download_extract": "own",
        "see_schedule": "anybody's",
        "change_schedule": "anybody's",
        "upload_extract": "own",
        "see_upload": "own",
        "see_roster": "anybody's",
        "manage_token": "own",
    },
    "viewer": {"read_findings": "anybody's", "see_upload": "anybody's", "manage_token": "own"},
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("deed", DEEDS)
def test_the_levels_of_features_a1_and_a2(level: Level, deed: DeedName) -> None:
    allowed = ALLOWED[level].get(deed)
    assert user_can(actor(level), deed, owner_id=ME) is (allowed is not None)
    assert user_can(actor(level), deed, owner_id=ANOTHER) is (allowed == "anybody's")
    assert user_can(actor(level), deed, owner_id=SYSTEM) is (allowed == "anybody's")


@given(deeds, levels, schools)
def test_without_a_limit_schools_do_not_matter(deed: DeedName, level: Level, at: frozenset[str]) -> None:
    assert user_can(actor(level), deed, school_ids=at) is user_can(actor(level), deed)


@given(deeds, st.sampled_from(LEVELS[1:]), schools, schools)
def test_a_limit_allows_what_lies_wholly_within_it(
    deed: DeedName, level: Level, limit: frozenset[str], at: frozenset[str]
) -> None:
    limited = user_can(actor(level, limit), deed, school_ids=at)
    assert limited is (user_can(actor(level), deed) and at <= limit and not DEEDS[deed].whole_lea)


@given(deeds, levels, st.sampled_from([None, ME, ANOTHER, SYSTEM]), schools, st.none() | schools)
def test_checking_refuses_exactly_what_the_answer_denies(
    deed: DeedName, level: Level, owner: int | None, at: frozenset[str], limit: frozenset[str] | None
) -> None:
    who = actor(level, limit)
    try:
        check_can(who, deed, owner_id=owner, school_ids=at)
        refused = False
    except PermissionRefused:
        refused = True
    assert refused is not user_can(who, deed, owner_id=owner, school_ids=at)


@pytest.mark.parametrize(
    ("who", "owner", "at", "why"),
    [
        (actor("viewer"), ME, [], "your level is viewer"),
        (actor("administer"), ANOTHER, [], "it belongs to somebody else"),
        (actor("administer", frozenset({"30"})), ME, ["10", "30"], "you are limited to other schools than 10"),
    ],
)
def test_a_refusal_says_why_and_whom_to_ask(who: Actor, owner: int, at: list[str], why: str) -> None:
    sentence = f"You may not make or change this profile: {why}. Ask an admin of your LEA."
    with pytest.raises(PermissionRefused, match=f"^{sentence}$"):
        check_can(who, "change_profile", owner_id=owner, school_ids=at)


def test_the_permissions_page_shows_the_table_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: .venv/bin/python -m tests.core.write_permissions"


def test_the_table_says_what_each_level_may_do() -> None:
    rows = as_markdown().splitlines()
    assert rows[0] == "| To | Admin | Administer | Viewer |"
    assert "| make or change this profile | anybody's | own | no |" in rows
    assert "| read the findings of this extract | anybody's | own | anybody's |" in rows
    assert "| change or run the scheduled process | anybody's | unless limited to schools | no |" in rows
    assert len(rows) == 2 + len(DEEDS)


def test_who_is_limited_to_schools_is_told_that_the_schedule_concerns_all() -> None:
    sentence = "You may not change or run the scheduled process: it concerns all schools, and you are limited to some."
    with pytest.raises(PermissionRefused, match=f"^{sentence}"):
        check_can(actor("administer", frozenset({"30"})), "change_schedule")
    check_can(actor("administer", frozenset({"30"})), "see_schedule")
