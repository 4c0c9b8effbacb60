"""Every address of the API refuses the wrong token. An address that is not in address.md fails the first test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cersgroups.api.description import api
from cersgroups.core.api_token import SCOPES
from tests.api.program import Program, program_of
from tests.profiles import CLASSES
from tests.roster import roster_zip
from tests.web.address import CODE, SECRET, WHO, World, adas, all_routes, log_length, undone
from tests.web.entry import entries_of, left_since, names_a_student

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("address.md")
WORDS = {401: "no token", 403: "refused", 404: "none", 409: "not now"}
UNREAD = ("no token", "refused", "none")

Cell = tuple[str, str]


def read_table() -> dict[Cell, dict[str, str]]:
    """By method and address: the scope, what each person gets, and the entry that is left."""
    found = {}
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if cells[0] in ("GET", "POST", "PUT", "DELETE"):
            found[cells[0], cells[1]] = dict(zip(("scope", *WHO, "entry"), cells[2:], strict=True))
    return found


BODIES: dict[Cell, Callable[[World], Any]] = {
    ("POST", "/profiles"): lambda _w: CLASSES,
    ("PUT", "/profiles/<profile_id>"): lambda _w: {**CLASSES, "name": "Other"},
    ("POST", "/extracts"): lambda w: {"profiles": [int(w.ids["profiles"])]},
    ("POST", "/uploads"): lambda w: {"extract": int(w.ids["extracted-files"])},
}


def path_of(world: World, address: str) -> str:
    """The address of the world's own records."""
    names = {
        "<snapshot_id>": world.ids["roster"],
        "<profile_id>": world.ids["profiles"],
        "<extract_id>": world.ids["extracted-files"],
        "<upload_id>": world.ids["uploads"],
        "<run_id>": world.ids["runs"],
        "<code>": CODE,
        "<file_name>": "extract-1.csv",
    }
    for name, value in names.items():
        address = address.replace(name, value)
    return address


def call(world: World, program: Program, cell: Cell) -> Any:
    method, address = cell
    path = path_of(world, address)
    if address.startswith("/api/"):
        return program.client.get(path)
    if cell == ("POST", "/snapshots"):
        return program.send(path, {"roster": SimpleUploadedFile("fig.zip", roster_zip())})
    body = BODIES[cell](world) if cell in BODIES else None
    if method == "POST":
        return program.post(path, body)
    if method == "PUT":
        return program.put(path, body, **{"If-Match": '"1"'})
    return program.delete(path, **{"If-Match": '"1"'}) if method == "DELETE" else program.get(path)


def outcome(answer: Any, method: str) -> str:
    """In the table's words."""
    if answer.status_code in (200, 201, 204):
        return "given" if method == "GET" else "done"
    return WORDS.get(answer.status_code, str(answer.status_code))


def test_every_address_is_in_the_table() -> None:
    routes = {f"/{route}".removeprefix("/api/v1") for route in all_routes() if route.startswith("api/")} - {"/api/"}
    described = {
        (method.upper(), path.replace("{", "<").replace("}", ">").removeprefix("/api/v1"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    table = read_table()
    assert {address for _method, address in table} == routes
    assert {cell for cell in table if not cell[1].startswith("/api/")} == described


def test_every_write_is_noted() -> None:
    unnoted = {cell for cell, row in read_table().items() if cell[0] != "GET" and not row["entry"]}
    assert not unnoted


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_table_says_and_no_more(world: World, who: str) -> None:
    people, found, noted = world.people, {}, {}
    program = Program() if who == "nobody" else program_of(people.by_name(who))
    for cell, row in read_table().items():
        with undone():
            log, theirs, own = log_length(world), adas(world), entries_of(who)
            answer = call(world, program, cell)
            found[cell] = outcome(answer, cell[0])
            if found[cell] in UNREAD:
                assert log_length(world) == log, f"{cell} was refused, but something was done"
                assert answer["Content-Type"] == "application/problem+json"
            noted[cell] = left_since(own, who, "API")
            assert row["entry"] or answer.streaming or not names_a_student(answer.content.decode()), f"{cell}, unnoted"
            if who != "ada":
                assert adas(world) == theirs, f"{cell} changed what is Ada's"
            if who not in ("ada", "vera") and not answer.streaming:
                assert SECRET not in answer.content.decode(), f"{cell} shows what is Ada's"
    assert found == {cell: gets[who] for cell, gets in read_table().items()}
    assert noted == {
        cell: [row["entry"]] if row["entry"] and row[who] in ("given", "done") else []
        for cell, row in read_table().items()
    }


def test_a_token_without_the_scope_is_refused_and_one_with_it_alone_is_not(world: World) -> None:
    ada = world.people.ada
    only = {scope: program_of(ada, scope, name=f"only {scope}") for scope in SCOPES}
    for cell, gets in read_table().items():
        for scope, program in only.items():
            allowed = scope in gets["scope"].split(", ") or not gets["scope"]
            with undone():
                got = outcome(call(world, program, cell), cell[0])
            assert (got in ("given", "done")) is allowed, (cell, scope)
            assert allowed or got == "refused", (cell, scope)


def test_other_methods_do_nothing(world: World) -> None:
    program, table, theirs = program_of(world.people.ada), read_table(), adas(world)
    for address in {address for _method, address in table}:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            if (method, address) not in table:
                path = path_of(world, address if address.startswith("/api/") else f"/api/v1{address}")
                answer = program.client.generic(method, path)
                assert answer.status_code == 405, (method, address)
                assert answer["Allow"]
    assert adas(world) == theirs


@pytest.mark.usefixtures("world")
def test_who_is_signed_in_in_the_browser_needs_a_token_too() -> None:
    """So no page of another site can have a browser call the API."""
    from tests.people import person_named

    program = Program()
    program.client.force_login(person_named("ada"))
    assert program.get("/profiles").status_code == 401
