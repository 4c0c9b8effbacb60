"""What the pages look like in a real browser once the clean-up at night has removed the files that they are about."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.roster_export import roster_folder_zip
from tests.e2e.site import Site
from tests.e2e.test_roster import new_lea, upload
from tests.e2e.test_scheduled_process import import_profile
from tests.e2e.test_upload import create_file
from tests.e2e.walk import look
from tests.profiles import CLASSES

REMOVED = re.compile(r"Its files were removed on \w+ \d+, \d{4} \(Settings, Retention\)\.")
LONG = 60_000


def marked(page: Page, place: str, name: str) -> None:
    """The list says of one row that its files are gone; look at the list, then at what the row leads to."""
    page.get_by_role("link", name=place, exact=True).click()
    row = page.get_by_role("row").filter(has_text="Files removed")
    expect(row).to_have_count(1)
    look(page, f"{name}s-removed")
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(REMOVED)
    look(page, f"{name}-removed")


def file_that_goes(page: Page, folder: Path) -> None:
    """A file with a finding, uploaded by hand."""
    import_profile(page, folder, **{**CLASSES, "filters": {"departments": ["ENG", "GONE"]}})
    create_file(page)
    page.get_by_role("link", name=re.compile("Show figures and findings")).click()
    page.get_by_role("button", name="Upload by hand").click()
    page.get_by_role("button", name="CERS has accepted it").click(timeout=LONG)
    expect(page.get_by_text("Uploaded by hand and confirmed here")).to_be_visible(timeout=LONG)


def test_every_page_says_that_the_files_are_gone(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Sloe Unified")
    upload(page, roster_folder_zip(tmp_path, students=3))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    finding = (
        page.get_by_role("table", name="What was left out or changed").get_by_role("link").first.get_attribute("href")
    )
    assert finding
    file_that_goes(page, tmp_path)
    page.get_by_role("link", name="Roster", exact=True).click()
    upload(page, roster_folder_zip(tmp_path / "again"))
    page.get_by_role("button", name="Make current").click(timeout=LONG)
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Make")).click()
    page.goto("/settings/retention/")
    for kept in ("Extracted files and what was uploaded (days)", "Rosters (days)"):
        page.get_by_label(kept).fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("The settings are saved.")
    site.run("-m", "tests.e2e.clean_up")

    marked(page, "Roster", "roster")
    expect(page.get_by_role("button", name="Make current")).to_have_count(0)
    page.goto(finding)
    expect(page.get_by_role("main")).to_contain_text(REMOVED)
    look(page, "roster-finding-removed")
    marked(page, "Extracted Files", "extract")
    extract = page.url
    expect(page.get_by_role("link", name=re.compile("Download"))).to_have_count(0)
    page.goto(f"{extract}findings/choice_not_in_roster/")
    expect(page.get_by_role("main")).to_contain_text(REMOVED)
    look(page, "finding-rows-removed")
    marked(page, "Uploads", "upload")
    page.goto(f"{page.url}changes/")
    expect(page.get_by_role("main")).to_contain_text(REMOVED)
    look(page, "upload-changes-removed")
    page.get_by_role("link", name="Retention", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retention")
