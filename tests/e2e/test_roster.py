"""Bringing in a roster in a real browser: the first one, a smaller one, going back, and a mapping."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.roster_export import ambiguous_export, roster_folder_zip
from tests.e2e.site import Site
from tests.e2e.walk import look, tab_to

PASSWORD = "a long enough password"  # noqa: S105 - of an invented person


def new_lea(page: Page, site: Site, name: str) -> None:
    """An LEA of one's own, by the one-time link, and its Roster tab."""
    path = re.search(r"/first-admin/\S+", site.run("-m", "cersgroups", "first-admin"))
    assert path
    page.goto(path[0])
    page.get_by_label("Name of the LEA").fill(name)
    page.get_by_label("Your name").fill("Rosa Ramos")
    page.get_by_label("Your e-mail").fill(f"rosa@{name.lower().replace(' ', '-')}.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the LEA").click()
    page.get_by_role("link", name="Roster", exact=True).click()


def upload(page: Page, path: Path) -> None:
    page.get_by_label("Drop the roster here, or choose its files").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile(r"/roster/\d+/$"))


def test_a_first_roster_is_uploaded_converted_and_at_once_in_use(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Fig Unified")
    look(page, "roster-first")
    upload(page, roster_folder_zip(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("fig-unified.zip.*Current"), timeout=30_000)
    expect(page.get_by_role("heading", name="What it supports")).to_be_visible()
    look(page, "roster-ready")


def test_a_roster_with_far_fewer_students_is_asked_about_and_can_be_taken_back(
    page: Page, site: Site, tmp_path: Path
) -> None:
    new_lea(page, site, "Plum Unified")
    upload(page, roster_folder_zip(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=30_000)
    page.get_by_role("link", name="All rosters").click()
    upload(page, roster_folder_zip(tmp_path / "part", students=3))
    expect(page.get_by_text("Against the current roster it has 40% fewer students")).to_be_visible(timeout=30_000)
    look(page, "roster-compared")
    opener = page.get_by_role("button", name="Make current")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Make this roster current?")
    expect(dialog).to_contain_text("40% fewer students (5 before, 3 now)")
    look(page, "roster-make-current")
    dialog.get_by_role("button", name="Make current all the same").click()
    expect(page.get_by_role("status")).to_contain_text("is current now")
    page.get_by_role("link", name="All rosters").click()
    look(page, "roster")
    page.get_by_role("button", name="Go back to the one before").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.get_by_role("status")).to_contain_text("fig-unified.zip is current again")


def test_where_the_ssid_is_can_be_chosen_when_counting_cannot_tell(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Kiwi Unified")
    upload(page, ambiguous_export(tmp_path))
    expect(page.get_by_text("several places can hold the SSID")).to_be_visible(timeout=30_000)
    look(page, "roster-failed")
    page.get_by_role("link", name="Choose where SSID, SEID and CDS code are").click()
    page.get_by_label("SSID of students").select_option("userIds:SSID: 3 of 3 fit")
    look(page, "roster-mapping")
    page.get_by_role("button", name="Convert again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=30_000)


def test_a_file_that_is_no_roster_is_refused_before_anything_is_stored(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Pear Unified")
    (tmp_path / "notes.txt").write_text("nothing")
    page.get_by_label("Drop the roster here, or choose its files").set_input_files(tmp_path / "notes.txt")
    expect(page.get_by_text("Chosen: notes.txt (1 KB)")).to_be_visible()
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("notes.txt: is neither a CSV file nor a zip")
    expect(page.get_by_role("progressbar")).to_be_hidden()
