"""What goes wrong is told as problem+json, with the sentence that the page would show; nothing else ever comes."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from tests.api.program import Program, program_of
from tests.people import People
from tests.profiles import CLASSES

pytestmark = pytest.mark.django_db


def told(answer: Any) -> tuple[int, str]:
    """Status and sentence, of a well-formed problem."""
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    assert problem["title"]
    return problem["status"], problem["detail"]


@pytest.mark.usefixtures("people")
def test_without_a_token_one_is_told_how_to_get_it() -> None:
    answer = Program().get("/profiles")
    assert told(answer) == (401, told(Program("cersgroups_1_no").get("/profiles"))[1])
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert "API tokens" in answer.json()["detail"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer ünïcode", "Token x", "Bearer a b"])
@pytest.mark.usefixtures("people")
def test_whatever_stands_for_a_token_is_refused_alike(header: str) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/token")
    assert told(answer)[0] == 401


def test_what_is_refused_says_why(people: People) -> None:
    status, sentence = told(program_of(people.sam).post("/profiles", CLASSES))
    assert (status, "you are limited to other schools" in sentence) == (403, True)


@pytest.mark.parametrize(("path", "known"), [("/profiles?page=2", "Known: limit, cursor."), ("/token?x", "Send none.")])
def test_a_parameter_that_is_not_there_is_told_and_not_ignored(people: People, path: str, known: str) -> None:
    status, sentence = told(program_of(people.ada).get(path))
    name = path.split("?")[1].split("=")[0]
    assert (status, f"query/{name}: There is no such parameter here. {known}" in sentence) == (422, True)


def test_a_profile_that_cannot_be_meant_is_told_as_the_command_line_tells_it(people: People) -> None:
    content = {**CLASSES, "filters": {"grades": ["09"]}}
    status, sentence = told(program_of(people.ada).post("/profiles", content))
    assert status == 400
    assert "filters.grades does not apply to the type classes" in sentence


@pytest.mark.parametrize("body", ["", "{", "[1]", '"text"', "null"])
def test_a_body_that_is_no_object_is_told(people: People, body: str) -> None:
    assert told(program_of(people.ada).client.post("/api/v1/profiles", body, "application/json"))[0] in (400, 422)


def test_where_a_request_does_not_fit_is_told(people: People) -> None:
    answer = program_of(people.ada).get("/profiles?limit=0")
    assert told(answer)[0] == 422
    assert answer.json()["errors"][0]["at"].endswith("limit")


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_characters_that_are_none_are_told(people: People, text: str) -> None:
    status, sentence = told(program_of(people.ada).post("/profiles", {**CLASSES, "name": text}))
    assert (status, "a character that is none" in sentence) == (400, True)


@pytest.mark.parametrize("path", ["/nothing", "/profiles/", "/profiles/1/2/3"])
def test_an_address_that_is_none_is_told(people: People, path: str) -> None:
    assert told(program_of(people.ada).get(path))[0] == 404


def test_a_method_that_is_none_is_told(people: People) -> None:
    answer = program_of(people.ada).put("/profiles", {})
    assert told(answer)[0] == 405
    assert answer["Allow"] == "GET, POST"


def test_too_many_requests_are_told_to_wait(people: People, settings: Settings) -> None:
    settings.API_USES_PER_MINUTE = 1
    program = program_of(people.ada)
    assert program.get("/token").status_code == 200
    answer = program.get("/token")
    assert told(answer)[0] == 429
    assert 0 < int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_comes_by_http_is_refused_and_not_sent_on(people: People, settings: Settings, method: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    program = program_of(people.ada).client
    status, sentence = told(getattr(program, method)("/api/v1/profiles"))
    assert status == 403
    assert "by https only" in sentence
    assert "revoke it" in sentence
    assert program.get("/api/v1/profiles", secure=True).status_code == 200


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("page", ["/people/", "/api/docs", "/account/login/"])
def test_a_page_that_is_asked_for_by_http_is_sent_on_to_https(settings: Settings, page: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get(page)
    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{page}")
    assert Client().get("/healthz").status_code == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(people: People, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert told(program_of(people.ada).post("/profiles", {**CLASSES, "name": "x" * 2000}))[0] == 413


def test_a_fault_of_ours_is_told_without_its_inside(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_more: Any) -> None:
        raise ZeroDivisionError("a student's name")

    monkeypatch.setattr("cersgroups.actions.profile.create_profile", fail)
    program = program_of(people.ada)
    program.client.raise_request_exception = False
    answer = program.post("/profiles", CLASSES)
    assert told(answer)[0] == 500
    assert "student" not in answer.json()["detail"]
    with lea_scope(people.lea_id):
        assert not Profile.objects.exists()
