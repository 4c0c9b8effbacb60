"""What a network and its servers can do to a request."""

import ipaddress
import json
import logging
import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cersgroups.cers.client import Client, md5
from cersgroups.cers.endpoint import Endpoints
from cersgroups.cers.exchange import MAX_REPLY
from cersgroups.cers.patience import Patience
from cersgroups.cers.sandbox import Sandbox
from cersgroups.cers.sandbox_account import Account
from tests.cers.csv_file import file, row
from tests.cers.odd_server import TOKEN, OddServer, reply
from tests.cers.receiver import BRIEF, CREDENTIAL, PATIENCE, client_at, written

JSON = "Content-Type: application/json"


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    return written(tmp_path, file(row(login="a@b.c")))


@pytest.fixture
def tokens() -> Iterator[OddServer]:
    with OddServer(reply("200 OK", TOKEN, JSON)) as server:
        yield server


def record(groups: Path, **changes: object) -> bytes:
    return json.dumps({"id": 7, "status": "ACCEPTED", "digest": md5(groups), "message": None} | changes).encode()


ODD_ANSWERS = [
    (b"", "answer_lost", "lost"),
    (b"nonsense\r\n\r\n", "answer_lost", "lost"),
    (b"HTTP/1.1 202 Acc", "answer_lost", "lost"),
    (reply("202 Accepted", b'{"id": 7, "status": "ACCEPTED"}')[:-5], "answer_cut", "lost"),
    (reply("200 OK", b"<html>Sign in to the guest network</html>"), "answer_unreadable", "lost"),
    (reply("202 Accepted", b"[" * 100_000), "answer_unreadable", "lost"),
    (reply("202 Accepted", b'{"status": "ACCEPTED"}'), "answer_unreadable", "lost"),
    (reply("202 Accepted", b"[1]"), "answer_unreadable", "lost"),
    (reply("202 Accepted", b" " * (MAX_REPLY + 1)), "answer_cut", "lost"),
    (reply("301 Moved", b"", "Location: http://127.0.0.1:9/"), "http_3xx", "not_sent"),
    (reply("400 Bad Request"), "http_400", "not_sent"),
    (reply("404 Not Found"), "http_404", "not_sent"),
    (reply("405 Method Not Allowed"), "http_404", "not_sent"),
    (reply("413 Too Large"), "http_413", "not_sent"),
    (reply("418 Teapot"), "http_400", "not_sent"),
    (reply("502 Bad Gateway"), "http_5xx", "lost"),
    (reply("504 Gateway Timeout"), "http_5xx", "lost"),
    (reply("503 Closed", b"", "Retry-After: soon"), "http_503", "not_sent"),
]


@pytest.mark.parametrize(("answer", "code", "outcome"), ODD_ANSWERS, ids=lambda value: repr(value)[:40])
def test_an_odd_answer_to_a_file(tokens: OddServer, groups: Path, answer: bytes, code: str, outcome: str) -> None:
    with OddServer(answer) as server:
        got = client_at(tokens.url, server.url).send(groups)
    assert (got.code, got.outcome) == (code, outcome)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["BAD_DATA", "BAD_FORMAT", "INVALID", "UNAUTHORIZED", "UNKNOWN_SCHOOL"])
def test_a_refusal_is_read_from_the_body(tokens: OddServer, groups: Path, status: str) -> None:
    body = record(groups, status=status, message="Row: 2 Failure: Invalid subject: CAST")
    with OddServer(reply("202 Accepted", body, JSON)) as server:
        answer = client_at(tokens.url, server.url).send(groups)
    assert (answer.outcome, answer.code, answer.again, answer.import_id) == ("refused", status, False, "7")
    assert answer.results[0].row == 2


def test_a_broken_pipeline_may_be_tried_again_and_a_new_status_is_taken_for_accepted(
    tokens: OddServer, groups: Path
) -> None:
    answers = [reply("202 Accepted", record(groups, status=status), JSON) for status in ("PIPELINE_FAILURE", "tls")]
    with OddServer(*answers) as server:
        client = client_at(tokens.url, server.url)
        first, second = client.send(groups), client.send(groups)
    assert (first.outcome, first.again) == ("refused", True)
    assert (second.outcome, second.code) == ("accepted", "unknown_status")


def test_other_bytes_than_were_sent_are_noticed(tokens: OddServer, groups: Path) -> None:
    with OddServer(reply("202 Accepted", record(groups, digest="0" * 32), JSON)) as server:
        answer = client_at(tokens.url, server.url).send(groups)
    assert (answer.code, answer.outcome) == ("digest_differs", "lost")


def test_silence_is_not_waited_for(tokens: OddServer, groups: Path) -> None:
    with OddServer(None) as server:
        client = client_at(tokens.url, server.url, BRIEF)
        assert client.send(groups).code == "answer_late"
        check = client.check()
        assert check.answer is not None
        assert check.answer.code == "unavailable"


def test_a_server_that_leaves_in_the_middle_has_not_got_the_file(tokens: OddServer, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as out:
        out.truncate(50_000_000)
    with OddServer(b"", read=1_000_000) as server:
        answer = client_at(tokens.url, server.url).send(large)
    assert (answer.code, answer.outcome, answer.again) == ("sending_cut", "not_sent", True)


@pytest.mark.parametrize("form", ["multipart", "raw"])
def test_a_large_file_is_never_in_memory(tokens: OddServer, tmp_path: Path, form: str) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as out:
        out.truncate(300_000_000)
    with OddServer(reply("202 Accepted", b'{"id": 1, "status": "ACCEPTED"}', JSON)) as server:
        client = client_at(tokens.url, server.url, Patience())
        tracemalloc.start()
        try:
            answer = client.send(large, form="raw" if form == "raw" else "multipart")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert answer.outcome == "accepted"
    assert server.received >= 300_000_000
    assert peak < 20_000_000


def test_a_refused_connection_lets_a_file_go_out_again(tokens: OddServer, groups: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    servers: list[OddServer] = []

    class Opening(Patience):
        """The receiver opens during the first pause."""

        def pauses(self) -> Iterator[float]:
            yield 0
            servers.append(OddServer(reply("202 Accepted", record(groups), JSON), port=port).__enter__())
            yield 0

    client = client_at(tokens.url, f"http://127.0.0.1:{port}", PATIENCE)
    assert client.send(groups).code == "refused"
    client.patience = Opening()
    assert client.send(groups).outcome == "accepted"
    servers[0].__exit__(None, None, None)


def test_a_name_that_is_not_found(groups: Path) -> None:
    client = Client(Endpoints("https://nowhere.invalid/token", "https://nowhere.invalid"), CREDENTIAL, PATIENCE)
    answer = client.send(groups)
    assert (answer.code, answer.outcome, answer.again) == ("name_not_found", "not_sent", True)
    assert answer.sentence.startswith("The name nowhere.invalid was not found.")


def test_a_server_that_takes_no_connection_in_time(groups: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        assert client_at(url, url, BRIEF).send(groups).code == "no_connection"
        for each in waiting:
            each.close()


def test_a_certificate_of_nobody_is_not_trusted(tokens: OddServer, groups: Path, tmp_path: Path) -> None:
    with OddServer(reply("200 OK", TOKEN, JSON), tls=_self_signed(tmp_path)) as server:
        untrusted = client_at(server.url, server.url).send(groups)
        later = client_at(tokens.url, server.url).send(groups)
    assert (untrusted.code, untrusted.outcome, untrusted.again) == ("tls", "not_sent", False)
    assert later.code == "tls"
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "token_unavailable"),
        (reply("200 OK", TOKEN)[:-9], "token_unreadable"),
        (reply("200 OK", b"<html>"), "token_unreadable"),
        (reply("200 OK", b'{"access_token": ""}'), "token_unreadable"),
        (reply("200 OK", '{"access_token": "ü"}'.encode()), "token_unreadable"),
        (reply("302 Found", b"", "Location: /sign-in"), "token_address"),
        (reply("404 Not Found"), "token_address"),
        (reply("400 Bad Request", b'{"error": "invalid_client"}'), "invalid_client"),
        (reply("401 Unauthorized", b'{"error": "invalid_client"}'), "invalid_client"),
        (reply("400 Bad Request", b'{"error": "invalid_grant"}'), "invalid_grant"),
        (reply("400 Bad Request", b'{"error": "unsupported_grant_type"}'), "token_refused"),
        (reply("403 Forbidden"), "token_refused"),
        (reply("502 Bad Gateway"), "token_unavailable"),
        (reply("429 Slowly"), "token_unavailable"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_odd_answer_to_the_request_for_a_token(groups: Path, answer: bytes, code: str) -> None:
    with OddServer(answer) as server:
        got = client_at(server.url, server.url).send(groups)
    assert (got.code, got.outcome) == (code, "not_sent")
    assert not any(request.startswith(b"POST /groups") for request in server.requests)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply("200 OK", b"<html>Sign in</html>"), "not_the_receiver"),
        (reply("200 OK", b"{}"), "not_the_receiver"),
        (reply("200 OK", b'{"username": "me", "authorities": null}'), "no_right"),
        (reply("200 OK", b'{"username": "me", "authorities": [1, {"authority": 2}]}'), "no_right"),
        (reply("404 Not Found"), "http_404"),
        (reply("302 Found"), "http_3xx"),
        (b"", "unavailable"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_odd_answer_to_the_test_of_a_credential(tokens: OddServer, answer: bytes, code: str) -> None:
    with OddServer(answer) as server:
        check = client_at(tokens.url, server.url).check()
    assert check.answer is not None
    assert check.answer.code == code
    assert check.sentence == check.answer.sentence


@pytest.mark.parametrize(
    "authority", [b'{"authority": "GROUP_WRITE"}', b'{"authority": "PERM_GROUP_WRITE"}', b'"GROUP_WRITE"']
)
def test_the_right_is_found_in_every_form(tokens: OddServer, authority: bytes) -> None:
    with OddServer(reply("200 OK", b'{"username": "me", "authorities": [' + authority + b"]}")) as server:
        assert client_at(tokens.url, server.url).check().ok


@pytest.mark.parametrize("expires", ["1e400", "-1", "NaN", '"soon"', "null", "[]", "9" * 400])
def test_a_life_of_a_token_that_makes_no_sense_does_no_harm(groups: Path, expires: str) -> None:
    token = f'{{"access_token": "t", "expires_in": {expires}}}'.encode()
    with OddServer(reply("200 OK", token)) as tokens, OddServer(reply("202 OK", record(groups))) as server:
        code = client_at(tokens.url, server.url).send(groups).code
    assert code == "ACCEPTED"


def test_no_secret_is_in_any_log_text_or_exception(groups: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not the credential, not the token, not a student, not a login, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    secrets = [CREDENTIAL.password, CREDENTIAL.client_secret, "token-of-the-odd-server", "7000000001", "a@b.c"]
    refused = reply("202 Accepted", record(groups, status="BAD_DATA", message="Row: 1 Failure: a@b.c"))
    answers = [*(answer for answer, _, _ in ODD_ANSWERS), None, refused]
    for answer in answers:
        with OddServer(reply("200 OK", TOKEN)) as tokens, OddServer(answer) as server:
            client = client_at(tokens.url, server.url, BRIEF)
            got, check, status = client.send(groups), client.check(), client.status("7")
            told += [repr(got), got.sentence, repr(check), check.sentence, repr(status), repr(client.__dict__)]
    account = Account(CREDENTIAL.username, CREDENTIAL.password, CREDENTIAL.client_id, CREDENTIAL.client_secret)
    with Sandbox(accounts=(account,), log=told.append) as sandbox:
        client = Client(sandbox.endpoints, CREDENTIAL, BRIEF)
        told += [repr(client.send(groups)), repr(client.check()), repr(account), repr(client.__dict__)]
        secrets.append(client._token.text if client._token else "")
    text = "\n".join(told) + caplog.text
    assert "POST" in caplog.text
    assert all(secrets)
    assert [secret for secret in secrets if secret in text] == []


def _self_signed(folder: Path) -> ssl.SSLContext:
    """The certificate of a server that no authority knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = built.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem, encoding = folder / "server.pem", serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(secret + certificate.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
