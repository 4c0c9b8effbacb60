"""Whatever a page is asked or sent, it answers with a page, and shows and changes nothing of another LEA.

`make test` throws two requests at each address as Ada and one as Olga; `make fuzz` many, as everybody.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.people import People
from tests.thorough import examples
from tests.web.address import World, answers_to, browser, make_world, read_table, undone
from tests.web.strange_request import KNOWN, OTHERS, Strange, all_forms, requests, rows_of, shown_by

pytestmark = pytest.mark.django_db

MANY = int(os.environ.get("FUZZ", "0"))
WHO = ["ada", *(pytest.param(who, marks=pytest.mark.thorough) for who in ("olga", "nobody", "vera", "alma", "sam"))]
PHASES = (Phase.generate, Phase.shrink) if MANY else (Phase.generate,)


@pytest.fixture
def world(people: People, stored_snapshot: Path) -> World:
    return make_world(people, stored_snapshot)


@pytest.mark.parametrize("who", WHO)
def test_no_strange_request_breaks_a_page_or_reaches_another_lea(world: World, who: str) -> None:
    table, forms = read_table(), all_forms(world, browser(world, "ada"))
    assert forms.keys() <= table.keys(), "a form of a page goes to no address of the table"
    other = world.people.other_lea_id if who not in ("nobody", "olga") else world.people.lea_id
    before = rows_of(other)
    faults: list[Exception] = []
    for method, route in table:
        fields = [*forms.get((method, route), []), *texts(answers_to(world, "ada", route))]
        fields = [(name, value) for name, value in fields if name != "lea"]
        try:
            strange = requests(world, who, method, route, fields)
            throw(strange, MANY or examples(2), lambda asked: look(world, asked, other, before))
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup(f"{len(faults)} addresses", faults)


def throw(strategy: st.SearchStrategy[Strange], many: int, look_at: Callable[[Strange], None]) -> None:
    @settings(
        max_examples=many,
        phases=PHASES,
        derandomize=not MANY,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def thrown(asked: Strange) -> None:
        look_at(asked)

    thrown()


def look(world: World, asked: Strange, other: int, before: str) -> None:
    try:
        with undone():
            client = browser(world, asked.who)
            seen(asked, answer := asked.send(client))
            if answer.status_code == 302 and asked.method == "POST":
                seen(asked, client.get(answer["Location"]))  # what was stored is shown
            assert rows_of(other) == before, "a row of another LEA was changed"
    except Exception as fault:
        fault.add_note(f"{asked.who}: {asked.method} {asked.url[:200]}?{asked.query[:300]} {asked.headers}")
        fault.add_note(f"{asked.kind}: {asked.body[:1000]!r}")
        raise


def seen(asked: Strange, answer: Any) -> None:
    assert answer.status_code in KNOWN
    shown = shown_by(answer)
    assert OTHERS.get(asked.who, "Other Unified") not in shown, "shows what is another LEA's"
    assert "Traceback (most recent" not in shown
    assert "<script>alert" not in shown or not answer.headers["Content-Type"].startswith("text/html")
    assert "\n" not in "".join(f"{name}{value}" for name, value in answer.headers.items())


def texts(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """What a form sends as text; a file is its content."""
    found: list[tuple[str, str]] = []
    for name, value in answers.items():
        for one in value if isinstance(value, list) else [value]:
            found.append((name, one.read().decode("latin-1") if hasattr(one, "read") else str(one)))
    return found
