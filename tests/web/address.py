"""Every address of the application, and what each of the fixed people gets there (address.md)."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cersgroups.actions.api_token import create_token
from cersgroups.actions.credential import Entry, save_credential
from cersgroups.actions.draft import open_draft
from cersgroups.actions.extract import create_extracts
from cersgroups.actions.first_admin import make_link
from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import create_profile
from cersgroups.actions.source import save_source
from cersgroups.actions.sync import sync_now
from cersgroups.actions.upload import create_upload
from cersgroups.core.profile import from_mapping
from cersgroups.core.profile_text import to_toml
from cersgroups.records.api_token import ApiToken
from cersgroups.records.audit import AuditEntry
from cersgroups.records.credential import Credential
from cersgroups.records.draft import Draft
from cersgroups.records.extract import Extract, ExtractFinding
from cersgroups.records.lea import Lea
from cersgroups.records.membership import Membership
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from cersgroups.records.upload import Upload
from cersgroups.web.draft_content import content_of
from tests.people import PASSWORD, People, person_named
from tests.profiles import CLASSES
from tests.roster import give_roster, roster_zip
from tests.schedule import save
from tests.sis import entry
from tests.web.entry import NEW_ADMIN

WHO = ("nobody", "olga", "vera", "alma", "sam", "ada")
METHODS = ("GET", "POST")
NO_METHOD = "no such method"
TABLE = Path(__file__).with_name("address.md")
SECRET = "Adas secret profile"  # noqa: S105 - a name that only Ada may see
WORDS = {200: "page", 301: "moved", 302: "done", 400: "told", 401: "told", 403: "refused", 404: "none", 405: NO_METHOD}
CODE = "student_without_ssid"
"""A finding of the extract and of the roster."""


@dataclass(frozen=True)
class World:
    """What the addresses name: all of it is Ada's, in an LEA with two rosters; `member` is Vera."""

    people: People
    ids: dict[str, str]
    token: str
    sessions: dict[str, str] = field(default_factory=dict)

    def url(self, route: str) -> str:
        """The address of this world's own records."""
        url = route
        for part, value in _parts(route.split("/")[0], self.ids, self.token).items():
            url = url.replace(part, value)
        asks = {"create-files/progress/": f"?batch={self.ids['extracted-files']}", "sources/new/": "?kind=memory"}
        return f"/{url}{asks.get(route, '')}"


def _parts(first: str, ids: dict[str, str], token: str) -> dict[str, str]:
    return {
        "<int:pk>": ids.get(first, "1"),
        "<int:extract_id>": ids["extracted-files"],
        "<slug:code>": CODE,
        "<slug:provider_id>": "google",
        "<str:file_name>": "difference.csv" if first == "uploads" else "extract-1.csv",
        "<str:token>": token,
        "<str:name>": "courses",
        "<str:key>": "a-key",
        r"(?P<key>[-:\w]+)": "a-key",
        "(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)": "1-a-key",
        "(?P<provider_id>[^/]+)": "google",
        "^": "",
        "$": "",
    }


def make_world(people: People, stored_snapshot: Path) -> World:
    """Ada's profile with a changed draft of it, an extract of it with a finding, an upload that waits for her yes."""
    give_roster(people.lea_id, stored_snapshot)
    snapshot = give_roster(people.lea_id, stored_snapshot)
    profile = create_profile(people.ada, {**CLASSES, "name": SECRET})
    [extract] = create_extracts(people.ada, [profile.pk])
    with lea_scope(people.lea_id):
        Snapshot.objects.filter(pk=snapshot).update(finding_counts={CODE: 1})
        Extract.objects.filter(pk=extract.pk).update(state="done", files=["extract-1.csv"])
        ExtractFinding.objects.create(lea_id=people.lea_id, extract=extract, code=CODE, count=1)
        draft = open_draft(people.ada, profile.pk, content_of)
        Draft.objects.filter(pk=draft.pk).update(changed=True)
    shutil.rmtree(extract.folder, ignore_errors=True)
    extract.folder.mkdir()
    (extract.folder / "extract-1.csv").write_text("a file")
    change_settings(people.ada, uploads_enabled=True)
    credential = save_credential(people.ada, CREDENTIAL)
    upload = create_upload(people.ada, extract.pk, by_hand=False)
    with lea_scope(people.lea_id):
        Upload.objects.filter(pk=upload.pk).update(state="held")
    upload.folder.mkdir(exist_ok=True)
    (upload.folder / "difference.csv").write_text("school\n")
    token, _text = create_token(people.ada, SECRET, ["read"], days=90)
    ids = {
        "profiles": profile.pk,
        "drafts": draft.pk,
        "roster": snapshot,
        "extracted-files": extract.pk,
        "people": people.vera.person_id,
        "uploads": upload.pk,
        "settings": credential.pk,
        "api-tokens": token.pk,
        "sources": save_source(people.ada, entry()).pk,
    }
    return World(people, {name: str(pk) for name, pk in ids.items()}, make_link())


CREDENTIAL = Entry(
    "LEA",
    "client",
    "http://127.0.0.1:1",
    "http://127.0.0.1:1",
    date(2027, 11, 23),
    client_id="x",
    client_secret="y",  # noqa: S106 - of nobody
)
"""Nobody listens at its addresses."""

FIRST_ADMIN_FORM = {
    "lea_name": "Another Unified",
    "name": "Fay First",
    "email": NEW_ADMIN,
    "password": PASSWORD,
    "password_again": PASSWORD,
}

ANSWERS: dict[str, Callable[[World], dict[str, Any]]] = {
    "workplace/school/": lambda _w: {"school": "30"},
    "workplace/lea/": lambda w: {"to": w.people.lea_id},
    "first-admin/<str:token>/": lambda _w: FIRST_ADMIN_FORM,
    "create-files/": lambda w: {"profiles": f'["{w.ids["profiles"]}"]', "as_of": "2026-11-23"},
    "roster/upload/": lambda _w: {"roster": SimpleUploadedFile("fig.zip", roster_zip())},
    "people/invite/": lambda _w: {
        "email": "new@live-oak.example", "name": "New", "level": "viewer", "limit": "all", "schools": "[]",
    },
    "people/<int:pk>/": lambda _w: {"level": "administer", "limit": "all", "schools": "[]"},
    "settings/": lambda _w: {"name": "Live Oak", "time_zone": "America/Los_Angeles", "name_style": "safe",
                            "safety_percent": "20", "roster_percent": "10", "roster_days": "7"},
    "sources/new/": lambda _w: {"name": "Another SIS", "setting-address": "https://sis.example",
                               "setting-certificate": "of nobody", "setting-size": "small"},
    "sources/<int:pk>/side-files/": lambda _w: {
        "side": SimpleUploadedFile("staff.csv", b"staff_id,email\n1,ana.new@fig.example\n")
    },
    "sources/<int:pk>/settings/": lambda _w: {"name": "Renamed", "setting-address": "https://sis.example",
                                              "setting-size": "small"},
    "sources/<int:pk>/schedule/": lambda _w: {"nightly": "on", "days": ["0"], "time": "02:30"},
    "what-cers-holds/student/": lambda _w: {"number": "7000000001"},
    "api-tokens/": lambda _w: {"name": "Program", "scopes": ["read"], "days": "90"},
    "settings/retention/": lambda _w: {"extracts": "400"},
    "scheduled-process/": lambda _w: {"do": "enable", "days": ["4"], "time": "22:30", "emails": "a@live-oak.example"},
    "settings/credentials/new/": lambda _w: credential_form(),
    "settings/credentials/<int:pk>/": lambda _w: credential_form(),
    "profiles/import/": lambda _w: {"file": SimpleUploadedFile("classes.toml", toml())},
    "profiles/<int:pk>/roll-forward/": lambda _w: {"version": "1"},
    "profiles/<int:pk>/delete/": lambda _w: {"version": "1"},
    "profiles/<int:pk>/hand-over/": lambda w: {"person": w.people.alma.person_id},
    "drafts/<int:pk>/options/students/": lambda _w: {"file": SimpleUploadedFile("list.csv", b"7000000001")},
    "drafts/<int:pk>/schools/": lambda _w: {"schools": '["10"]'},
    "drafts/<int:pk>/options/": lambda _w: {"shown": "classes", "save": "yes", "subject": "ELA", "type": "classes",
                                            "name_pattern": "teacher_period", "name": "Mine"},
}  # fmt: skip
"""What a form sends besides the token and the LEA, so that who may do it, does it."""


def of_last_year(world: World) -> None:
    profile = Profile.objects.get(pk=world.ids["profiles"])
    profile.school_year = profile.content["school_year"] = 2026
    profile.save()


READY: dict[str, Callable[[World], object]] = {
    "profiles/<int:pk>/roll-forward/": of_last_year,
    "scheduled-process/": lambda w: save(w.people.ada),
    "scheduled-process/run/": lambda w: [save(actor) for actor in (w.people.ada, w.people.olga)],
    "sources/<int:pk>/cancel/": lambda w: sync_now(w.people.ada, int(w.ids["sources"])),
    "uploads/<int:pk>/done-by-hand/": lambda w: Upload.objects.filter(pk=w.ids["uploads"]).update(state="ready"),
    "what-cers-holds/retire/": lambda w: change_settings(w.people.olga, uploads_enabled=True),
}
"""What must be so before, in Ada's LEA's scope, that the form can be done."""


def make_ready(world: World, route: str) -> None:
    with lea_scope(world.people.lea_id):
        if route in READY:
            READY[route](world)


def routes() -> set[str]:
    """All addresses of pages, as Django writes them; those of the API are in tests/api/address.md."""
    return {route for route in all_routes() if not route.startswith("api/")}


def all_routes() -> set[str]:
    return set(_routes(get_resolver("cersgroups.config.urls").url_patterns))


def _routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def credential_form() -> dict[str, Any]:
    names = ("kind", "token_url", "import_url", "expires_on", "client_id", "client_secret")
    return {"name": "New", "whole_lea": "on", "schools": "[]", **{name: getattr(CREDENTIAL, name) for name in names}}


def toml() -> bytes:
    return to_toml(from_mapping(CLASSES)).encode()


def read_table() -> dict[tuple[str, str], dict[str, str]]:
    """Of address.md: by method and address, what each person gets."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in TABLE.read_text().splitlines():
        method, *cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if method in METHODS:
            route, nobody, *others = cells
            assert (method, route) not in found, line
            everybody = others * (len(WHO) - 1) if len(others) == 1 else others
            found[method, route] = dict(zip(WHO, (nobody, *everybody), strict=True))
    return found


def browser(world: World, who: str, **more: Any) -> Client:
    """A new one in which this person has signed in."""
    client = Client(**more)
    if who != "nobody":
        if who not in world.sessions:
            signed_in = Client()
            signed_in.force_login(person_named(who))
            world.sessions[who] = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[who]
    return client


def answers_to(world: World, who: str, route: str) -> dict[str, Any]:
    """What the form at this address sends, shown to this person."""
    lea = {} if who == "nobody" else {"lea": world.people.by_name(who).lea_id}
    return {**lea, **(ANSWERS[route](world) if route in ANSWERS else {})}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def visit(world: World, client: Client, method: str, route: str, answers: dict[str, Any]) -> Any:
    url = world.url(route)
    return client.post(url, answers) if method == "POST" else client.generic(method, url)


def log_length(world: World) -> int:
    """Every action on the LEA's records leaves an entry (entry.md)."""
    with lea_scope(world.people.lea_id):
        return AuditEntry.objects.count()


def adas(world: World) -> list[Any]:
    """All that is Ada's or the LEA's, as it is now."""
    ada, lea = world.people.ada.person_id, world.people.lea_id
    with lea_scope(lea):
        return [
            *Profile.objects.filter(owner_id=ada).values_list("pk", "version"),
            *Draft.objects.filter(person_id=ada).values_list("pk", "changed_at"),
            *Extract.objects.filter(created_by_id=ada).values_list("pk", "state"),
            *Upload.objects.filter(lea_id=lea).values_list("pk", "state"),
            *ApiToken.objects.filter(person_id=ada).values_list("pk", "revoked_at"),
            *Credential.objects.filter(lea_id=lea).values_list("pk", "name"),
            *Membership.objects.filter(lea_id=lea).values_list("person_id", "level"),
            *Source.objects.filter(lea_id=lea).values_list("pk", "name", "nightly", "check_wanted_at"),
            *Lea.objects.filter(pk=lea).values_list("name", "name_style", "current_snapshot_id"),
        ]


def outcome(answer: Any) -> str:
    """In the table's words (address.md)."""
    if answer.status_code in (302, 303) and answer["Location"].startswith("/account/login/"):
        return "sign in"
    if "/reauthenticate/" in answer.headers.get("Location", ""):
        return "prove again"
    if answer.status_code == 302 and answer.request["REQUEST_METHOD"] == "GET":
        return "sent on"
    return WORDS.get(answer.status_code, str(answer.status_code))
