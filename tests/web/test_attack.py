"""What attackers try: scripts and formulas in names, a fixed session, other hosts, other files; and what forbids it."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cersgroups.actions.audit import visible_entries
from cersgroups.actions.person import invite
from cersgroups.records.scope import lea_scope
from cersgroups.web.body_limit import ROOM_FOR_FORM
from cersgroups.web.session import SessionStore
from tests.engine.roster_files import DISTRICT
from tests.people import PASSWORD, People, email_of
from tests.roster import roster_zip, small_snapshot
from tests.web.address import World, adas, browser, make_world, read_table, undone, visit
from tests.web.extract_district import Folk, make_folk

pytestmark = pytest.mark.django_db(transaction=True)
EVIL = "=HYPERLINK(1)<script>alert(1)</script><img src=x onerror=alert(2)>"
TOO_LARGE = "This was larger than the"
CHOICES = {"shown": "classes", "subject": "ELA", "type": "classes", "name_pattern": "teacher_period"}
"""What the form of a profile of classes always sends."""


@pytest.fixture
def world(people: People, stored_snapshot: Path) -> World:
    return make_world(people, stored_snapshot)


@pytest.fixture
def folk(stored_snapshot: Path) -> Folk:
    return make_folk(stored_snapshot)


def sign_in(client: Client, where: str = "") -> str:
    """Sign Ada in by the form; where she is led to."""
    answer = client.post(f"/account/login/{where}", {"login": email_of("ada"), "password": PASSWORD})
    return answer["Location"]


@pytest.mark.django_db
def test_every_page_forbids_scripts_from_elsewhere_and_is_kept_nowhere(world: World) -> None:
    client = browser(world, "ada")
    for method, route in read_table():
        if method != "GET":
            continue
        with undone():
            answer = visit(world, client, "GET", route, {})
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'", route
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", route
        assert "unsafe" not in answer["Content-Security-Policy"], route
        assert answer["X-Content-Type-Options"] == "nosniff", route
        assert answer["X-Frame-Options"] == "DENY", route
        assert answer["Referrer-Policy"] == "same-origin", route
        assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"], route


def pages_of(world: World, client: Client) -> Iterator[tuple[str, str]]:
    """Every page that this browser is answered, by its address."""
    for method, route in read_table():
        if method == "GET":
            with undone():
                answer = visit(world, client, "GET", route, {})
            if not answer.streaming and answer["Content-Type"].startswith("text/html"):
                yield route, answer.content.decode()


@pytest.mark.django_db
def test_no_page_holds_a_script_or_style_of_its_own(world: World) -> None:
    for route, page in pages_of(world, browser(world, "ada")):
        inline = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")[^>]*>", page)
        assert not inline, (route, inline)
        assert not re.search(r"<style|\son\w+=|\sstyle=|javascript:", page), route


def test_markup_in_names_is_text_on_every_page_that_shows_them(folk: Folk) -> None:
    extract = folk.extract("ada", name=EVIL)
    invite(folk.people.ada, "evil@live-oak.example", EVIL, "viewer")
    client = folk.client("ada")
    for url in (
        "/profiles/",
        "/create-files/",
        "/extracted-files/",
        f"/extracted-files/{extract}/",
        "/people/",
        "/audit-log/",
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
    assert "&lt;script&gt;" in client.get("/profiles/").content.decode()


def test_markup_in_names_of_the_roster_is_text_on_every_page(people: People, tmp_path: Path) -> None:
    """Students, staff, courses, student groups, schools and the LEA."""
    names = re.compile(r"\b(Alba|Ruiz|Chen|English 9|Algebra 1|AVID|Fig High|Fig Unified)\b")
    evil = {table: names.sub(lambda name: f"{EVIL}{name[0]}", text) for table, text in DISTRICT.items()}
    world = make_world(people, small_snapshot(tmp_path, **evil).path)
    client = browser(world, "ada")
    escaped: set[str] = set()
    for route, page in pages_of(world, client):
        assert not re.search(r"<script>alert|<img src=x", page), route
        escaped |= set(re.findall(r"alert\(2\)&gt;(English 9|Ruiz|Fig High)", page))
    assert escaped == {"Fig High"}, "pages show names of schools"
    for name, shown in (("courses", "English 9"), ("teachers", "Ruiz")):
        with undone():
            url = world.url(f"drafts/<int:pk>/options/entries/{name}/")
            answer = client.post(url, {"lea": people.lea_id, **CHOICES})
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/json", "nosniff")
        assert f"{EVIL}{shown}" in str(answer.json()), "lists are data, which a script writes as text"


def test_formulas_are_text_in_every_csv_that_a_spreadsheet_may_open(folk: Folk) -> None:
    extract = folk.extract("ada", name=EVIL, filters={"departments": ["ENG", "=1+1", "@SUM(1)", "+1", "-1"]})
    client = folk.client("ada")
    findings = b"".join(client.get(f"/extracted-files/{extract}/files/findings.csv")).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(findings)) for cell in row]
    assert {"'=1+1", "'@SUM(1)", "'+1", "'-1"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "@", "+")]


def test_the_session_of_before_signing_in_is_worth_nothing_after(world: World) -> None:
    """One that somebody else has begun here, and planted in Ada's browser."""
    planted = SessionStore()
    planted["theirs"] = True
    planted.create()
    before, client = str(planted.session_key), Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client)
    assert client.get("/profiles/").status_code == 200
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    theirs = Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={before}"})
    assert theirs.get("/profiles/").status_code == 302
    assert adas(world)


@pytest.mark.usefixtures("world")
def test_the_cookie_of_a_session_ends_with_the_browser_and_no_script_reads_it() -> None:
    client = Client()
    sign_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_fault_of_ours_is_a_page_without_its_inside(folk: Folk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_more: Any) -> None:
        raise ZeroDivisionError("a name of somebody")

    monkeypatch.setattr("cersgroups.actions.profile.visible_profiles", fail)
    client = folk.client("ada")
    client.raise_request_exception = False
    answer = client.get("/profiles/")
    assert answer.status_code == 500
    assert not re.search("of somebody|ZeroDivision|Traceback", answer.content.decode())


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_to_no_other_host(where: str) -> None:
    assert "evil" not in sign_in(Client(), f"?next={where}")
    assert "javascript" not in sign_in(Client(), f"?next={where}")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("where", ["http://[", "https://[::1", "on", "\0"])
def test_the_sign_in_page_takes_what_is_no_address_for_none(where: str) -> None:
    assert Client().get("/account/login/", {"next": where}).status_code == 200
    assert sign_in(Client(), f"?next={where}") == "/"


@pytest.mark.parametrize("where", ["on", "account_logout", "http://[", "https://evil.example/", "//evil.example/", ""])
def test_choosing_a_school_leads_to_a_page_of_ours(folk: Folk, where: str) -> None:
    answer = folk.client("ada").post("/workplace/school/", {"lea": folk.lea_id, "school": "", "next": where})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("school", ["\0", "no such school"])
def test_a_school_that_cannot_be_is_not_there(folk: Folk, school: str) -> None:
    assert folk.client("ada").post("/workplace/school/", {"lea": folk.lea_id, "school": school}).status_code == 404


@pytest.mark.parametrize("chosen", ['["\\ud800"]', '["\\u0000"]', '["x"', "[1]", "null"])
def test_a_list_that_no_page_of_ours_sends_is_told(folk: Folk, chosen: str) -> None:
    answer = folk.client("ada").post("/create-files/", {"lea": folk.lea_id, "profiles": chosen, "as_of": "2026-11-23"})
    assert answer.status_code == 400
    assert "Reload the page and choose again." in answer.content.decode()


@pytest.mark.usefixtures("world")
def test_signing_in_leads_to_the_page_that_was_asked_for() -> None:
    assert sign_in(Client(), "?next=/roster/") == "/roster/"


@pytest.mark.parametrize(
    "file",
    [
        "..%2f..%2fsecret_key",
        "%2fetc%2fpasswd",
        "..\\secret_key",
        "extract-1.csv%00.csv",
        "figures.json",
        "groups.parquet",
    ],
)
def test_a_download_gives_only_the_files_of_its_own(folk: Folk, file: str) -> None:
    extract = folk.extract("ada")
    assert folk.client("ada").get(f"/extracted-files/{extract}/files/{file}").status_code == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_read(folk: Folk) -> None:
    client = folk.client("ada")
    big = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + settings.ROSTER_MAX_BYTES + 1
    answer = client.generic(
        "POST", "/people/invite/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(big)
    )
    assert answer.status_code == 413
    assert TOO_LARGE in answer.content.decode()


def send_claiming(folk: Folk, who: str, length: int) -> Any:
    """A roster that says of itself that it has so many bytes; none of them are there to be read."""
    return folk.client(who).generic(
        "POST", "/roster/upload/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(length)
    )


def test_a_roster_over_the_limit_is_refused_with_a_sentence(folk: Folk) -> None:
    answer = send_claiming(folk, "ada", settings.ROSTER_MAX_BYTES + ROOM_FOR_FORM + 1)
    assert answer.status_code == 413
    most = (settings.ROSTER_MAX_BYTES + ROOM_FOR_FORM) >> 20
    assert f"{TOO_LARGE} {most:,} MB that this page takes from you. Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize("who", ["nobody", "vera", "alma", "sam"])
def test_who_may_bring_in_no_roster_may_send_no_more_than_a_form(folk: Folk, who: str) -> None:
    answer = send_claiming(folk, who, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert answer.status_code == 413
    assert TOO_LARGE in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("ada", 302), ("alma", 413), ("nobody", 413)])
def test_a_roster_may_be_larger_than_a_form_if_an_admin_sends_it(
    folk: Folk, monkeypatch: pytest.MonkeyPatch, who: str, status: int
) -> None:
    monkeypatch.setattr(settings, "DATA_UPLOAD_MAX_MEMORY_SIZE", 1000)
    sent = {"lea": folk.lea_id, "roster": SimpleUploadedFile("fig.zip", roster_zip())}
    assert folk.client(who).post("/roster/upload/", sent).status_code == status


@pytest.mark.parametrize("length", ["-1", "x", "1e3"])
def test_a_length_that_is_none_is_refused_like_one_that_is_too_large(folk: Folk, length: str) -> None:
    answer = folk.client("ada").generic("POST", "/roster/upload/", b"x", CONTENT_LENGTH=length)
    assert answer.status_code == 413


def test_too_many_files_are_refused(folk: Folk) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    assert folk.client("ada").post("/roster/upload/", {"lea": folk.lea_id, "roster": files}).status_code == 400


def test_too_many_fields_are_refused(folk: Folk) -> None:
    fields = {f"f{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert folk.client("ada").post("/settings/", {"lea": folk.lea_id, **fields}).status_code == 400


def test_of_two_people_who_edit_one_profile_the_second_is_told_and_loses_nothing(folk: Folk) -> None:
    pk = folk.profile("alma", name="English")
    answers = {"shown": "classes", "save": "yes", "subject": "ELA", "type": "classes", "name_pattern": "teacher_period"}

    def opened(who: str) -> tuple[Client, str]:
        client = folk.client(who)
        return client, client.post(f"/profiles/{pk}/edit/", {"lea": folk.lea_id})["Location"]

    (ada, hers), (alma, other) = opened("ada"), opened("alma")
    assert ada.post(hers, {"lea": folk.lea_id, **answers, "name": "English of Ada"}).status_code == 302
    told = alma.post(other, {"lea": folk.lea_id, **answers, "name": "English of Alma"})
    assert told.status_code in (400, 409)
    page = told.content.decode()
    assert "Ada Admin has changed the profile" in page
    assert "English of Alma" in page
    assert "English of Ada" in ada.get("/profiles/").content.decode()


def test_whoever_reads_of_students_is_in_the_audit_log(folk: Folk) -> None:
    extract = folk.extract("ada", filters={"departments": ["ENG", "GONE"]})
    folk.client("ada").get(f"/extracted-files/{extract}/files/extract-1.csv")
    with lea_scope(folk.lea_id):
        assert ("ada@live-oak.example", "download") in [
            (entry.actor_email, entry.action) for entry in visible_entries(folk.people.ada)
        ]


@pytest.mark.django_db
def test_whoever_is_invited_to_an_lea_with_another_name_goes_on_working_at_their_own(world: World) -> None:
    """Ada of Live Oak Unified invites Olga, the admin of Other Unified, who is asked nothing."""
    invite(world.people.ada, email_of("olga"), "Olga Other", "admin")
    page = browser(world, "olga").get("/roster/").content.decode()
    assert "Other Unified" in page.split("Working at")[1][:200]
