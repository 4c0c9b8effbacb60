"""Extracted Files in a real browser: figures, findings with their rows, pictures, downloads, and who may see what."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.district import District
from tests.e2e.profile_steps import choose
from tests.e2e.site import Site
from tests.e2e.stage import VERA
from tests.e2e.walk import check_accessible, look, press, sign_in, walk

LONG = 60_000


@pytest.fixture(scope="module")
def _made(browser: Browser, site: Site, district: District) -> None:
    """An extract of each of Alma's and Sam's English profiles, made by them."""
    for person, profile in ((district.alma, "English"), (district.sam, "Sam's English")):
        with browser.new_context(base_url=site.url) as context:
            page = context.new_page()
            sign_in(page, person)
            page.goto("/create-files/")
            choose(page, "Select Profiles to Extract", profile)
            page.get_by_role("button", name="Create CERS Student Groups File").click()
            expect(page.get_by_role("main")).to_contain_text("The file is ready.", timeout=LONG)


@pytest.fixture
def alma(page: Page, district: District, _made: None) -> Page:
    sign_in(page, district.alma)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Extracted Files").click()
    return page


def open_first(page: Page, name: str) -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True))
    row.first.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_list_says_when_by_whom_and_how_many_records(alma: Page) -> None:
    row = alma.get_by_role("row").filter(has_text="English").first
    expect(row).to_contain_text("Alma Álvarez")
    expect(row).to_contain_text("Done")
    expect(row.get_by_role("cell").nth(2)).to_have_text(re.compile(r"^[\d,]+$"))
    expect(alma.get_by_role("main")).not_to_contain_text("Sam's English")
    look(alma, "extracted-files")


def test_an_extract_shows_figures_findings_and_pictures(alma: Page) -> None:
    open_first(alma, "English")
    expect(alma.get_by_role("term").filter(has_text="Student groups")).to_be_visible()
    expect(alma.get_by_role("heading", name="Findings")).to_be_visible()
    expect(alma.get_by_role("heading", name="Students in at least one group")).to_be_visible()
    expect(alma.get_by_role("heading", name="By grade")).to_be_visible()
    expect(alma.get_by_role("img", name="How many students the groups have")).to_be_visible()
    look(alma, "extract")
    alma.get_by_text("Table by school and grade").click()
    expect(alma.get_by_role("table", name="Students in at least one group by school and grade")).to_be_visible()
    check_accessible(alma)


def test_the_rows_behind_a_finding_are_as_many_as_the_count_says(alma: Page) -> None:
    open_first(alma, "English")
    finding = alma.get_by_role("table", name="Findings").get_by_role("row").nth(1)
    count = int(finding.get_by_role("cell").nth(2).inner_text().replace(",", ""))
    finding.get_by_role("link", name=re.compile("^Show rows")).click()
    expect(alma.get_by_role("main")).to_contain_text(f"of {count:,}.")
    expect(alma.get_by_role("table").get_by_role("row")).to_have_count(min(count, 100) + 1)
    look(alma, "finding-rows")


def test_the_findings_are_downloaded_as_csv(alma: Page, tmp_path: Path) -> None:
    open_first(alma, "English")
    with alma.expect_download() as download:
        alma.get_by_role("link", name=re.compile("all rows")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name.endswith("_findings.csv")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert {"code", "school_id", "key", "value"} <= set(rows[0])
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_an_extract_is_read_and_downloaded_by_keyboard_alone(alma: Page) -> None:
    row = alma.get_by_role("row").filter(has=alma.get_by_role("cell", name="English", exact=True)).first
    press(alma, row.get_by_role("rowheader").get_by_role("link"))
    expect(alma.get_by_role("heading", level=1)).to_have_text("English")
    press(alma, alma.get_by_text("Table by school and grade"))
    expect(alma.get_by_role("table", name="Students in at least one group by school and grade")).to_be_visible()
    with alma.expect_download():
        press(alma, alma.get_by_role("link", name=re.compile("all rows")))
    with alma.expect_download():
        press(alma, alma.get_by_role("main").get_by_role("link", name=re.compile("^Download")).first)
    press(alma, alma.get_by_role("link", name=re.compile("^Show rows")).first)
    expect(alma.get_by_role("main")).to_contain_text(re.compile(r"of [\d,]+\."))


@pytest.mark.usefixtures("_made")
def test_a_viewer_reads_everything_and_downloads_nothing(page: Page, district: District) -> None:
    sign_in(page, district.vera)
    expect(page.get_by_role("heading", level=1)).to_have_text("Extracted Files")
    expect(page.get_by_role("row").filter(has_text="Sam's English")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Download"))).to_have_count(0)
    look(page, "extracted-files-viewer")
    open_first(page, "English")
    address = page.url
    expect(page.get_by_role("heading", name="Findings")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Download"))).to_have_count(0)
    check_accessible(page)
    answer = page.goto(f"{address}files/extract-1.csv")
    assert answer is not None
    assert answer.status == 403


@pytest.mark.usefixtures("_made")
def test_a_school_person_sees_their_own_extracts_only(page: Page, district: District) -> None:
    sign_in(page, district.sam)
    page.goto("/extracted-files/")
    expect(page.get_by_role("row").filter(has_text="Sam's English")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)


@pytest.mark.usefixtures("_made")
def test_an_admin_sees_everybodys_and_may_download_them(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.goto("/extracted-files/")
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("link", name=re.compile("^Download"))).to_have_count(2)


def test_without_an_extract_a_viewer_is_told_what_will_be_there(page: Page) -> None:
    sign_in(page, VERA)
    expect(page.get_by_role("heading", name="No file has been created yet")).to_be_visible()
    look(page, "extracted-files-none")


def test_every_stop_of_an_extract_is_in_view_and_shows_its_focus(alma: Page) -> None:
    open_first(alma, "English")
    stops = walk(alma)
    assert "Table of sizes" in stops
