"""After the clean-up at night every page says that the files are gone and since when, and offers nothing of them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cersgroups.records.audit import AuditEntry
from cersgroups.records.extract import Extract
from cersgroups.records.lea import Lea
from cersgroups.records.person import Person
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload
from tests.cleaned import ROSTER_CODE, Cleaned, cleaned
from tests.jobs.delivery import Delivery
from tests.web.extract_district import shown, text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]  # tests/api/test_removed.py is quick


@pytest.fixture
def gone(stage: Delivery, stored_snapshot: Path) -> Cleaned:
    return cleaned(stage, stored_snapshot)


def client(gone: Cleaned, who: str = "ada") -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(pk=gone.stage.people.by_name(who).person_id))
    return browser


def send(gone: Cleaned, url: str, **more: Any) -> Any:
    return client(gone).post(url, {"lea": gone.stage.lea_id, **more}, follow=True)


def told(gone: Cleaned, url: str, who: str = "ada") -> str:
    """The page as it stands there, which must say the sentence."""
    answer = client(gone, who).get(url)
    page: str = answer.content.decode()
    assert answer.status_code == 200, url
    assert f"Its {gone.sentence}" in text_of(page).replace("( ", "(").replace(" )", ")"), url
    assert ('href="/settings/retention/"' in page) == (who == "ada"), url
    return page


def pages(gone: Cleaned) -> dict[str, str]:
    return {
        "roster": f"/roster/{gone.roster}/",
        "rows of the roster's finding": f"/roster/{gone.roster}/findings/{ROSTER_CODE}/",
        "extract": f"/extracted-files/{gone.extract}/",
        "rows of the extract's finding": f"/extracted-files/{gone.extract}/findings/{gone.code}/",
        "files created": f"/create-files/progress/?batch={gone.extract}",
        "upload": f"/uploads/{gone.upload}/",
        "changes": f"/uploads/{gone.upload}/changes/",
    }


def test_each_page_says_it_and_leads_an_admin_to_the_setting(gone: Cleaned) -> None:
    for url in pages(gone).values():
        told(gone, url)


@pytest.mark.parametrize("page", ["extract", "rows of the extract's finding", "upload", "changes"])
def test_a_viewer_is_told_too(gone: Cleaned, page: str) -> None:
    told(gone, pages(gone)[page], "vera")


def test_no_page_offers_what_cannot_work(gone: Cleaned) -> None:
    """Neither a file, nor rows of a finding, nor making it current, nor an upload of it."""
    dead = re.compile(r"/files/|findings\.csv|/findings/\w+/\"|make-current|/current/|/mapping/|/upload/|/changes/\"")
    for name, url in pages(gone).items():
        assert not dead.findall(told(gone, url).split("<main", 1)[1]), name


def test_a_roster_is_not_called_ready_and_its_record_still_says_what_was_in_it(gone: Cleaned) -> None:
    text = text_of(told(gone, pages(gone)["roster"]))
    assert "Files removed" in text
    assert "Ready" not in text
    assert "Nothing was left out or changed" not in text
    assert re.search(r"Students 5 ", text)
    assert "What it supports" not in text
    assert "fall.zip" in shown(client(gone, "alma"), pages(gone)["roster"])


def test_an_upload_says_not_that_nobody_gets_in(gone: Cleaned) -> None:
    text = text_of(told(gone, pages(gone)["changes"]))
    assert "Nobody is added" not in text
    assert "already holds exactly this" not in text


@pytest.mark.parametrize(
    ("url", "name"), [("/roster/", "fall.zip"), ("/extracted-files/", "Classes"), ("/uploads/", "Classes, ")]
)
def test_the_lists_mark_it(gone: Cleaned, url: str, name: str) -> None:
    text = shown(client(gone), url)
    assert re.search(rf"{name}.* Files removed", text)
    assert text.count("Files removed") == 1


@pytest.mark.parametrize(
    "url",
    [
        "/roster/{roster}/findings.csv",
        "/extracted-files/{extract}/files/extract-1.csv",
        "/extracted-files/{extract}/files/findings.csv",
        "/uploads/{upload}/files/difference.csv",
    ],
)
def test_whoever_asks_for_a_file_all_the_same_is_told_where_it_went(gone: Cleaned, url: str) -> None:
    assert f"Its {gone.sentence}" in shown(client(gone), url.format(**vars(gone)), 404)


def test_such_a_roster_cannot_be_made_current(gone: Cleaned) -> None:
    answer = send(gone, f"/roster/{gone.roster}/current/")
    assert answer.status_code == 400
    assert f"Its {gone.sentence} Choose a roster that has them" in answer.content.decode()
    with lea_scope(gone.stage.lea_id):
        assert Lea.objects.get(pk=gone.stage.lea_id).current_snapshot_id == gone.current


def test_nobody_goes_back_to_it(gone: Cleaned) -> None:
    assert "Go back to the previous roster" not in shown(client(gone), "/roster/")
    answer = send(gone, "/roster/back/")
    assert answer.status_code == 400
    assert f"no earlier roster to go back to. The earlier roster’s {gone.sentence}" in answer.content.decode()


def test_its_mapping_cannot_be_changed(gone: Cleaned) -> None:
    url = f"/roster/{gone.roster}/mapping/"
    assert f"Its {gone.sentence} Upload them again." in shown(client(gone), url)
    assert f"Its {gone.sentence} Upload them again." in text_of(send(gone, url).content.decode())
    with lea_scope(gone.stage.lea_id):
        assert Snapshot.objects.count() == 2


def test_such_an_extract_cannot_be_uploaded(gone: Cleaned) -> None:
    for by_hand in ({}, {"by_hand": "1"}):
        answer = send(gone, f"/extracted-files/{gone.extract}/upload/", **by_hand)
        assert f"Its {gone.sentence} Make a new extract to upload." in text_of(answer.content.decode())
    with lea_scope(gone.stage.lea_id):
        assert Upload.objects.count() == 1


def test_reading_what_is_gone_is_no_reading_for_the_audit_log(gone: Cleaned) -> None:
    with lea_scope(gone.stage.lea_id):
        before = AuditEntry.objects.count()
    for url in pages(gone).values():
        told(gone, url)
    with lea_scope(gone.stage.lea_id):
        assert AuditEntry.objects.count() == before


def test_a_roster_that_was_held_waits_for_nobody_any_more(gone: Cleaned) -> None:
    with lea_scope(gone.stage.lea_id):
        newest = Snapshot.objects.create(
            lea_id=gone.stage.lea_id, state="held", occasion="night", stops=["It has 40% fewer students."]
        )
    assert "waits for you" in shown(client(gone), "/roster/")
    with lea_scope(gone.stage.lea_id):
        Snapshot.objects.filter(pk=newest.pk).update(
            files_removed_at=Snapshot.objects.get(pk=gone.roster).files_removed_at
        )
    assert "waits for you" not in shown(client(gone), "/roster/")
    text = text_of(told(gone, f"/roster/{newest.pk}/"))
    assert "It was held, and never came into use" in text
    assert "It has 40% fewer students." in text


def test_a_roster_that_could_not_be_used_offers_no_mapping_of_files_that_are_gone(gone: Cleaned) -> None:
    with lea_scope(gone.stage.lea_id):
        failed = Snapshot.objects.create(lea_id=gone.stage.lea_id, state="failed", why="No SSID.", file_name="odd.zip")
    assert "Choose where SSID" in shown(client(gone), f"/roster/{failed.pk}/")
    with lea_scope(gone.stage.lea_id):
        Snapshot.objects.filter(pk=failed.pk).update(
            files_removed_at=Snapshot.objects.get(pk=gone.roster).files_removed_at
        )
    text = text_of(told(gone, f"/roster/{failed.pk}/"))
    assert "Choose where SSID" not in text
    assert "Upload another file" in text


def test_what_never_had_files_is_not_said_to_have_lost_them(gone: Cleaned) -> None:
    """An extract that the data stopped, and an upload that was cancelled before it was compared."""
    with lea_scope(gone.stage.lea_id):
        Extract.objects.filter(pk=gone.extract).update(state="failed", files=[], why="Stopped.")
        Extract.objects.get(pk=gone.extract).findings.all().delete()
        Upload.objects.filter(pk=gone.upload).update(state="cancelled", figures={})
    for url in ("extract", "upload", "changes"):
        assert "files were removed" not in shown(client(gone), pages(gone)[url])
    assert "It was not compared" in shown(client(gone), pages(gone)["changes"])
