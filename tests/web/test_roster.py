"""The Roster tab: bringing in a roster, seeing what is in it, making it current, going back."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cersgroups.jobs.worker import run_worker
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.e2e.roster_export import ambiguous_export, plain_export
from tests.roster import roster_zip

if TYPE_CHECKING:
    from tests.web.conftest import Visitor

    Visit = Callable[[str], Visitor]


def zipped(name: str = "fig.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, roster_zip(), "application/zip")


def test_without_a_roster_an_admin_is_asked_for_the_first_one(visit: "Visit") -> None:
    answer = visit("ada").get("/roster/")
    assert b"Upload the first roster" in answer.content


def test_without_a_roster_others_are_told_whom_to_ask(visit: "Visit") -> None:
    answer = visit("alma").get("/roster/")
    assert b"An admin of your LEA must upload one first" in answer.content
    assert b'type="file"' not in answer.content


def test_an_uploaded_roster_waits_for_its_conversion_on_a_page_of_its_own(visit: "Visit") -> None:
    ada = visit("ada")
    answer = ada.send("/roster/upload/", {"roster": zipped()}, follow=True)
    assert b"fig.zip" in answer.content
    assert b"Waiting for its turn" in answer.content


@pytest.mark.django_db(transaction=True)
def test_an_admin_may_change_the_mapping_of_an_export_while_it_is_kept(visit: "Visit", tmp_path: Path) -> None:
    ada, change = visit("ada"), "Change the mapping…"
    export = SimpleUploadedFile("fall.zip", plain_export(tmp_path).read_bytes(), "application/zip")
    url = ada.send("/roster/upload/", {"roster": export}).headers["Location"]
    run_worker(wait=False)
    page = ada.get(url).content.decode()
    assert change in page
    assert "left to counting (see Findings)" in page
    assert change not in visit("alma").get(url).content.decode()
    with lea_scope(ada.lea_id):
        Snapshot.objects.update(received_until=timezone.now())
    page = ada.get(url).content.decode()
    assert change not in page
    assert "upload the export again" in page
    assert "The uploaded files are not kept any longer" in ada.get(f"{url}mapping/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_mapping_is_offered_for_an_export_and_not_for_what_is_none(visit: "Visit", tmp_path: Path) -> None:
    ada, offer = visit("ada"), "Choose where SSID, SEID and CDS code are"
    pages = []
    for content in (ambiguous_export(tmp_path).read_bytes(), b"hello"):
        sent = SimpleUploadedFile("fall.zip", content, "application/zip")
        url = ada.send("/roster/upload/", {"roster": sent}).headers["Location"]
        run_worker(wait=False)
        pages.append(ada.get(url).content.decode())
    assert [offer in page for page in pages] == [True, False]
    assert all("Upload another file" in page for page in pages)


@pytest.mark.django_db(transaction=True)
def test_the_page_of_the_mapping_reads_no_export_when_it_is_shown_nor_when_it_is_sent(
    visit: "Visit", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = visit("ada")
    export = SimpleUploadedFile("fall.zip", ambiguous_export(tmp_path).read_bytes(), "application/zip")
    url = ada.send("/roster/upload/", {"roster": export}).headers["Location"]
    run_worker(wait=False)
    read: list[Path] = []
    monkeypatch.setattr("cersgroups.actions.mapping.inspect", read.append)
    page = ada.get(f"{url}mapping/").content.decode()
    assert "userIds:SSID: 3 of 3 fit" in page
    assert "users.csv: 5 rows" in page
    answer = ada.send(f"{url}mapping/", {"ssid": "nowhere", "end_date": "exclusive"})
    assert "Select a valid choice" in answer.content.decode()
    answer = ada.send(f"{url}mapping/", {"ssid": "userIds:SSID", "end_date": "exclusive"})
    assert answer.headers["Location"] == url
    assert read == []
