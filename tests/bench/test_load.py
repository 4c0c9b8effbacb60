"""The load contest's own arithmetic: who the people are, what they click, what counts as an error."""

import json
from collections import Counter
from dataclasses import replace
from itertools import islice
from random import Random

import pytest

from tests.bench.load import CLICKS, NO_CONNECTION, SMALL, Load
from tests.bench.load_click import Click, Clicks, Small, again, small_requests
from tests.bench.load_person import Person, roles, shown
from tests.bench.test_page import IDS

SAM = Person(
    email="load1@demo.example",
    role="Administer at a school",
    lea=1,
    profile=40,
    extract=20,
    finding="",
    finding_pages=0,
    drafts={"classes": 50, "grade": 60},
    contents={type_: {**content, "schools": ["10"]} for type_, content in IDS.contents.items()},
    lists={"departments": ["ENG", "MATH", "SCI"], "additional": ["1"]},
)
VERA = replace(SAM, role="viewer", profile=0, extract=0, drafts={}, contents={}, lists={})


def clicks_of(person: Person, number: int, *, without: str = "no page") -> list[Click]:
    seen = frozenset(page.name for page in person.pages(IDS) if not page.name.startswith(without))
    return list(islice(Clicks(person, IDS, seen, Random(1)), number))


def test_of_200_people_most_work_at_one_school() -> None:
    counted = Counter(role.name for role in roles(200))
    assert counted == {
        "admin": 6,
        "Administer": 14,
        "Administer at a school": 140,
        "viewer": 10,
        "viewer at a school": 30,
    }


def test_every_person_is_asked_for_what_is_their_own() -> None:
    paths = {page.name: page.path for page in SAM.pages(IDS)}
    assert paths["draft_preview: grade"] == "/drafts/60/options/preview/"
    assert paths["export_profile"] == "/profiles/40/export/"
    assert paths["extract"] == "/extracted-files/20/"


def test_nobody_is_asked_for_what_they_have_nothing_on() -> None:
    assert "finding_rows" not in {page.name for page in SAM.pages(IDS)}
    assert not {"extract", "creating_files"} & {page.name for page in VERA.pages(IDS)}
    found = replace(SAM, finding="email_invalid", finding_pages=3)
    [last] = [page.path for page in found.pages(IDS) if page.name == "finding_rows: last page"]
    assert last == "/extracted-files/20/findings/email_invalid/?page=3"


def test_the_pages_of_signing_in_are_no_part_of_a_day() -> None:
    assert not [page.path for page in SAM.pages(IDS) if page.path.startswith("/account/")]


def test_a_page_that_fails_for_the_first_of_a_role_is_not_taken_for_one_that_is_not_theirs() -> None:
    assert shown({"people": 403, "extract": 404, "profiles": 200, "draft_preview: grade": 204}) == {
        "profiles",
        "draft_preview: grade",
    }
    with pytest.raises(RuntimeError, match="settings"):
        shown({"profiles": 200, "settings": 500})


def test_a_tenth_of_the_clicks_are_choices_each_with_its_preview() -> None:
    clicks = clicks_of(SAM, 1_000)
    choices = [click for click in clicks if click.preview]
    assert 70 < len(choices) < 130
    assert {tuple(page.name for page in click.asked) for click in choices} == {
        ("draft_type: classes",),
        ("draft_type: grade",),
        ("draft_entries: courses", "draft_entries: subject_areas", "draft_entries: teachers"),
    }
    of_classes = [json.dumps(click.form) for click in choices if click.preview == "/drafts/50/options/preview/"]
    assert len(set(of_classes)) == 7  # one, two or all of three departments


def test_whoever_may_read_the_audit_log_searches_it_too() -> None:
    def searches(without: str) -> int:
        clicks = clicks_of(SAM, 1_000, without=without)
        return sum(click.asked[0].name.startswith("audit_log") for click in clicks)

    assert searches(without="no page") > 150
    assert searches(without="audit_log") == 0


def test_whoever_changes_no_profiles_only_looks() -> None:
    assert not [click for click in clicks_of(VERA, 500, without="draft_") if click.preview]


def test_a_draft_that_its_own_person_is_not_shown_ends_the_contest() -> None:
    with pytest.raises(KeyError, match="draft_preview"):
        clicks_of(SAM, 1, without="draft_preview")


def test_a_page_asks_by_itself_for_what_it_says() -> None:
    page = (
        '<div id="now" hx-get="/sources/8/now/" hx-trigger="every 2s" hx-swap="outerHTML">'
        '<div id="health" aria-busy="true" hx-get="/profiles/check/?a=1&amp;b=2" hx-trigger="load delay:500ms">'
        '<div id="preview" hx-post="/drafts/5/options/preview/" '
        'hx-trigger="load, change delay:600ms from:#draft, counting delay:300ms, queued delay:2500ms">'
        '<form hx-post="/drafts/5/schools/" hx-trigger="change delay:300ms">'
        '<details hx-get="/workplace/?next=/" hx-trigger="toggle once">'
    )
    assert small_requests(page) == [
        Small("get", "/sources/8/now/", 2.0),
        Small("get", "/profiles/check/?a=1&b=2", 0.5),
        Small("post", "/drafts/5/options/preview/", 0.0),
    ]


def test_figures_that_are_being_counted_are_asked_for_again() -> None:
    assert (again({"HX-Trigger": "counting"}, 204), again({"HX-Trigger": "queued"}, 204)) == (0.3, 2.5)
    assert not again({}, 200)


def test_every_refusal_and_every_lost_connection_is_an_error() -> None:
    load = Load()
    load.answers.update({"200": 90, "204": 5, "404": 1, "429": 1, "500": 1, NO_CONNECTION: 1, "signed out": 1})
    assert load.errors == 5


def test_what_was_not_reached_is_said() -> None:
    load = Load(memory=[(0.0, 500.0), (5.0, 500.0)])
    load.milliseconds[CLICKS] = [20.0] * 98 + [400.0] * 2
    load.milliseconds[SMALL] = [20.0] * 90 + [400.0] * 10
    load.answers["500"] = 1
    assert [target.reached for target in load.targets()] == [True, False, False, True]
    assert load.as_markdown(10.0).splitlines()[2] == "| clicks | 100 | 10.0 | 20 | 20 | 400 |"


def test_the_slope_of_the_memory_is_told_by_the_hour_whatever_a_moment_of_much_work_takes() -> None:
    growing = [(float(n), 2_500.0 + n) for n in range(80)]
    growing[60:65] = [(float(n), 4_000.0) for n in range(60, 65)]
    load = Load(memory=growing)
    assert load.slope() == pytest.approx(3_600, rel=0.01)
    assert load.quarters() == [2_509.5, 2_529.5, 2_549.5, 2_574.5]
    assert Load(memory=[(0.0, 1.0)]).slope() == 0.0


def test_memory_that_grows_is_not_flat() -> None:
    def flat(last: float) -> bool:
        return Load(memory=[(float(n), 1_000.0 if n < 15 else last) for n in range(20)]).targets()[-1].reached

    assert (flat(1_049.0), flat(1_051.0)) == (True, False)


def test_what_came_before_the_caches_were_full_does_not_count() -> None:
    load = Load(memory=[(0.0, 1.0)])
    load.milliseconds[CLICKS].append(9_000.0)
    load.answers.update({"200": 5, "500": 1})
    load.begin_again()
    assert (load.memory, load.milliseconds[CLICKS]) == ([], [])
    assert load.answers == {"500": 1}, "an error counts at any time"
