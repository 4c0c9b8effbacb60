"""Somebody who asks for more than a person can is told to wait; what a page asks by itself is counted for itself."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db
Visit = Callable[[str], Visitor]
PAGE, FORM, POLL = "page", "form", "poll"


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    """Six pages, two forms, twenty-four parts that a page asks for by itself."""
    settings.PAGES_PER_MINUTE = 6


def asked(visitor: Visitor, kind: str, times: int) -> list[int]:
    """The statuses."""
    if kind == FORM:
        return [visitor.send("/settings/", {"name": "Renamed"}).status_code for _ in range(times)]
    headers = {"Poll": "yes", "HX-Request": "true"} if kind == POLL else {}
    return [visitor.get("/people/", headers=headers).status_code for _ in range(times)]


@pytest.mark.parametrize(("kind", "most", "answer"), [(PAGE, 6, 200), (FORM, 2, 200), (POLL, 24, 200)])
def test_so_many_are_answered_in_a_minute_and_no_more(visit: Visit, kind: str, most: int, answer: int) -> None:
    assert asked(visit("ada"), kind, most + 2) == [answer] * most + [429, 429]


def test_the_others_of_them_are_answered_all_the_same(visit: Visit) -> None:
    ada = visit("ada")
    asked(ada, PAGE, 7)
    assert asked(ada, POLL, 1) == asked(ada, FORM, 1) == [200]


def test_one_is_told_how_long_to_wait_and_nothing_was_changed(visit: Visit) -> None:
    ada = visit("ada")
    asked(ada, FORM, 2)
    answers = {"name": "Renamed", "time_zone": "America/Los_Angeles", "name_style": "safe"}
    numbers = {"safety_percent": "20", "roster_percent": "10", "roster_days": "7"}
    answer = ada.send("/settings/", {**answers, **numbers})
    assert f"Wait {answer['Retry-After']} seconds, then go on." in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= 60
    with lea_scope(ada.lea_id):
        assert Lea.objects.get(pk=ada.lea_id).name == "Live Oak Unified"


def test_each_person_has_their_own_count(visit: Visit) -> None:
    ada, vera = visit("ada"), visit("vera")
    session = vera.cookies["session"].value
    asked(ada, PAGE, 7)
    ada.cookies["session"] = session  # the same program, which counts, for another person
    assert asked(ada, PAGE, 1) == [403]


@pytest.mark.usefixtures("people")
def test_who_is_not_signed_in_is_not_counted() -> None:
    nobody = Client()
    assert {nobody.get("/account/login/").status_code for _ in range(9)} == {200}


def test_0_is_as_many_as_one_likes(visit: Visit, settings: Settings) -> None:
    settings.PAGES_PER_MINUTE = 0
    assert asked(visit("ada"), PAGE, 9) == [200] * 9


def test_counting_asks_nothing_of_the_database(visit: Visit, settings: Settings) -> None:
    ada = visit("ada")
    asked(ada, PAGE, 1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            asked(ada, PAGE, 1)
        return len(found)

    counted = queries()
    settings.PAGES_PER_MINUTE = 0
    assert queries() == counted
