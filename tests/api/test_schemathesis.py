"""schemathesis makes requests of every kind from the OpenAPI document and finds nothing.

`make test` runs a few of each kind, always the same; `make test-all` many, and others each time.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from cersgroups.config.wsgi import application
from tests.api.program import program_of
from tests.api.test_address import BODIES
from tests.web.address import CODE, World, undone

pytestmark = pytest.mark.django_db

FEW, MANY = 4, 40
SENDS_FILES = "POST /api/v1/snapshots"
"""schemathesis sends no list of files: it sees this refused only (test_snapshot.py and test_example.py see it done)."""


def from_this_machine(environ: dict[str, Any], start: Any) -> Any:
    """The application, as a web server on this machine calls it."""
    return application({**environ, "REMOTE_ADDR": "127.0.0.1"}, start)


def _label(cell: tuple[str, str]) -> str:
    """As schemathesis calls the operation that address.md has in this line."""
    method, path = cell
    return f"{method} /api/v1{path.replace('<', '{').replace('>', '}')}"


def all_labels(schema: Any) -> set[str]:
    return {result.ok().label for result in schema.get_all_operations()}


def is_plain(url: str) -> bool:
    """Whether the address asks for a usual page: what was to be strange was nothing, which no address carries, or the
    header that the test sets itself."""
    usual = {"limit": range(1, 201), "cursor": range(1 << 62)}
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return all(value.isdecimal() and int(value) in usual.get(name, ()) for name, value in query)


@pytest.fixture
def asked(world: World, settings: Settings) -> "Iterator[Asked]":
    settings.API_USES_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["localhost"]
    signals = (request_started, request_finished)
    for signal in signals:  # as Django's own client does: the test's connection must stay open
        signal.disconnect(close_old_connections)
    yield Asked(world)
    for signal in signals:
        signal.connect(close_old_connections)


class Asked:
    """Every operation, asked with a token of Ada's; whatever was done is taken back after each request."""

    def __init__(self, world: World) -> None:
        self.ids: dict[str, Any] = {
            "snapshot_id": int(world.ids["roster"]),
            "profile_id": int(world.ids["profiles"]),
            "extract_id": int(world.ids["extracted-files"]),
            "upload_id": int(world.ids["uploads"]),
            "code": CODE,
            "file_name": "extract-1.csv",
            "run_id": int(world.ids["runs"]),
        }
        self.bodies = {_label(cell): body(world) for cell, body in BODIES.items()}
        self.headers = {"Authorization": f"Bearer {program_of(world.people.ada).text}"}
        self.schema: Any = schemathesis.openapi.from_wsgi("/api/openapi.json", from_this_machine)
        self.done: set[str] = set()

    def every(self, examples: int, *, derandomize: bool) -> None:
        """Ask `examples` of each kind of each operation: of records that are there, of any, and what does not fit."""
        for result in self.schema.get_all_operations():
            operation = result.ok()
            named = {p.name for p in operation.path_parameters}
            there = {name: value for name, value in self.ids.items() if name in named}
            kinds = [
                operation.as_strategy(GenerationMode.POSITIVE, path_parameters=there),
                operation.as_strategy(GenerationMode.NEGATIVE),
            ]
            if there:
                kinds.append(operation.as_strategy(GenerationMode.POSITIVE))
            for kind in kinds:
                self.ask(operation.label, kind, examples, derandomize=derandomize)
            if operation.label not in self.done | {SENDS_FILES}:
                self.do(operation, there)
        assert all_labels(self.schema) - self.done <= {SENDS_FILES}, "what was always refused was not tried"

    def do(self, operation: Any, there: dict[str, Any]) -> None:
        """What no chance makes up: the id of a record in a body, an ETag."""
        asked: dict[str, Any] = {"path_parameters": there, "headers": {"If-Match": '"1"'}}
        if operation.label in self.bodies:
            asked |= {"body": self.bodies[operation.label], "media_type": "application/json"}
        with undone():
            answer = operation.Case(**asked).call_and_validate(headers=self.headers)
            assert answer.status_code < 300, answer.text
            self.done.add(operation.label)

    def ask(self, label: str, kind: st.SearchStrategy[Any], examples: int, *, derandomize: bool) -> None:
        excluded = [positive_data_acceptance] if label == SENDS_FILES else []

        @given(kind)
        @settings(
            max_examples=examples,
            derandomize=derandomize,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def one(case: Any) -> None:
            with undone():
                answer = case.call(headers=self.headers)
                more = [negative_data_rejection] if label.startswith("GET") and is_plain(answer.request.url) else []
                case.validate_response(answer, headers=self.headers, excluded_checks=[*excluded, *more])
                if answer.status_code < 300:
                    self.done.add(label)

        one()


def test_schemathesis_finds_nothing(asked: Asked) -> None:
    asked.every(FEW, derandomize=True)


@pytest.mark.thorough
def test_schemathesis_finds_nothing_in_many_requests(asked: Asked) -> None:
    asked.every(MANY, derandomize=False)
