"""The client against the sandbox, over real HTTP: testing a credential, sending, asking."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from cersgroups.cers.client import Client, md5
from cersgroups.cers.credential import Credential, Kind
from cersgroups.cers.sandbox import Sandbox
from cersgroups.cers.sandbox_account import Account
from cersgroups.cers.verdict import Result
from cersgroups.core.error import RequestStop
from tests.cers.csv_file import OTHER_SCHOOL, SCHOOL, file, row, ssid
from tests.cers.receiver import YEARS, client_of, written


class Log(list[str]):
    def uploads(self) -> int:
        return sum(line.startswith("POST /groups/imports") for line in self)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def sandbox(log: Log) -> Iterator[Sandbox]:
    with Sandbox(known=YEARS, log=log.append) as running:
        yield running


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    return written(tmp_path, file(row(login="a@b.c"), row(ssid=ssid(2))))


@pytest.mark.parametrize("kind", ["password", "okta", "client"])
def test_every_kind_of_credential_passes_the_test(sandbox: Sandbox, kind: Kind) -> None:
    check = Client(sandbox.endpoints, sandbox.credential(kind)).check()
    assert check.ok
    assert check.authorities == ("GROUP_WRITE",)
    assert check.sentence == "The credential works: CERS knows it as sandbox, who may send student groups."


@pytest.mark.parametrize(
    ("wrong", "code", "advice"),
    [
        ({"client_secret": "no"}, "invalid_client", "Correct the client id and the client secret."),
        ({"password": "no"}, "invalid_grant", "get the current ones and enter them."),
        ({"username": "no"}, "invalid_grant", "after 365 days"),
    ],
)
def test_a_wrong_credential_is_told_and_nothing_is_sent(
    sandbox: Sandbox, groups: Path, log: Log, wrong: dict[str, Any], code: str, advice: str
) -> None:
    client = Client(sandbox.endpoints, replace(sandbox.credential(), **wrong))
    check = client.check()
    assert not check.ok
    assert advice in check.sentence
    answer = client.send(groups)
    assert (answer.code, answer.outcome, answer.again) == (code, "not_sent", False)
    assert log.uploads() == 0


def test_an_account_without_the_right_fails_the_test_and_cannot_send(groups: Path) -> None:
    with Sandbox(accounts=(Account(authorities=("ROLE_OTHER",)),)) as sandbox:
        check = client_of(sandbox).check()
        assert not check.ok
        assert "may not send student groups" in check.sentence
        assert client_of(sandbox).send(groups).code == "http_403"


@pytest.mark.parametrize("form", ["multipart", "raw"])
def test_a_file_is_accepted_and_then_processed(
    sandbox: Sandbox, groups: Path, form: Literal["multipart", "raw"]
) -> None:
    client = client_of(sandbox)
    sent = client.send(groups, "Groups of Ñ, week 1.csv", form)
    assert (sent.outcome, sent.status, sent.http_status) == ("accepted", "ACCEPTED", 202)
    assert sent.digest == md5(groups)
    assert sent.import_id is not None
    told = client.status(sent.import_id)
    assert (told.outcome, told.digest) == ("processed", sent.digest)
    assert told.results == [Result(0, True, f"1 group accepted for {SCHOOL}.")]
    state = sandbox.state()
    assert state["groups"][0]["members"] == [ssid(1), ssid(2)]
    assert state["imports"][0]["filename"] == "Groups of Ñ, week 1.csv"


def test_a_refused_file_comes_back_with_its_messages_row_by_row(sandbox: Sandbox, tmp_path: Path) -> None:
    answer = client_of(sandbox).send(written(tmp_path, file(row(), row(year="1999"), row("Period 2", subject="CAST"))))
    assert (answer.outcome, answer.status, answer.http_status, answer.again) == ("refused", "BAD_DATA", 202, False)
    assert [(result.row, result.message) for result in answer.results] == [
        (2, "Invalid school year: 1999"),
        (3, "Invalid subject: CAST"),
    ]
    assert "Correct the roster or the profile" in answer.sentence


def test_a_file_that_breaks_the_receivers_check_may_be_there_or_not(sandbox: Sandbox, tmp_path: Path) -> None:
    answer = client_of(sandbox).send(written(tmp_path, file(row('"'))))
    assert (answer.outcome, answer.code, answer.http_status) == ("lost", "http_5xx", 500)


def test_a_school_out_of_scope_is_refused(groups: Path) -> None:
    with Sandbox(known=YEARS, accounts=(Account(schools=frozenset({OTHER_SCHOOL})),)) as sandbox:
        answer = client_of(sandbox).send(groups)
    assert answer.outcome == "refused"
    assert answer.results[0].message == f"School [{SCHOOL}] can not be found"


def test_a_load_that_fails_after_it_was_accepted_is_seen_by_asking(sandbox: Sandbox, tmp_path: Path) -> None:
    client = client_of(sandbox)
    sent = client.send(written(tmp_path, file(row("🌟"))))
    assert sent.outcome == "accepted"
    told = client.status(str(sent.import_id))
    assert (told.outcome, told.status, told.results) == ("refused", "BAD_DATA", [])


def test_a_late_load_is_waited_for(sandbox: Sandbox, groups: Path) -> None:
    sandbox.control(late_seconds=0.5)
    client = client_of(sandbox)
    sent = client.send(groups)
    assert client.status(str(sent.import_id)).outcome == "accepted"
    assert client.status(str(sent.import_id), wait_seconds=20).outcome == "processed"


@pytest.mark.parametrize("status", [401, 403])
def test_who_may_not_ask_has_an_accepted_file(sandbox: Sandbox, groups: Path, status: int) -> None:
    client = client_of(sandbox)
    sent = client.send(groups)
    sandbox.control(fail_what="status", fail_status=status, fail_share=1)
    told = client.status(str(sent.import_id))
    assert (told.outcome, told.code, told.import_id) == ("accepted", "not_visible", sent.import_id)


def test_without_polling_accepted_is_the_last_word(sandbox: Sandbox, groups: Path) -> None:
    sandbox.control(polling=False)
    client = client_of(sandbox)
    assert client.status(str(client.send(groups).import_id)).code == "not_visible"
    assert client.status("999").code == "not_visible"


def test_a_receiver_in_trouble_does_not_unaccept_a_file(sandbox: Sandbox, groups: Path) -> None:
    client = client_of(sandbox)
    sent = client.send(groups)
    sandbox.control(fail_share=1, fail_status=500)
    told = client.status(str(sent.import_id))
    assert (told.outcome, told.code, told.again) == ("accepted", "status_unknown", True)


def test_a_lost_answer_is_healed_by_the_same_bytes(sandbox: Sandbox, groups: Path, log: Log) -> None:
    sandbox.control(lose_next=1)
    client = client_of(sandbox)
    lost = client.send(groups)
    assert (lost.outcome, lost.again, lost.import_id) == ("lost", True, None)
    assert log.uploads() == 1
    assert len(sandbox.state()["groups"]) == 1
    assert client.send(groups).outcome == "processed"
    assert [each["outcome"] for each in sandbox.state()["imports"]] == ["skipped", "loaded"]


def test_a_connection_dropped_before_processing_is_lost_too(sandbox: Sandbox, groups: Path, log: Log) -> None:
    sandbox.control(drop_next=1)
    client = client_of(sandbox)
    assert client.send(groups).outcome == "lost"
    assert log.uploads() == 1
    assert sandbox.state()["groups"] == []
    assert client.send(groups).outcome == "accepted"


def test_a_late_answer_is_a_lost_one(sandbox: Sandbox, groups: Path) -> None:
    client = client_of(sandbox)
    assert client.check().ok
    sandbox.control(slow_seconds=60)
    client.patience = replace(client.patience, file_answer=0.2)
    answer = client.send(groups)
    assert (answer.code, answer.outcome) == ("answer_late", "lost")


@pytest.mark.parametrize(
    ("status", "code", "outcome", "again"),
    [
        (401, "http_401", "not_sent", False),
        (403, "http_403", "not_sent", False),
        (429, "http_429", "not_sent", True),
        (500, "http_5xx", "lost", True),
        (503, "http_503", "not_sent", True),
    ],
)
def test_a_status_that_is_no_acceptance(
    sandbox: Sandbox, groups: Path, log: Log, status: int, code: str, outcome: str, again: bool
) -> None:
    sandbox.control(fail_what="upload", fail_status=status, fail_share=1)
    answer = client_of(sandbox).send(groups)
    assert (answer.code, answer.outcome, answer.again, answer.http_status) == (code, outcome, again, status)
    assert answer.digest == md5(groups)
    assert log.uploads() == 1
    assert sandbox.state()["imports"] == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_file_goes_out_again_when_the_receiver_says_when(
    sandbox: Sandbox, groups: Path, log: Log, status: int
) -> None:
    sandbox.control(fail_what="upload", fail_status=status, fail_next=2, retry_after=0)
    assert client_of(sandbox).send(groups).outcome == "accepted"
    assert log.uploads() == 3


def test_a_long_wait_is_told_and_not_waited_for(sandbox: Sandbox, groups: Path, log: Log) -> None:
    sandbox.control(fail_what="upload", fail_status=429, fail_next=1, retry_after=3600)
    answer = client_of(sandbox).send(groups)
    assert (answer.outcome, answer.again, answer.wait_seconds) == ("not_sent", True, 3600)
    assert log.uploads() == 1


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("what", ["token", "check"])
def test_what_does_no_harm_is_tried_again(sandbox: Sandbox, what: str, status: int) -> None:
    sandbox.control(fail_what=what, fail_status=status, fail_next=2)
    assert client_of(sandbox).check().ok
    sandbox.control(fail_next=99)
    check = client_of(sandbox).check()
    assert check.answer is not None
    assert check.answer.again


def test_an_expired_token_is_fetched_anew(sandbox: Sandbox, groups: Path, log: Log) -> None:
    client = client_of(sandbox)
    assert client.check().ok
    assert client.check().ok
    assert log.count("POST /api/v1/token: 200") == 1
    sandbox.tokens.expire()
    assert client.send(groups).outcome == "accepted"
    assert log.count("POST /api/v1/token: 200") == 2
    sandbox.control(token_seconds=0)
    sandbox.tokens.expire()
    assert client.send(groups).code == "http_401"


def test_a_file_that_is_not_there_stops_before_anything_is_sent(sandbox: Sandbox, tmp_path: Path, log: Log) -> None:
    with pytest.raises(RequestStop, match=r"gone\.csv: cannot be read"):
        client_of(sandbox).send(tmp_path / "gone.csv")
    assert log == []


def test_a_credential_shows_nothing_and_lacks_nothing() -> None:
    credential = Credential("password", "user-1", "pass-1", "client-1", "secret-1")
    assert repr(credential) == "Credential(kind='password')"
    assert Credential("client", client_id="a", client_secret="b").form() == {  # noqa: S106
        "grant_type": "client_credentials",
        "client_id": "a",
        "client_secret": "b",
    }
    with pytest.raises(RequestStop, match="lacks its client secret and password"):
        Credential("okta", "user", "", "client", "")
