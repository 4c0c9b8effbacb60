"""What goes wrong between us and a OneRoster server: every fault is a sentence that names the request and no secret."""

import logging
import traceback
from pathlib import Path

import pytest

from cersgroups.core.error import DataStop, Stop
from cersgroups.sources import oneroster_rest
from tests.sources.oneroster_files import export
from tests.sources.oneroster_oauth import basic
from tests.sources.oneroster_rest_reading import REQUESTS, checked, fetched, server
from tests.sources.oneroster_server import CLIENT_SECRET, COLLECTIONS, OneRosterServer

ALL = ["ST1", "ST2", "ST3"]


def stopped(tmp_path: Path, served: OneRosterServer, **settings: str) -> str:
    with pytest.raises(Stop) as stop:
        fetched(tmp_path, served, **settings)
    return str(stop.value)


@pytest.mark.parametrize("fault", ["429", "500", "503", "half", "drop", "slow"])
def test_a_fault_that_passes_is_tried_again_whatever_request_meets_it(tmp_path: Path, fault: str) -> None:
    numbers = range(1, REQUESTS + 1) if fault != "slow" else (3,)
    with server(tmp_path, links=False) as served:
        served.slowness = 0.6
        for number in numbers:
            served.asked.clear()
            served.faults = {number: fault}
            assert fetched(tmp_path, served).ids("students", "student_id") == ALL
            assert len(served.asked) == REQUESTS + 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("429", 'the server answers 429 and says "not now".'),
        ("500", 'the server answers 500 and says "not now".'),
        ("half", "the server broke off in the middle of its answer."),
        ("drop", "the server broke off in the middle of its answer."),
        ("cut", "the answer is no JSON, or ends in the middle."),
        ("page", "the answer is no JSON, or ends in the middle."),
    ],
)
def test_a_server_that_fails_for_good_stops_at_any_request_and_the_request_is_named(
    tmp_path: Path, fault: str, why: str
) -> None:
    with server(tmp_path, links=False) as served:
        served.lasting = True
        for number in range(1, REQUESTS + 1):
            served.asked.clear()
            served.faults = {number: fault}
            sentence = stopped(tmp_path, served)
            assert sentence.startswith(f"OneRoster: GET /{COLLECTIONS[(number - 1) // 2]}?limit=5000&offset=")
            assert why in sentence


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_that_is_refused_stops_and_says_what_to_grant(
    tmp_path: Path, name: str, status: int, version: str
) -> None:
    with server(tmp_path, version="1.2" if version == "1.2" else "1.1", refused={name: status}) as served:
        sentence = stopped(tmp_path, served)
        lines = checked(served)
    said = f'OneRoster: GET /{name}?limit=5000&offset=0: the server answers {status} and says "{name} is not for you".'
    assert sentence.startswith(said)
    assert ("Check the base address" if status == 404 else f"let this client read {name}.") in sentence
    assert [what for what, line in lines.items() if not line.ok] == [name]


def test_a_token_that_ends_in_the_middle_is_renewed(tmp_path: Path) -> None:
    with server(tmp_path, links=False, token_requests=5) as served:
        assert fetched(tmp_path, served).ids("students", "student_id") == ALL
        assert len(served.tokens) == 3


def test_a_token_is_renewed_before_its_end(tmp_path: Path) -> None:
    with server(tmp_path, links=False, token_says=0) as served:
        assert fetched(tmp_path, served).ids("students", "student_id") == ALL
        assert len(served.tokens) == REQUESTS
        served.token_says = str(21600)
        fetched(tmp_path, served)
        for never in (None, 10**400):
            served.token_says = never
            fetched(tmp_path, served)
        assert len(served.tokens) == REQUESTS + 3


def test_a_server_that_refuses_every_token_is_asked_for_a_new_one_once(tmp_path: Path) -> None:
    with server(tmp_path, token_requests=0) as served:
        assert "GET /orgs?limit=5000&offset=0: the server answers 401" in stopped(tmp_path, served)
        assert len(served.tokens) == 2


def test_no_token_is_told_once_with_what_to_check(tmp_path: Path) -> None:
    with server(tmp_path) as served:
        sentence = stopped(tmp_path, served, client_secret="wrong")  # noqa: S106 - on purpose
        lines = checked(served, client_secret="wrong")  # noqa: S106 - on purpose
    assert sentence.startswith("OneRoster token: POST /token: the server answers 401 and says ")
    assert sentence.endswith("Check the token address, the client id and the client secret.")
    assert list(lines) == ["Sign-in"]
    assert not lines["Sign-in"].ok


def test_a_token_that_is_not_given_just_now_is_asked_for_again(tmp_path: Path) -> None:
    with server(tmp_path, token_faults=["503"]) as served:
        assert fetched(tmp_path, served).ids("students", "student_id") == ALL
        served.token_faults = ["429", "503"]
        assert stopped(tmp_path, served).startswith("OneRoster token: POST /token: the server answers 503")


@pytest.mark.parametrize("place", ["token_address", "base_address"])
def test_a_server_that_is_not_there_is_told(tmp_path: Path, place: str) -> None:
    with server(tmp_path) as served:
        gone = {place: "http://127.0.0.1:9/ims/oneroster/v1p1"}
        assert ": no connection. Check the address and the network." in stopped(tmp_path, served, **gone)
        lines = checked(served, **gone)
    assert [line.ok for line in lines.values()] == ([False] if place == "token_address" else [True, False])


def test_a_token_address_that_gives_no_token_is_told(tmp_path: Path) -> None:
    with server(tmp_path) as served:
        served.give_token = lambda: {"access_token": None}  # type: ignore[method-assign]
        assert "POST /token: there is no access token in the answer." in stopped(tmp_path, served)
        served.give_token = lambda: ["no", "object"]  # type: ignore[method-assign,assignment,return-value]
        assert "POST /token: there is no access token in the answer." in stopped(tmp_path, served)


def test_an_answer_without_the_collection_is_told(tmp_path: Path) -> None:
    with server(tmp_path) as served:
        served.base = served.address
        sentence = stopped(tmp_path, served, base_address=served.address + "/ims/oneroster")
    assert sentence.startswith("OneRoster: GET /orgs?limit=5000&offset=0: the server answers 404")


SHOWN_NEVER = (CLIENT_SECRET, basic("client-1279e5c6", CLIENT_SECRET).removeprefix("Basic "))


@pytest.mark.parametrize("sign_in", ["OAuth 2", "HMAC-SHA1", "HMAC-SHA256"])
def test_no_secret_no_token_and_no_student_is_in_any_exception_or_log(
    tmp_path: Path, sign_in: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    with server(tmp_path, links=False, sign_in=sign_in) as served:
        for fault in ("429", "500", "half", "drop", "cut", "page"):
            served.lasting, served.faults = True, {len(served.asked) + 11: fault}
            told.append(_all_that_is_told(tmp_path, served))
        served.faults = {}
        for collection in COLLECTIONS:
            served.refused = {collection: 401}
            told.append(_all_that_is_told(tmp_path, served))
            told += [line.sentence for line in checked(served).values()]
        served.refused = {}
        told.append(_all_that_is_told(tmp_path, served, client_secret=CLIENT_SECRET + "x"))
        served.token_requests = 0
        told.append(_all_that_is_told(tmp_path, served) if sign_in == "OAuth 2" else "")
        tokens = list(served.tokens)
    names = [
        user[name] for user in export()["users"] if user["role"] == "student" for name in ("givenName", "familyName")
    ]
    text = "\n".join([*told, caplog.text])
    for hidden in (*SHOWN_NEVER, *tokens, *(name for name in names if len(name) > 2)):
        assert hidden not in text, hidden
    assert ("***" in text) == (sign_in == "OAuth 2")


def _all_that_is_told(tmp_path: Path, served: OneRosterServer, **settings: str) -> str:
    """The exception with all that it is chained to, as a log would show it."""
    with pytest.raises(DataStop) as stop:
        fetched(tmp_path, served, **settings)
    chain = [stop.value]
    while (last := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(last)  # type: ignore[arg-type]
    shown = [str(part) + repr(part) + repr(getattr(part, "request", "")) for part in chain]
    return "\n".join([*shown, *traceback.format_exception(stop.value)])


def test_the_folder_is_left_without_what_was_fetched(tmp_path: Path) -> None:
    assert oneroster_rest.PATIENCE.attempts == 2
    with server(tmp_path, refused={"enrollments": 403}) as served:
        stopped(tmp_path, served)
    assert not list(tmp_path.rglob("*.csv"))
