"""What the program logs while it works, and while it fails, holds no student and nobody's address: it is searched."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from cersgroups.actions.api_token import create_token
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.snapshot import upload_roster
from cersgroups.config.log import JsonFormatter
from cersgroups.engine import extract as engine
from cersgroups.jobs.worker import run_worker
from tests.engine.roster_files import DISTRICT
from tests.jobs.delivery import Delivery
from tests.people import People, email_of, person_named
from tests.roster import roster_zip

pytestmark = pytest.mark.django_db(transaction=True)
LOGGERS = ("", "django", "django.request", "procrastinate", "cersgroups", "httpx")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything from INFO on, as the program writes it with CERSGROUPS_LOG_FORMAT=json."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.INFO)
    yield written
    for name, level in before.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)


def private_words() -> set[str]:
    """The cells of the district that say who somebody is: of students, staff and teachers."""
    words = set()
    for table in ("students", "staff", "teachers"):
        head, *rows = ([cell.strip() for cell in line.split("|")] for line in DISTRICT[table].strip().splitlines())
        named = [place for place, column in enumerate(head) if column in ("ssid", "email", "last_name", "first_name")]
        words |= {row[place] for row in rows for place in named}
    return {word for word in words if len(word) > 3}


def test_no_line_of_a_day_with_faults_names_anybody(
    stage: Delivery, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = private_words()
    upload_roster(stage.people.ada, [UploadedFile("own.zip", io.BytesIO(roster_zip()))])
    assert stage.upload(stage.extract()).state == "done"
    monkeypatch.setattr(engine, "build", lambda *_: (_ for _ in ()).throw(ValueError(" ".join(private))))
    stage.extract(stage.profile(name="Fails"))
    monkeypatch.setattr("cersgroups.actions.profile.visible_profiles", None)
    browser = Client(raise_request_exception=False)
    browser.force_login(person_named("ada"))
    assert browser.get(f"/profiles/?text={sorted(private)[0]}").status_code == 500
    run_worker(wait=False)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert any("where" in line for line in lines), "the faults are logged"
    assert not [line for line in log.getvalue().splitlines() for word in private if word in line]


@pytest.mark.usefixtures("people")
def test_a_mail_without_a_server_is_told_without_its_links_and_its_address(
    log: io.StringIO, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads the journal could set the person's password."""
    settings.EMAIL_BACKEND = "cersgroups.records.mail.UnsentMail"
    Client().post("/account/password/reset/", {"email": email_of("ada")})
    printed = "".join(capfd.readouterr())
    assert "a mail was not sent: there is no mail server" in log.getvalue()
    for word in ("/reset/key/", email_of("ada")):
        assert word not in log.getvalue() + printed


def refusals(log: io.StringIO) -> list[dict[str, object]]:
    """Each once: it is written by a logger and by those above it."""
    lines = [json.loads(line) for line in dict.fromkeys(log.getvalue().splitlines())]
    return [line for line in lines if line["message"].startswith(("Forbidden", "Not Found"))]


def test_a_refusal_is_logged_with_the_numbers_of_person_and_lea_and_nothing_else_of_them(
    people: People, log: io.StringIO
) -> None:
    browser = Client()
    browser.force_login(person_named("vera"))
    assert browser.get("/people/").status_code == 403
    assert browser.get("/nothing/").status_code == 404
    assert Client().get("/nothing/").status_code == 404
    vera = {"person": people.vera.person_id}
    who = [{key: line[key] for key in ("person", "lea") if key in line} for line in refusals(log)]
    assert who == [{**vera, "lea": people.lea_id}, vera, {}]
    assert not [word for word in ("vera", "Vera", "Live Oak") if word in log.getvalue()]


def test_a_refusal_of_a_token_is_logged_with_the_numbers_of_person_and_lea(people: People, log: io.StringIO) -> None:
    _token, text = create_token(people.vera, "Program", ["read"], days=1)
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/profiles").status_code == 403
    [line] = refusals(log)
    assert (line["person"], line["lea"]) == (people.vera.person_id, people.lea_id)
    assert text not in log.getvalue()
