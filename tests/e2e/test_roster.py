"""Bringing in a roster in a real browser: the first one, a smaller one, going back, and a mapping."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.district import District
from tests.e2e.progress_gate import gate
from tests.e2e.roster_export import ambiguous_export, plain_export, roster_folder_zip
from tests.e2e.site import Site
from tests.e2e.stage import ALMA
from tests.e2e.walk import choose_file, look, press, sign_in, tab_to

PASSWORD = "a long enough password"  # noqa: S105 - of an invented person

LONG = 60_000


def new_lea(page: Page, site: Site, name: str) -> None:
    """An LEA of one's own, by the one-time link, and its Roster tab. Its person's e-mail is of its name: each test of
    all files has another, as some share a site."""
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


def lea_with_roster(page: Page, site: Site, name: str, folder: Path) -> None:
    """An LEA of one's own whose current roster is the small one (roster_export.py)."""
    new_lea(page, site, name)
    upload(page, roster_folder_zip(folder))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=30_000)


def drop(page: Page, path: Path) -> None:
    """Drag a file or folder from the desktop onto the page, as the browser gets it from the system."""
    box = page.locator("[data-part=drop]").bounding_box()
    assert box
    where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 20}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **where})


def test_without_a_roster_or_a_profile_the_pages_say_what_comes_first(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Quandong Unified")
    page.get_by_role("link", name="Select Profiles & Create Files").click()
    expect(page.get_by_role("heading", name="There is no roster yet")).to_be_visible()
    look(page, "create-files-no-roster")
    page.goto("/school-selection/")
    page.get_by_role("button", name="New Profile").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("School Selection")
    expect(page.get_by_text("There is no roster yet, so there is nothing to choose from.")).to_be_visible()
    look(page, "school-selection-no-roster")
    page.get_by_role("link", name="Roster", exact=True).click()
    upload(page, roster_folder_zip(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    page.get_by_role("link", name="Select Profiles & Create Files").click()
    expect(page.get_by_role("heading", name="There is no profile to choose yet")).to_be_visible()
    look(page, "create-files-no-profiles")


def test_who_is_no_admin_sees_the_roster_and_changes_nothing(page: Page, district: District) -> None:
    sign_in(page, district.alma)
    page.get_by_role("link", name="Roster", exact=True).click()
    expect(page.get_by_role("heading", name="Current roster")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    look(page, "roster-not-admin")
    page.get_by_role("link", name="See what is in it").click()
    expect(page.get_by_role("heading", name="What it supports")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    look(page, "roster-ready-not-admin")


def test_who_is_no_admin_is_told_to_wait_for_the_first_roster(page: Page) -> None:
    sign_in(page, ALMA)
    page.get_by_role("link", name="Roster", exact=True).click()
    expect(page.get_by_text("An admin of your LEA must upload one first.")).to_be_visible()
    look(page, "roster-first-not-admin")


def test_a_oneroster_zip_is_dropped_mapped_by_counting_and_shows_what_it_lacks(
    page: Page, site: Site, tmp_path: Path
) -> None:
    new_lea(page, site, "Quince Unified")
    drop(page, plain_export(tmp_path))
    expect(page.get_by_text(re.compile(r"Chosen: oneroster\.zip"))).to_be_visible()
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile(r"/roster/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    expect(page.get_by_role("main")).to_contain_text("OneRoster 1.1")
    support = page.get_by_role("region", name="What it supports")
    counselor = support.get_by_role("listitem").filter(has_text="Counselor")
    expect(counselor.first).to_contain_text("It lacks")
    look(page, "roster-oneroster")


def test_what_the_roster_cannot_support_is_shown_in_the_options_disabled_with_the_reason(
    page: Page, site: Site, tmp_path: Path
) -> None:
    new_lea(page, site, "Loquat Unified")
    upload(page, plain_export(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    page.get_by_role("link", name="make profiles").click()
    expect(page.get_by_role("heading", name="There is no profile yet")).to_be_visible()
    look(page, "profiles-none")
    page.get_by_role("button", name="Make the first profile").click()
    page.get_by_role("button", name="Select All schools").click()
    page.get_by_role("button", name="Continue").click()
    counselor = page.get_by_role("radio", name="Counselor", exact=True)
    expect(counselor).to_be_disabled()
    expect(counselor).to_have_accessible_description(re.compile("^Not available: The roster has no"))
    page.get_by_role("radio", name="Secondary Master Schedule Classes").check()
    expect(page.get_by_role("group", name="Group Name Pattern")).to_be_visible()
    expect(page.get_by_role("heading", name="Departments")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Not available: The roster has no departments")
    look(page, "options-unsupported")


def test_a_roster_folder_is_dropped_as_a_folder(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Medlar Unified")
    roster_folder_zip(tmp_path)
    drop(page, tmp_path / "roster")
    expect(page.get_by_text(re.compile(r"Chosen: .*and \d+ more"))).to_be_visible()
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile(r"/roster/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)


def test_the_findings_of_a_roster_are_read_row_by_row_and_downloaded(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Guava Unified")
    upload(page, roster_folder_zip(tmp_path, students=3))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    findings = page.get_by_role("table", name="What was left out or changed")
    count = findings.get_by_role("link").first
    rows = int(count.inner_text().split()[0].replace(",", ""))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all rows (CSV)").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) > rows
    count.click()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(rows + 1)
    expect(page.get_by_role("row").nth(1)).to_contain_text("30 Kiwi Elem")
    look(page, "roster-finding")


def test_a_first_roster_is_uploaded_converted_and_at_once_in_use(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Fig Unified")
    look(page, "roster-first")
    upload(page, roster_folder_zip(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("fig-unified.zip.*Current"), timeout=LONG)
    expect(page.get_by_role("heading", name="What it supports")).to_be_visible()
    look(page, "roster-ready")


def test_a_roster_that_is_being_converted_says_how_far_it_is_also_after_a_reload(
    page: Page, site: Site, tmp_path: Path
) -> None:
    new_lea(page, site, "Rambutan Unified")
    with gate(site, "snapshot") as closed:
        upload(page, roster_folder_zip(tmp_path))
        closed.step()
        expect(page.get_by_label(re.compile("^Checking "))).to_be_visible()
        page.reload()
        expect(page.get_by_label(re.compile("^Checking "))).to_be_visible()
        look(page, "roster-converting")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)


def test_a_roster_with_far_fewer_students_is_asked_about_and_can_be_taken_back(
    page: Page, site: Site, tmp_path: Path
) -> None:
    new_lea(page, site, "Plum Unified")
    upload(page, roster_folder_zip(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    page.get_by_role("link", name="All rosters").click()
    upload(page, roster_folder_zip(tmp_path / "part", students=3))
    expect(page.get_by_text("Compared with the current roster, it has 40% fewer students")).to_be_visible(timeout=LONG)
    look(page, "roster-compared")
    opener = page.get_by_role("button", name="Make current")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Make this roster current?")
    expect(dialog).to_contain_text("40% fewer students (5 before, 3 now)")
    look(page, "roster-make-current")
    dialog.get_by_role("button", name="Make current anyway").click()
    expect(page.get_by_role("status")).to_contain_text("is current now")
    page.get_by_role("link", name="All rosters").click()
    look(page, "roster")
    page.get_by_role("button", name="Go back to the previous roster").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    expect(page.get_by_role("status")).to_contain_text("fig-unified.zip is current again")


def test_a_roster_is_uploaded_made_current_and_taken_back_by_keyboard_alone(
    page: Page, site: Site, tmp_path: Path
) -> None:
    new_lea(page, site, "Lychee Unified")
    upload_by_keyboard(page, roster_folder_zip(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    press(page, page.get_by_role("link", name="All rosters"))
    upload_by_keyboard(page, roster_folder_zip(tmp_path / "again"))
    press(page, page.get_by_role("button", name="Make current"))
    press(page, page.get_by_role("dialog").get_by_role("button", name=re.compile("^Make current")))
    expect(page.get_by_role("status")).to_contain_text("is current now")
    press(page, page.get_by_role("link", name="All rosters"))
    press(page, page.get_by_role("button", name="Go back to the previous roster"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Go back"))
    expect(page.get_by_role("status")).to_contain_text("fig-unified.zip is current again")


def upload_by_keyboard(page: Page, path: Path) -> None:
    choose_file(page, page.get_by_label("Drop the roster here, or choose its files"), path)
    press(page, page.get_by_role("button", name="Upload"))
    page.wait_for_url(re.compile(r"/roster/\d+/$"))


def test_where_the_ssid_is_can_be_chosen_when_counting_cannot_tell(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Kiwi Unified")
    upload(page, ambiguous_export(tmp_path))
    expect(page.get_by_text("several places can hold the SSID")).to_be_visible(timeout=LONG)
    look(page, "roster-failed")
    page.get_by_role("link", name="Choose where SSID, SEID and CDS code are").click()
    page.get_by_label("SSID of students").select_option("userIds:SSID: 3 of 3 fit")
    look(page, "roster-mapping")
    page.get_by_role("button", name="Convert again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)


def test_the_mapping_of_a_roster_in_use_is_changed_and_makes_a_new_one(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Mango Unified")
    upload(page, ambiguous_export(tmp_path))
    page.get_by_role("link", name="Choose where SSID, SEID and CDS code are").click(timeout=LONG)
    page.get_by_label("SSID of students").select_option("userIds:SSID: 3 of 3 fit")
    page.get_by_role("button", name="Convert again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    expect(page.get_by_role("region", name="Where its numbers are")).to_contain_text("userIds:SSID")
    before = page.url
    press(page, page.get_by_role("link", name="Change the mapping…"))
    expect(page.get_by_label("SSID of students")).to_have_value("userIds:SSID")
    look(page, "roster-mapping-change")
    page.get_by_label("SSID of students").select_option("identifier: 3 of 3 fit")
    press(page, page.get_by_role("button", name="Convert again"))
    expect(page.get_by_role("button", name="Make current")).to_be_visible(timeout=LONG)
    assert page.url != before
    expect(page.get_by_role("region", name="Where its numbers are")).not_to_contain_text("userIds:SSID")
    look(page, "roster-mapping-changed")
    page.get_by_role("button", name="Make current").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Make current")).click()
    expect(page.get_by_role("status")).to_contain_text("is current now")
    page.goto(before)
    expect(page.get_by_role("region", name="Where its numbers are")).to_contain_text("userIds:SSID")


def test_a_mapping_is_chosen_and_changed_by_keyboard_alone(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Papaya Unified")
    upload_by_keyboard(page, ambiguous_export(tmp_path))
    press(page, page.get_by_role("link", name="Choose where SSID, SEID and CDS code are"))
    convert_again_by_keyboard(page, "userIds:SSID")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Current"), timeout=LONG)
    press(page, page.get_by_role("link", name="Change the mapping…"))
    convert_again_by_keyboard(page, "identifier")
    press(page, page.get_by_role("button", name="Make current"))
    press(page, page.get_by_role("dialog").get_by_role("button", name=re.compile("^Make current")))
    expect(page.get_by_role("status")).to_contain_text("is current now")
    expect(page.get_by_role("region", name="Where its numbers are")).not_to_contain_text("userIds:SSID")


def convert_again_by_keyboard(page: Page, place: str) -> None:
    """With the SSID from this place."""
    ssid = page.get_by_label("SSID of students")
    press(page, ssid, "Home")
    page.keyboard.type(place)
    expect(ssid.locator("option:checked")).to_have_text(f"{place}: 3 of 3 fit")
    press(page, page.get_by_role("button", name="Convert again"))


def test_a_file_that_is_no_roster_is_refused_before_anything_is_stored(page: Page, site: Site, tmp_path: Path) -> None:
    new_lea(page, site, "Pear Unified")
    (tmp_path / "notes.txt").write_text("nothing")
    page.get_by_label("Drop the roster here, or choose its files").set_input_files(tmp_path / "notes.txt")
    expect(page.get_by_text("Chosen: notes.txt (1 KB)")).to_be_visible()
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("notes.txt is not a CSV file or a zip")
    expect(page.get_by_role("progressbar")).to_be_hidden()
