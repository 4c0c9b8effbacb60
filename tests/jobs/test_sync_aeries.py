"""A sync from the stand-in for Aeries by the worker: whatever breaks, the last good roster stays and nothing leaks."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from cersgroups.actions.source import Entry, check_source, save_source
from cersgroups.jobs.worker import run_worker
from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.engine.roster_files import DISTRICT, rows
from tests.jobs.live_sync import current, source_of, synced_from
from tests.people import People, make_people, person_named
from tests.sources.aeries_api_sync import impatient, small_aeries
from tests.sources.aeries_district import Row
from tests.sources.aeries_server import CERTIFICATE, AeriesServer

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["impatient"]  # a fixture for every test here

KIND = "aeries_api"


@pytest.fixture
def aeries(tmp_path: Path) -> Iterator[AeriesServer]:
    with small_aeries(tmp_path) as aeries:
        yield aeries


@pytest.fixture
def folk(aeries: AeriesServer) -> People:
    """With a good roster, fetched from Aeries."""
    folk = make_people()
    save_source(folk.ada, Entry("Aeries", KIND, aeries.settings()))
    assert synced(folk).state == "ready"
    return folk


def synced(folk: People) -> Snapshot:
    return synced_from(folk, source_of(folk, KIND))


def without_terms(address: str, rows: list[Row]) -> list[Row]:
    return [] if address.endswith("/terms") else rows


FAULTS = {
    "cut at the first request": ({"cut_from": 0}, "GET /systeminfo"),
    "half a body": ({"half": "schools/10/students"}, "GET /schools/10/students"),
    "no JSON": ({"broken": "schools/10/terms"}, "GET /schools/10/terms"),
    "a permission": ({"refused": {"Student Data"}}, "Student Data"),
    "no term dates": ({"edit": without_terms}, "term"),
}


@pytest.mark.parametrize(("behaviour", "sentence"), FAULTS.values(), ids=FAULTS)
def test_whatever_breaks_the_last_good_roster_stays_and_the_person_is_told_why(
    folk: People, aeries: AeriesServer, behaviour: dict[str, object], sentence: str
) -> None:
    good = current(folk)
    for name, value in behaviour.items():
        setattr(aeries.behaviour, name, value)
    failed = synced(folk)
    assert failed.state == "failed"
    assert sentence in failed.why
    assert current(folk) == good


def test_no_certificate_and_no_student_is_in_any_log_mail_or_page(
    folk: People, aeries: AeriesServer, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}  # no collectstatic here
    caplog.set_level(logging.DEBUG)
    check_source(folk.ada, source_of(folk, KIND).pk)
    run_worker(wait=False)
    aeries.behaviour.half = "schools/10/students"
    failed = synced(folk)
    aeries.behaviour.half = ""
    synced(folk)
    ada = Client()
    ada.force_login(person_named("ada"))
    source = source_of(folk, KIND)
    urls = (
        f"/sources/{source.pk}/",
        f"/sources/{source.pk}/settings/",
        "/sources/",
        f"/roster/{failed.pk}/",
        "/roster/",
    )
    pages = [ada.get(url).content.decode() for url in (*urls, "/audit-log/", f"/sources/{source.pk + 99}/")]
    with lea_scope(folk.lea_id):
        stored = [str(list(AuditEntry.objects.values_list("detail", flat=True))), failed.why, str(source.checks)]
    told = "\n".join([caplog.text, *pages, *stored, *(str(message.body) for message in mail.outbox)])
    assert "Aeries" in told
    assert len(caplog.records) > 10
    students = [name for row in rows(DISTRICT["students"]) for name in (row["ssid"], row["last_name"]) if len(name) > 3]
    assert students
    assert [secret for secret in (CERTIFICATE, *students) if secret in told] == []
