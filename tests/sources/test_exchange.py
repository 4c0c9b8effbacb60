"""Asking a SIS over HTTP: tried again where that helps, whole answers only, told without secrets."""

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from cersgroups.core.error import DataStop, Stop
from cersgroups.sources.exchange import Patience, Refused, Server
from tests.sources.scripted_server import Reply, ScriptedServer
from tests.sources.self_signed import self_signed

SECRET = "5ecret-certificate"  # noqa: S105 - stands for one
BUSY = Reply(b'{"Message": "Too many"}', 429, {"Retry-After": "0"})
QUICK = Patience(connect=1, silence=1, attempts=3, pause=0.001, longest_pause=0.002, longest_wait=1)


def server(script: ScriptedServer, patience: Patience = QUICK, **more: Any) -> Server:
    return Server("SIS", script.url, headers={"KEY": SECRET}, secrets=(SECRET,), patience=patience, **more)


def answer_of(*replies: Reply) -> list[dict[str, Any]]:
    """The rows of what comes in the end. Raises as the server does."""
    with ScriptedServer(*replies) as script, server(script) as sis, closing(sis.get("things", {"page": 1})) as answer:
        return list(answer.rows())


def stop_of(*replies: Reply) -> str:
    with pytest.raises(DataStop) as stop:
        answer_of(*replies)
    return str(stop.value)


def test_an_answer_is_a_list_of_rows() -> None:
    assert answer_of(Reply(b'[{"id": 1}, {"id": 2}]')) == [{"id": 1}, {"id": 2}]


def test_a_list_can_stand_under_a_name() -> None:
    script = ScriptedServer(Reply(b'{"page": 1, "users": [{"id": 1}]}'))
    with script, server(script) as sis, closing(sis.get("users")) as answer:
        assert list(answer.rows("users")) == [{"id": 1}]
        assert answer.json()["page"] == 1


@pytest.mark.parametrize("fault", [BUSY, Reply(status=503), Reply(hang_up=True), Reply(b'[{"id": 1}', announced=99)])
def test_what_may_pass_is_tried_again(fault: Reply) -> None:
    with ScriptedServer(fault, fault, Reply(b'[{"id": 1}]')) as script, server(script) as sis:
        with closing(sis.get("things")) as answer:
            assert list(answer.rows()) == [{"id": 1}]
        assert script.requests == ["/things"] * 3


def test_after_the_last_attempt_the_request_and_its_fault_are_told() -> None:
    with ScriptedServer(BUSY) as script, server(script) as sis:
        with pytest.raises(Refused) as stop:
            sis.get("things", {"page": 1})
        assert len(script.requests) == QUICK.attempts
    assert str(stop.value) == 'SIS: GET /things?page=1: the server answers 429 and says "Too many".'
    assert stop.value.http_status == 429


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_final(status: int) -> None:
    with ScriptedServer(Reply(b'{"Message": "No"}', status)) as script, server(script) as sis:
        with pytest.raises(Refused, match=f'the server answers {status} and says "No"'):
            sis.get("things")
        assert len(script.requests) == 1


def test_half_a_body_is_never_used() -> None:
    message = stop_of(Reply(b'[{"id": 1}, {"id": 2}]', announced=1000))
    assert message == (
        "SIS: GET /things?page=1: the server broke off in the middle of its answer. Check the address and the network."
    )


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b'[{"id": 1}, {"id": 2}', b"", b'[{"id": 1}] and more'])
def test_what_is_no_json_stops_and_names_the_request(body: bytes) -> None:
    assert stop_of(Reply(body)).startswith("SIS: GET /things?page=1: the answer is no JSON, or ends in the middle.")


@pytest.mark.parametrize("body", [b'{"Message": "hello"}', b"7"])
def test_what_is_no_list_stops(body: bytes) -> None:
    assert stop_of(Reply(body)).startswith("SIS: GET /things?page=1: the answer is no list.")


def test_a_list_of_something_else_than_rows_stops() -> None:
    assert "holds something else than rows" in stop_of(Reply(b'["a", "b"]'))


def test_a_number_of_thousands_of_digits_stops() -> None:
    assert "the answer is no JSON" in stop_of(Reply(b'[{"id": ' + b"9" * 5_000 + b"}]"))


def test_a_list_that_is_not_there_under_its_name_stops() -> None:
    script = ScriptedServer(Reply(b'{"Users": []}'))
    with script, server(script) as sis, pytest.raises(DataStop, match='has no list "users"'):
        list(sis.get("users").rows("users"))


def test_a_redirect_is_not_followed_but_told() -> None:
    message = stop_of(Reply(status=302, headers={"Location": f"https://other.example/sign-in?key={SECRET}"}))
    assert "answers 302 and sends us to https://other.example/sign-in. Enter the address" in message
    assert SECRET not in message


def test_a_link_to_the_same_server_is_followed_and_to_another_is_not() -> None:
    with ScriptedServer(Reply(b"[]")) as script, server(script) as sis:
        sis.get(f"{script.url}/things?offset=100").close()
        assert script.requests == ["/things?offset=100"]
        for other in ("https://other.example/things", script.url.replace("http", "https"), "http://[broken"):
            with pytest.raises(DataStop, match="sends us to another"):
                sis.get(f"{other}/things" if "[" not in other else f"{other}://")
        assert len(script.requests) == 1


def test_a_wait_that_is_asked_for_is_waited() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=-5), usegmt=True)
    assert answer_of(Reply(status=429, headers={"Retry-After": soon}), Reply(b"[]")) == []
    assert answer_of(Reply(status=429, headers={"Retry-After": "when you like"}), Reply(b"[]")) == []


@pytest.mark.parametrize(
    "later",
    ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)],
    ids=["in seconds", "as a date"],  # the same in every worker of pytest
)
def test_a_wait_that_is_too_long_is_told_at_once(later: str) -> None:
    with ScriptedServer(Reply(status=503, headers={"Retry-After": later})) as script, server(script) as sis:
        with pytest.raises(Refused, match="503"):
            sis.get("things")
        assert len(script.requests) == 1


def test_a_server_that_falls_silent_is_told() -> None:
    script, patience = ScriptedServer(Reply(b"[1234]", pause=0.5)), Patience(silence=0.05, attempts=1)
    with script, server(script, patience) as sis, pytest.raises(DataStop, match="the server stopped answering"):
        sis.get("things")


def test_a_server_that_never_comes_to_an_end_is_told() -> None:
    script, patience = ScriptedServer(Reply(b" " * 1000, pause=0.02)), Patience(whole=0.05, attempts=1)
    with script, server(script, patience) as sis, pytest.raises(DataStop, match=r"not whole after 0\.05 seconds"):
        sis.get("things")


def test_nobody_there_is_told() -> None:
    with ScriptedServer() as script:
        pass
    with server(script) as sis, pytest.raises(DataStop, match=r"GET /things: no connection\. Check the address"):
        sis.get("things")


def test_a_server_for_which_nobody_vouches_is_told(tmp_path: Path) -> None:
    script = ScriptedServer(Reply(), tls=self_signed(tmp_path, tmp_path / "authority.pem"))
    with script, server(script) as sis, pytest.raises(DataStop, match="nobody we trust vouches for the server's TLS"):
        sis.get("things")
    assert script.requests == []


def _chained(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "fault",
    [
        Reply(f'{{"Message": "No such key: {SECRET}, sorry"}}'.encode(), 401),
        Reply(f'{{"Message": "{SECRET}"}}'.encode(), 500),
        Reply(b"[", announced=9),
        Reply(hang_up=True),
        Reply(b"no json"),
        Reply(status=301, headers={"Location": f"/{SECRET}/"}),
    ],
)
def test_no_secret_is_in_a_sentence_nor_in_any_error_behind_it(fault: Reply) -> None:
    with pytest.raises(Stop) as stop:
        answer_of(fault)
    for error in _chained(stop.value):
        assert SECRET not in str(error)
        assert type(error).__module__.startswith("cersgroups")


def test_the_secret_is_sent_with_the_request() -> None:
    with ScriptedServer(Reply(b"[]")) as script, server(script) as sis:
        sis.get("things").close()
        assert script.headers["KEY"] == SECRET


class Answered(httpx.Auth):
    """Sets the event once an answer is read whole; it signs nothing."""

    requires_response_body = True

    def __init__(self) -> None:
        self.event = threading.Event()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        yield request
        self.event.set()


def test_a_request_of_another_thread_is_not_tried_again_once_the_work_has_ended() -> None:
    told: list[Stop] = []
    answered = Answered()
    patience = Patience(attempts=5, pause=60, longest_pause=60)
    with ScriptedServer(BUSY) as script:
        with server(script, patience, auth=answered) as sis:

            def ask() -> None:
                try:
                    sis.get("things")
                except Stop as stop:
                    told.append(stop)

            thread = threading.Thread(target=ask)
            thread.start()
            assert answered.event.wait(20)  # else the end may come before the answer, and be told as a break
        thread.join(5)
    assert [str(stop) for stop in told] == ['SIS: GET /things: the server answers 429 and says "Too many".']


@pytest.mark.parametrize("address", ["http://[", "//[x", "http://a:99999999/"])
def test_a_redirect_to_what_is_no_address_is_told(address: str) -> None:
    message = stop_of(Reply(status=302, headers={"Location": address}))
    assert "answers 302 and sends us to what is no address." in message


def test_what_a_server_says_can_be_stored_whatever_it_is() -> None:
    message = stop_of(Reply(b'{"Message": "no\\u0000 \\ud800 way"}', status=403))
    assert message.endswith('the server answers 403 and says "no ? way".')
