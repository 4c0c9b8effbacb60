"""What servers that we ask may answer, as functions of bytes (parser.py)."""

import json
from collections.abc import Mapping
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from unittest.mock import patch

import httpx

from cersgroups.cers.answer import Answer as CersAnswer
from cersgroups.cers.answer import answer_from_record
from cersgroups.cers.credential import Credential
from cersgroups.cers.endpoint import Endpoints
from cersgroups.cers.exchange import Reply
from cersgroups.cers.patience import Patience
from cersgroups.cers.token import fetch_token
from cersgroups.core.retry_after import retry_after
from cersgroups.core.storable import storable
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources.aeries_api import AERIES_API
from cersgroups.sources.exchange import Answer, Params, Server
from cersgroups.sources.live import LiveKind, Target
from cersgroups.sources.oauth2 import ClientCredentials
from cersgroups.sources.oneroster_rest import ONEROSTER_REST
from cersgroups.sources.oneroster_rest_page import next_link, total_of
from cersgroups.sources.tally import Tally

DAY = date(2026, 11, 23)
_HERE = "http://127.0.0.1:9/api"
_CREDENTIAL = Credential("client", client_id="i", client_secret="s")  # noqa: S106 - invented
_AERIES_SETTINGS = {"address": _HERE, "certificate": "c"}
_ONEROSTER_SETTINGS = {
    "base_address": _HERE,
    "token_address": _HERE,
    "client_id": "i",
    "client_secret": "s",
    "mapping": 'ssid = "userIds:SSID"\ncds = "identifier"\n',
}


def aeries_answer(content: bytes) -> None:
    """The first line names an address of Aeries, the rest is its answer; the others are those of a tiny LEA."""
    _fetch(AERIES_API, _AERIES_SETTINGS, {**AERIES, **_one_of(AERIES, content)})


def oneroster_answer(content: bytes) -> None:
    """The same for OneRoster by REST."""
    _fetch(ONEROSTER_REST, _ONEROSTER_SETTINGS, {**ONEROSTER, **_one_of(ONEROSTER, content)})


def server_header(content: bytes) -> None:
    """Headers that are understood: how long to wait, and where the next page is."""
    text = content.decode("latin-1")
    retry_after(text)
    with TemporaryFile() as body, Server("a SIS", _HERE) as server:
        headers = httpx.Headers([(b"Link", content), (b"X-Total-Count", content)])
        answer = Answer("GET /users", headers, body, 0)
        next_link(answer, server, "users")
        total_of(answer)


def refusal(content: bytes) -> None:
    """The body with which a SIS refuses: what is quoted of it can stand in a sentence."""
    with TemporaryFile() as body, Server("a SIS", _HERE, secrets=["hush"]) as server:
        body.write(content)
        for status in (302, 404):
            response = httpx.Response(status, headers=[(b"Location", content)])
            said = server._refusal(Answer("GET /users", httpx.Headers(), body, len(content)), response)
            assert said == storable(said)
            assert "hush" not in said


def receiver_answer(content: bytes) -> None:
    """The import record in CERS's answer: what is stored of it can be stored."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return
    answer = answer_from_record(Reply(200, body if isinstance(body, dict) else None), "cers.example")
    if answer:
        assert all(result.row >= 0 for result in answer.results)
        stored = f"{answer.import_id}{answer.status}{answer.digest}{answer.message}"
        assert stored == storable(stored)


def token_answer(content: bytes) -> None:
    """What the server for tokens answers, CERS's and a SIS's: what is taken for a token can stand in a header."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    reply = Reply(200, body if isinstance(body, dict) else None)
    with patch("cersgroups.cers.token.exchange", lambda *_: reply):
        token = fetch_token(Endpoints(_HERE, _HERE), _CREDENTIAL, Patience())
    assert isinstance(token, CersAnswer) or httpx.Headers(token.headers)

    def post(_server: Server, _form: object, _auth: object) -> Answer:
        answer = TemporaryFile()  # noqa: SIM115 - the answer closes it
        answer.write(content)
        return Answer("POST /token", httpx.Headers(), answer, len(content))

    with patch.object(Server, "post", post), Server("a SIS", _HERE) as server:
        found = ClientCredentials(server, "i", "s", "", [], CookieJar()).token()
    assert httpx.Headers({"Authorization": f"Bearer {found}"})


def _one_of(answers: Mapping[str, bytes], content: bytes) -> dict[str, bytes]:
    address, _, body = content.partition(b"\n")
    name = address.decode("ascii", "ignore").strip()
    return {name: body} if name in answers else {next(iter(answers)): content}


def _fetch(kind: LiveKind, settings: Mapping[str, str], answers: Mapping[str, bytes]) -> None:
    def get(server: Server, path: str, params: Params | None = None) -> Answer:  # noqa: ARG001 - as Server.get
        page = dict(params or {})
        first = not page.get("offset") and page.get("StartingRecord", 1) == 1
        content = answers.get(path, b"[]") if first else b"[]" if kind is AERIES_API else b'{"%s": []}' % path.encode()
        body = TemporaryFile()  # noqa: SIM115 - the answer closes it
        body.write(content)
        return Answer(f"GET /{path}", httpx.Headers(), body, len(content))

    def told(what: str, _share: float) -> None:
        assert what == storable(what)

    with TemporaryDirectory() as name, patch.object(Server, "get", get):
        folder, tally = Path(name) / "fetched", Tally()
        folder.mkdir()
        kind.fetch(kind.complete(settings), Target(DAY, folder, tally, told))
        roster = RosterFolder(folder, kind.labels)
        write_snapshot(roster, Path(name) / "snapshot", source=kind.label, findings=tally.findings())


AERIES = {
    "schools": b'[{"SchoolCode": 1, "Name": "One", "StateCountyID": "99", "StateDistrictID": "10000", '
    b'"StateSchoolID": "0000001", "ScheduleType": "Flex", "InactiveStatusCode": "", "DoNotReport": false}]',
    "systeminfo": b'{"DatabaseYear": "2026-2027", "LocalTimeZoneName": "(UTC-08:00) Pacific Time"}',
    "courses": b'[{"ID": "A", "Title": "Art", "DepartmentCode": "ART", "InactiveStatusCode": ""}]',
    "staff": b'[{"ID": 1, "FirstName": "Ada", "LastName": "Oak", "StateEducatorID": "1", '
    b'"EmailAddress": "a@b.example", "SchoolAccessPermissions": [{"SchoolCode": 1}], "LeaveDate": null}]',
    "schools/1/terms": b'[{"TermCode": "Y", "StartDate": "2026-08-15T00:00:00", "EndDate": "2027-06-10T00:00:00"}]',
    "schools/1/teachers": b'[{"TeacherNumber": 5, "DisplayName": "Oak, A", "StaffID1": 1, "EmailAddress": null}]',
    "schools/1/students": b'[{"StudentID": 7, "StudentNumber": 1, "SchoolCode": 1, "StateStudentID": "7000000001", '
    b'"LastName": "Fir", "Grade": 9, "InactiveStatusCode": " ", "SchoolEnterDate": null, "CounselorNumber": 5}]',
    "schools/1/sections": b'[{"SectionNumber": 2, "Period": "1", "Semester": "Y", "CourseID": "A", '
    b'"PrimaryClass": true, "SectionStaffMembers": '
    b'[{"StaffID": 1, "IsPrimaryTeacher": true, "StartDate": null, "EndDate": null}]}]',
    "schools/1/classes": b'[{"StudentID": 7, "SequenceNumber": 1, "SectionNumber": 2, '
    b'"DateStarted": "2026-08-15T00:00:00", "DateEnded": "2027-06-10T00:00:00"}]',
    "schools/all/StudentGroups": b'[{"GroupId": "AVID", "Name": "AVID", "SchoolCode": 1, "ExpirationDate": null, '
    b'"Students": [{"StudentId": 7}], "Staff": [{"StaffId": 1}], "ConfidentialGroup": false}]',
}
"""By the end of the address."""

ONEROSTER = {
    "users": b'{"users": [{"sourcedId": "t", "enabledUser": "true", "orgs": [{"sourcedId": "s"}], "role": "teacher", '
    b'"givenName": "Ada", "familyName": "Oak", "email": "a@b.example"}, {"sourcedId": "u", "role": "student", "orgs": '
    b'[{"sourcedId": "s"}], "userIds": [{"type": "SSID", "identifier": "1234567890"}], "grades": ["05"], '
    b'"metadata": {"x": 1}}]}',
    "orgs": b'{"orgs": [{"sourcedId": "d", "name": "Tiny", "type": "district", "identifier": "1"}, {"sourcedId": "s", '
    b'"name": "One", "type": "school", "identifier": "99000000000001", "parent": {"sourcedId": "d"}}]}',
    "academicSessions": b'{"academicSessions": [{"sourcedId": "y", "title": "Year", "type": "schoolYear", '
    b'"startDate": "2026-08-01", "endDate": "2027-07-01", "schoolYear": "2027"}]}',
    "courses": b'{"courses": [{"sourcedId": "c", "title": "Art", "org": {"sourcedId": "s"}}]}',
    "classes": b'{"classes": [{"sourcedId": "k", "title": "Art", "classType": "scheduled", '
    b'"course": {"sourcedId": "c"}, "school": {"sourcedId": "s"}, "terms": [{"sourcedId": "y"}], "periods": ["1"]}]}',
    "enrollments": b'{"enrollments": [{"sourcedId": "1", "class": {"sourcedId": "k"}, "school": {"sourcedId": "s"}, '
    b'"user": {"sourcedId": "u"}, "role": "student"}]}',
}
