"""Every page and action refuses the wrong person. An address that is not in address.md fails the first test."""

from pathlib import Path

import pytest

from tests.people import People
from tests.web.address import (
    METHODS,
    NO_METHOD,
    SECRET,
    WHO,
    World,
    adas,
    answers_to,
    browser,
    log_length,
    make_ready,
    make_world,
    outcome,
    read_table,
    routes,
    undone,
    visit,
)
from tests.web.entry import Cell, entries_of, left_since, names_a_student, read_entries

pytestmark = pytest.mark.django_db

REFUSALS = ("sign in", "refused", "none")
FIRST_ADMIN = ("POST", "first-admin/<str:token>/")
GIVEN_BACK = "drafts/<int:pk>/options/students/"
"""Shows the students of the file that was sent to it, and no others."""

MAY_READ = ("ada", "vera")
"""Viewers read the findings of all extracts, which carry the profile's name."""


@pytest.fixture
def world(people: People, stored_snapshot: Path) -> World:
    return make_world(people, stored_snapshot)


def test_every_address_is_in_the_table() -> None:
    assert {route for _method, route in read_table()} == routes()


def test_every_form_is_in_the_table_of_entries() -> None:
    cells, entries = set(read_table()), set(read_entries())
    assert entries <= cells
    assert {cell for cell in cells if cell[0] == "POST" and not cell[1].startswith("account/")} <= entries


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_table_says_and_no_more(world: World, who: str) -> None:
    table, entries, found, noted = read_table(), read_entries(), {}, {}
    browser(world, who)
    for method, route in table:
        with undone():
            make_ready(world, route)
            log, theirs, own = log_length(world), adas(world), entries_of(who)
            answer = visit(world, browser(world, who), method, route, answers_to(world, who, route))
            found[method, route] = outcome(answer)
            if found[method, route] in REFUSALS:
                assert log_length(world) == log, f"{method} {route} was refused, but something was done"
            noted[method, route] = left_since(own, who)
            if not entries.get((method, route)):
                assert not answer.headers.get("Content-Disposition", ""), f"{method} {route} gives a file, unnoted"
                shows = not answer.streaming and names_a_student(answer.content.decode())
                assert not shows or route == GIVEN_BACK, f"{method} {route}, unnoted"
            if who != "ada":
                assert adas(world) == theirs, f"{method} {route} changed what is Ada's"
            if who not in MAY_READ and not answer.streaming:
                assert SECRET not in answer.content.decode(), f"{method} {route} shows what is Ada's"
    assert found == {cell: people[who] for cell, people in table.items()}
    assert noted == {cell: leaves(who, cell, found[cell]) for cell in table}


def leaves(who: str, cell: Cell, outcome: str) -> list[str]:
    """What is noted of whoever gets that there."""
    if outcome not in ("done", "page") or (who == "nobody" and cell != FIRST_ADMIN):
        return []
    signs_in = who == "nobody"
    return [*read_entries().get(cell, []), *(["sign in"] if signs_in else [])]


@pytest.mark.parametrize("who", ["nobody", "ada"])
def test_a_method_that_is_not_in_the_table_does_nothing(world: World, who: str) -> None:
    table, theirs = read_table(), adas(world)
    for route in sorted(routes()):
        methods = METHODS if route.startswith("account/") else (*METHODS, "PUT", "PATCH", "DELETE")
        for method in methods:
            if (method, route) not in table:
                got = outcome(visit(world, browser(world, who), method, route, {}))
                assert got == NO_METHOD or (who, got) == ("nobody", "sign in"), (method, route)
    assert adas(world) == theirs


def test_a_form_that_is_opened_as_a_page_says_what_to_do(world: World) -> None:
    """After signing in anew, from a bookmark, or by the button for reloading."""
    answer = browser(world, "ada").get("/roster/back/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "use its button there" in answer.content.decode()
    other = visit(world, browser(world, "ada"), "POST", "roster/", {})
    assert (other.status_code, "It is a page to look at." in other.content.decode()) == (405, True)


def test_a_form_that_was_shown_for_another_lea_changes_nothing(world: World) -> None:
    """In another window Ada works at another LEA by now."""
    browser(world, "ada")
    for route in forms():
        if not route.startswith(("account/", "first-admin/")):
            with undone():
                answers = {**answers_to(world, "ada", route), "lea": world.people.other_lea_id}
                assert visit(world, browser(world, "ada"), "POST", route, answers).status_code == 409, route


def test_a_form_of_another_site_is_refused_everywhere(world: World) -> None:
    browser(world, "ada")
    for route in forms():
        for who in ("nobody", "ada"):
            with undone():
                theirs, log = adas(world), log_length(world)
                client = browser(world, who, enforce_csrf_checks=True)
                answer = visit(world, client, "POST", route, answers_to(world, who, route))
                assert outcome(answer) == "refused", route
                assert (adas(world), log_length(world)) == (theirs, log)


def forms() -> list[str]:
    """The addresses that take a form."""
    return [route for method, route in read_table() if method == "POST"]
