"""The sandbox over real HTTP: what it answers, stores, forgets and does wrong."""

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from cersgroups.cers.known import Known
from cersgroups.cers.sandbox import Sandbox
from cersgroups.cers.sandbox_account import Account
from cersgroups.cers.sandbox_behaviour import Behaviour, Conduct
from cersgroups.cers.sandbox_form import MAX_BYTES
from cersgroups.cers.validation import validate
from cersgroups.cers.warehouse import Warehouse
from cersgroups.core.error import RequestStop
from tests.cers.csv_file import OTHER_SCHOOL, SCHOOL, file, row, ssid
from tests.cers.receiver import YEARS, client_of, written
from tests.cers.vector import Vector, vectors

FORM = {
    "grant_type": "password",
    "username": "sandbox",
    "password": "sandbox",
    "client_id": "sandbox",
    "client_secret": "sandbox",
}
GROUPS = file(row(login="a@b.c"), row(ssid=ssid(2)))
OF_THE_API = [v for v in vectors() if not any("before" in upload for upload in v.uploads)]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(known=YEARS) as running:
        yield running


def token(sandbox: Sandbox, **changes: str) -> httpx.Response:
    return httpx.post(f"{sandbox.url}/api/v1/token", data=FORM | changes)


def bearer(sandbox: Sandbox) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(sandbox).json()['access_token']}"}


def post(sandbox: Sandbox, content: bytes, name: str = "groups.csv") -> httpx.Response:
    files = {"file": (name, content, "text/csv")}
    return httpx.post(f"{sandbox.url}/groups/imports", files=files, headers=bearer(sandbox))


def curl(*arguments: str) -> str:
    if shutil.which("curl") is None:
        pytest.fail("This test speaks to the sandbox with curl, and there is none: apt-get install curl")
    done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({}, 200, "access_token"),
        ({"scope": "openid profile"}, 200, "access_token"),
        ({"grant_type": "client_credentials"}, 200, "access_token"),
        ({"client_secret": "no"}, 400, "invalid_client"),
        ({"password": "no"}, 400, "invalid_grant"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
    ],
)
def test_the_token_endpoint(sandbox: Sandbox, changes: dict[str, str], status: int, says: str) -> None:
    answer = token(sandbox, **changes)
    assert answer.status_code == status
    assert says in answer.text


def test_the_oktas_address_gives_tokens_too(sandbox: Sandbox) -> None:
    assert httpx.post(f"{sandbox.url}/oauth2/abc/v1/token", data=FORM).status_code == 200


def test_curl_goes_the_way_of_the_receivers_documentation(sandbox: Sandbox, tmp_path: Path) -> None:
    path, url = written(tmp_path, GROUPS, "mygroups.csv"), sandbox.url
    form = "&".join(f"{key}={value}" for key, value in FORM.items())
    got = json.loads(curl("-X", "POST", "--data", form, f"{url}/api/v1/token"))
    header = ("--header", f"Authorization:Bearer {got['access_token']}")
    user = json.loads(curl(*header, f"{url}/imports/user"))
    assert {"authority": "GROUP_WRITE"} in user["authorities"]
    sent = json.loads(curl("-X", "POST", *header, "-F", f"file=@{path};type=text/csv", f"{url}/groups/imports"))
    assert (sent["status"], sent["content"], sent["contentType"]) == ("ACCEPTED", "GROUPS", "application/csv")
    told = json.loads(curl(*header, sent["_links"]["self"]["href"]))
    assert (told["status"], told["digest"]) == ("PROCESSED", sent["digest"])
    raw = ("--header", "Content-Type:application/csv", "--data-binary", f"@{path}")
    again = json.loads(curl("-X", "POST", *header, *raw, f"{url}/groups/imports?filename=mygroups.csv"))
    assert (again["status"], again["digest"]) == ("PROCESSED", sent["digest"])
    assert [each["outcome"] for each in sandbox.state()["imports"]] == ["skipped", "loaded"]


def test_curl_sends_in_chunks_and_large_files(sandbox: Sandbox, tmp_path: Path) -> None:
    """Over a megabyte curl waits for 100 Continue; chunked, the length is not told beforehand."""
    rows = [row(f"P{number // 100:05}", ssid(number)) for number in range(40_000)]
    path = written(tmp_path, file(*rows))
    header = ("--header", f"Authorization: {bearer(sandbox)['Authorization']}")
    url = f"{sandbox.url}/groups/imports"
    assert "ACCEPTED" in curl(*header, "-F", f"file=@{path}", url)
    chunks = ("--header", "Transfer-Encoding: chunked", "--header", "Content-Type: application/csv")
    assert "PROCESSED" in curl(*header, *chunks, "-X", "POST", "--data-binary", f"@{path}", url)


def test_curl_sees_the_faults(sandbox: Sandbox, tmp_path: Path) -> None:
    path, url = written(tmp_path, GROUPS), sandbox.url
    header = ("--header", f"Authorization: {bearer(sandbox)['Authorization']}")
    curl("-X", "POST", "--data", '{"lose_next": 1}', f"{url}/control")
    assert "Empty reply from server" in curl(*header, "-F", f"file=@{path}", f"{url}/groups/imports")
    assert len(sandbox.state()["groups"]) == 1
    curl("-X", "POST", "--data", '{"fail_next": 1, "fail_status": 429, "retry_after": 7}', f"{url}/control")
    limited = curl("-i", *header, "-F", f"file=@{path}", f"{url}/groups/imports")
    assert "429 Too Many Requests" in limited
    assert "Retry-After: 7" in limited


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic c2FuZGJveA=="])
def test_without_a_token_nothing_is_told_or_taken(sandbox: Sandbox, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    for path in ("/imports/user", "/imports/1"):
        assert httpx.get(sandbox.url + path, headers=headers).status_code == 401
    assert httpx.post(f"{sandbox.url}/groups/imports", content=GROUPS, headers=headers).status_code == 401
    assert sandbox.state()["imports"] == []


def test_an_expired_token_holds_no_longer(sandbox: Sandbox) -> None:
    headers = bearer(sandbox)
    httpx.post(f"{sandbox.url}/control", json={"expire_tokens": True})
    assert httpx.get(f"{sandbox.url}/imports/user", headers=headers).status_code == 401
    sandbox.control(token_seconds=0)
    assert httpx.get(f"{sandbox.url}/imports/user", headers=bearer(sandbox)).status_code == 401


def test_nobody_sees_the_imports_of_another_account() -> None:
    accounts = (Account(), Account(username="other", password="other"))  # noqa: S106
    with Sandbox(known=YEARS, accounts=accounts) as sandbox:
        post(sandbox, GROUPS)
        other = token(sandbox, username="other", password="other").json()["access_token"]  # noqa: S106
        headers = {"Authorization": f"Bearer {other}"}
        assert httpx.get(f"{sandbox.url}/imports/1", headers=headers).status_code == 403
        assert httpx.get(f"{sandbox.url}/imports/1", headers=bearer(sandbox)).status_code == 200
        assert httpx.get(f"{sandbox.url}/imports/2", headers=bearer(sandbox)).status_code == 404
        assert httpx.get(f"{sandbox.url}/imports/{'9' * 5_000}", headers=bearer(sandbox)).status_code == 404


@pytest.mark.parametrize("vector", OF_THE_API[::6], ids=lambda vector: vector.folder.name)
def test_the_vectors_come_out_over_http(vector: Vector) -> None:
    with Sandbox(known=vector.known) as sandbox:
        warehouse = Warehouse(vector.known)
        for number, upload in enumerate(vector.uploads, start=1):
            content = vector.content(upload)
            answer = post(sandbox, content)
            expected = warehouse.upload(content)
            assert sandbox.state()["imports"][0]["outcome"] == upload["outcome"] == expected.outcome
            if expected.status in ("HTTP_ERROR", "ERROR"):
                assert answer.status_code == 500
                continue
            assert answer.status_code == 202
            refused = not validate(content, vector.known).ok
            assert answer.json()["status"] == (
                "BAD_DATA" if refused else "PROCESSED" if expected.outcome == "skipped" else "ACCEPTED"
            )
            told = httpx.get(f"{sandbox.url}/imports/{number}", headers=bearer(sandbox)).json()
            assert (told["status"], told["message"]) == (expected.status, expected.message)
        assert sandbox.state()["groups"] == [each for each in warehouse.state()["groups"] if not each["deleted"]]


def test_a_late_upload_is_loaded_later_and_in_order(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.control(late_seconds=1000)
    assert post(sandbox, file(row(ssid=ssid(1)))).json()["status"] == "ACCEPTED"
    sandbox.control(late_seconds=0)
    assert post(sandbox, file(row(ssid=ssid(2)))).json()["status"] == "ACCEPTED"
    assert sandbox.state()["groups"] == []
    now = __import__("time").time()
    monkeypatch.setattr("cersgroups.cers.sandbox_store.time.time", lambda: now + 2000)
    assert sandbox.state()["groups"][0]["members"] == [ssid(2)]


def test_a_restart_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    with Sandbox(known=YEARS, folder=folder) as sandbox:
        for content in (GROUPS, file(row(year="1999")), file(row(ssid=ssid(9))), file(row("🌟"))):
            post(sandbox, content)
        sandbox.control(late_seconds=1000)
        post(sandbox, file(row("Late")))
        before = sandbox.state()
    with Sandbox(known=YEARS, folder=folder) as sandbox:
        assert sandbox.state() == before
        assert len(before["imports"]) == 5
        assert post(sandbox, GROUPS).json()["id"] == 6


def test_half_an_upload_on_the_disk_is_as_if_it_had_not_come(tmp_path: Path) -> None:
    with Sandbox(known=YEARS, folder=tmp_path) as sandbox:
        post(sandbox, GROUPS)
        before = sandbox.state()
    (tmp_path / "000002.csv").write_bytes(b"group_na")
    (tmp_path / "000003.part").write_bytes(b"{")
    with Sandbox(known=YEARS, folder=tmp_path) as sandbox:
        assert sandbox.state() == before
        assert post(sandbox, file(row("B"))).json()["id"] == 2


def test_a_folder_is_used_by_one_sandbox_at_a_time(tmp_path: Path) -> None:
    with (
        Sandbox(known=YEARS, folder=tmp_path),
        pytest.raises(RequestStop, match="another sandbox uses this folder"),
    ):
        Sandbox(known=YEARS, folder=tmp_path)
    Sandbox(known=YEARS, folder=tmp_path).close()


def test_a_folder_of_another_set_up_is_refused(tmp_path: Path) -> None:
    Sandbox(known=YEARS, folder=tmp_path).close()
    with pytest.raises(RequestStop, match="was begun with other schools or subjects"):
        Sandbox(known=Known(frozenset({SCHOOL}), YEARS.years), folder=tmp_path)


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RequestStop, match=rf"127\.0\.0\.1:{port}: cannot listen there"):
            Sandbox(port=port)


def test_uploads_at_the_same_time_are_all_held(sandbox: Sandbox, tmp_path: Path) -> None:
    def send(number: int) -> None:
        path = written(tmp_path, file(row(f"Group {number}", ssid(number))), f"{number}.csv")
        assert client_of(sandbox).send(path).outcome == "accepted"

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(sandbox.state()["groups"]) == 12
    assert sorted(each["id"] for each in sandbox.state()["imports"]) == list(range(1, 13))


def test_too_much_is_refused_before_it_is_read(sandbox: Sandbox) -> None:
    connection = HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]), timeout=20)
    connection.putrequest("POST", "/groups/imports")
    connection.putheader("Content-Length", str(MAX_BYTES + 1))
    connection.endheaders(b"group_name")
    assert connection.getresponse().status == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nhalf"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=other\r\n\r\nx\r\n--b--\r\n"),
    ],
)
def test_a_body_that_is_no_form_is_told(sandbox: Sandbox, kind: str, body: bytes) -> None:
    headers = bearer(sandbox) | {"Content-Type": kind}
    assert httpx.post(f"{sandbox.url}/groups/imports", content=body, headers=headers).status_code == 400
    assert sandbox.state()["imports"] == []


def test_other_fields_of_a_form_do_no_harm(sandbox: Sandbox) -> None:
    files = {"file": ("groups.csv", GROUPS, "text/csv")}
    data = {"filename": "x.csv", "batch": "week 1"}
    answer = httpx.post(f"{sandbox.url}/groups/imports", files=files, data=data, headers=bearer(sandbox))
    assert answer.json()["status"] == "ACCEPTED"
    assert sandbox.state()["groups"][0]["users"] == ["a@b.c"]


def test_a_sender_that_leaves_in_the_middle_leaves_nothing(sandbox: Sandbox) -> None:
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2]))) as connection:
        head = f"POST /groups/imports HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer(sandbox)['Authorization']}"
        connection.sendall(f"{head}\r\nContent-Length: 1000\r\n\r\n".encode() + GROUPS)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert sandbox.state()["imports"] == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"lose": 1}, "lose is no setting"),
        ({"fail_status": 418}, "fail_status must be one of 401, 403, 429, 500, 503"),
        ({"fail_share": 1.5}, "fail_share must be from 0 to 1"),
        ({"fail_next": True}, "fail_next must be a whole number"),
        ({"slow_seconds": "1"}, "slow_seconds must be a number"),
        ({"polling": 1}, "polling must be true or false"),
        ({"fail_what": "all"}, "fail_what must be one of any, token, check, upload, status"),
        ([1], "Post a JSON object"),
    ],
)
def test_a_wrong_setting_is_told_and_changes_nothing(sandbox: Sandbox, settings: Any, says: str) -> None:
    before = httpx.get(f"{sandbox.url}/control").json()
    answer = httpx.post(f"{sandbox.url}/control", json=settings)
    assert answer.status_code == 400
    assert says in answer.json()["message"]
    assert httpx.get(f"{sandbox.url}/control").json() == before


def test_what_is_random_is_the_same_with_the_same_seed() -> None:
    def misdeeds(seed: int) -> list[str | None]:
        conduct = Conduct(Behaviour(fail_share=0.2, drop_share=0.2, lose_share=0.2), seed)
        return [conduct.misdeed("upload") for _ in range(200)]

    assert misdeeds(1) == misdeeds(1) != misdeeds(2)
    assert set(misdeeds(1)) == {None, "fail", "drop", "lose"}


def test_the_page_shows_what_is_held_and_no_script(sandbox: Sandbox) -> None:
    assert "No groups yet." in httpx.get(sandbox.url).text
    post(sandbox, file(row("<b>Bold</b>", login="a@b.c"), row(school=OTHER_SCHOOL)), "<i>name</i>.csv")
    post(sandbox, file(row(year="1999")))
    answer = httpx.get(sandbox.url)
    for text in (
        f"School {SCHOOL}",
        "&lt;b&gt;Bold&lt;/b&gt;",
        "&lt;i&gt;name",
        ssid(1),
        "a@b.c",
        "Invalid school year",
    ):
        assert text in answer.text
    assert "<script" not in answer.text
    assert "<b>Bold" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_many_groups_are_shown_school_by_school(sandbox: Sandbox) -> None:
    post(sandbox, file(*(row(f"Group {number:04}") for number in range(400)), row("Other", school=OTHER_SCHOOL)))
    overview = httpx.get(sandbox.url).text
    assert "Group 0001" not in overview
    assert f"href='/?school={SCHOOL}'" in overview
    school = httpx.get(f"{sandbox.url}/", params={"school": OTHER_SCHOOL}).text
    assert "Other" in school
    assert "Group 0001" not in school


def test_the_state_as_json_is_that_of_the_warehouse(sandbox: Sandbox) -> None:
    post(sandbox, GROUPS)
    warehouse = Warehouse(YEARS)
    warehouse.upload(GROUPS)
    told = httpx.get(f"{sandbox.url}/state.json").json()
    assert told["groups"] == warehouse.state()["groups"]
    assert told["students_created"] == [ssid(1), ssid(2)]
    assert told["behaviour"]["fail_status"] == 503


def test_a_name_that_somebody_else_gave_to_this_address_sees_nothing(sandbox: Sandbox) -> None:
    for path in ("/", "/state.json", "/control"):
        assert httpx.get(sandbox.url + path, headers={"Host": "evil.example:80"}).status_code == 421
    answer = httpx.post(f"{sandbox.url}/control", json={}, headers={"Host": "evil.example"})
    assert answer.status_code == 421
