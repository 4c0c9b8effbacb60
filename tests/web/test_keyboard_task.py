"""tests/e2e/keyboard.md names a test by keyboard for every form that a person may use."""

import re
from pathlib import Path

import pytest

from tests.web.address import read_table

E2E = Path(__file__).parents[1] / "e2e"
MOUSE = re.compile(r"\.(click|fill|check|uncheck|select_option|set_input_files)\(")
NOTHING_TO_DO = {"none", "moved", "no such method"}


def rows() -> list[list[str]]:
    """Of all tables of keyboard.md: the form, and what stands behind it."""
    lines = [line for line in (E2E / "keyboard.md").read_text().splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_no_form_is_missing() -> None:
    forms = {route: set(who.values()) for (method, route), who in read_table().items() if method == "POST"}
    usable = {route for route, outcomes in forms.items() if outcomes - NOTHING_TO_DO}
    assert {form for form, *_ in rows()} == usable


@pytest.mark.parametrize(("form", "test"), [(row[0], row[2]) for row in rows() if len(row) == 3])
def test_the_test_that_does_the_task_by_keyboard_is_there(form: str, test: str) -> None:
    file, name = test.split(": ")
    source = (E2E / f"{file}.py").read_text()
    body = re.search(rf"def {name}\((.*?)(?=\n\n\n|\Z)", source, re.DOTALL)
    assert body, f"{form}: {test}"
    assert not MOUSE.search(body[1]), f"{name} uses more than keys"
