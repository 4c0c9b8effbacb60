"""No page is forgotten by the benchmark, and its table and targets say what was measured."""

import re

from django.test import RequestFactory

from cersgroups.web.draft_content import new_content
from tests.bench.page import CHANGES, NO_PAGE, Ids, Page, names, pages, patterns
from tests.bench.page_contest import Timed
from tests.bench.page_table import as_markdown, as_text
from tests.bench.target import page_targets

IDS = Ids(
    snapshot=1,
    extract=2,
    person=3,
    profile=4,
    upload=7,
    source=8,
    failed=9,
    extract_finding="student_without_ssid",
    snapshot_finding="row_refers_to_nothing",
    last_pages={"student_without_ssid": 3, "row_refers_to_nothing": 4},
    drafts={"classes": 5, "grade": 6},
    contents={type_: {**new_content(2027, ["10"]), "type": type_} for type_ in ("classes", "grade")},
    lists={"departments": ["ENG", "MATH"], "additional": ["1", "2"], "schools": ["10"]},
    students=[["7000000001", "S1"], ["7000000002", "S2"]],
)


def timed(name: str, *milliseconds: float) -> Timed:
    return Timed(Page(name, f"/{name}/"), list(milliseconds), 12.0, processor=5.0, whole=7.0)


def test_every_address_is_measured_or_excused_by_name() -> None:
    measured = {page.name.split(":")[0] for page in pages(IDS)}
    assert measured | set(NO_PAGE) == names()
    assert measured & set(NO_PAGE) == set()


def test_what_is_excused_as_a_change_shows_nothing_to_who_asks_for_it() -> None:
    for pattern in patterns():
        if pattern.name and NO_PAGE.get(pattern.name) == CHANGES:
            values = {"int": 1, "slug": "x", "str": "x"}
            parts = {name: values[type_] for type_, name in re.findall(r"<(\w+):(\w+)>", str(pattern.pattern))}
            answer = pattern.callback(RequestFactory().get("/"), **parts)
            assert answer.status_code == 405, pattern.name


def test_every_draft_is_shown_and_previewed() -> None:
    found = {page.name for page in pages(IDS)}
    assert {f"draft_{what}: {type_}" for what in ("options", "preview", "type") for type_ in IDS.drafts} <= found


def test_what_is_posted_differs_from_request_to_request() -> None:
    [preview] = [page for page in pages(IDS) if page.name == "draft_preview: classes"]
    assert preview.forms is not None
    forms = preview.forms()
    assert next(forms)["departments"] != next(forms)["departments"]


def test_the_slowest_page_stands_first() -> None:
    lines = as_text([timed("quick", 10, 10, 10), timed("slow", 20, 200, 200)]).splitlines()
    assert [line.split()[0] for line in lines] == ["page", "slow", "quick"]
    assert as_markdown([timed("quick", 10, 10)]).splitlines()[2].startswith("| quick | 10 | 10 | 7 | 5 | 12 |")


def test_a_page_that_misses_is_named_and_the_others_are_counted() -> None:
    targets = list(page_targets([timed("quick", 10, 10), timed("slow", 101, 101)]))
    assert [target.reached for target in targets] == [False, True]
    assert targets[0].what.startswith("slow: 95 % within 100 ms; 101 ms")
    assert targets[1].what.startswith("1 of 2 pages")
