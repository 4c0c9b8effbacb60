"""The list of profiles in a real browser: filter, edit, duplicate, hand over, share as a file, delete."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cersgroups.cli.main import main
from tests.e2e.district import District, write_open_roster
from tests.e2e.profile_steps import OPTIONS, begin, choose_type, profile_row, save
from tests.e2e.stage import ADA, OLGA
from tests.e2e.walk import check_accessible, choose_file, look, press, sign_in, tab_to, walk


@pytest.fixture
def alma(page: Page, district: District) -> Page:
    sign_in(page, district.alma)
    expect(page.get_by_role("heading", level=1)).to_have_text("Profiles")
    return page


def test_everybody_sees_their_own_and_an_admin_sees_all(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    for name in ("English", "Counselors", "Sam's English"):
        expect(profile_row(page, name)).to_be_visible()
    expect(profile_row(page, "English")).to_contain_text("Alma Álvarez")
    look(page, "profiles")


def test_who_is_no_admin_sees_nobody_elses(alma: Page) -> None:
    expect(profile_row(alma, "English")).to_be_visible()
    expect(profile_row(alma, "Counselors")).to_have_count(0)
    expect(profile_row(alma, "Sam's English")).to_have_count(0)


def test_without_a_roster_the_page_says_what_comes_first(page: Page) -> None:
    sign_in(page, OLGA)
    expect(page.get_by_role("heading", name="First, upload a roster")).to_be_visible()
    look(page, "profiles-no-roster")
    page.get_by_role("link", name="Go to Roster").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Roster")


def test_without_a_roster_school_selection_says_what_is_missing(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/school-selection/")
    look(page, "draft-none")


def test_typing_filters_the_list_at_once(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.get_by_label("Filter profiles").press_sequentially("alma english")
    expect(profile_row(page, "Counselors")).to_have_count(0)
    expect(profile_row(page, "English")).to_be_visible()
    page.get_by_label("Filter profiles").fill("nothing like this")
    expect(page.get_by_role("heading", name="No profile matches")).to_be_visible()
    check_accessible(page)


def test_edit_opens_the_options_and_save_shows_the_change_in_the_list(alma: Page) -> None:
    alma.get_by_role("button", name="Edit Grades", exact=True).click()
    expect(alma.get_by_role("heading", level=1)).to_have_text(OPTIONS)
    expect(alma.get_by_role("main")).to_contain_text("Editing “Grades”")
    alma.get_by_label("Include in Scheduled Process").check()
    save(alma, "Grades of the elementary schools")
    changed = profile_row(alma, "Grades of the elementary schools")
    expect(changed.get_by_role("cell").nth(1)).to_have_text("Yes")


def test_a_duplicate_is_ones_own(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.get_by_role("button", name="Duplicate English", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("“Copy of English” was created")
    expect(profile_row(page, "Copy of English")).to_contain_text("Ada Admin")


def test_a_profile_is_handed_over(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.get_by_role("link", name="Hand over Counselors", exact=True).click()
    look(page, "profile-hand-over")
    owner = page.get_by_label("New owner")
    owner.select_option(label=owner.locator("option", has_text="Alma").inner_text())
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("status").first).to_contain_text("“Counselors” now belongs to Alma Álvarez")
    expect(profile_row(page, "Counselors")).to_contain_text("Alma Álvarez")


def test_a_profile_as_a_file_is_built_by_the_command_line_and_imported_by_another(alma: Page, tmp_path: Path) -> None:
    with alma.expect_download() as download:
        alma.get_by_role("link", name="Export English", exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "english.toml"
    roster = write_open_roster(tmp_path / "roster")
    assert main(["build", str(roster), str(file), "--out", str(tmp_path / "english.csv")]) == 0
    alma.get_by_role("link", name="Import", exact=True).click()
    alma.get_by_label("File").set_input_files(file)
    look(alma, "profile-import")
    alma.get_by_role("button", name="Import").click()
    expect(alma.get_by_role("status").first).to_contain_text("The profile “English” was imported.")
    expect(profile_row(alma, "English")).to_have_count(2)


def test_a_file_that_is_no_profile_is_refused_with_a_sentence(alma: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.toml").write_text('colour = "red"\n')
    alma.get_by_role("link", name="Import", exact=True).click()
    alma.get_by_label("File").set_input_files(tmp_path / "notes.toml")
    alma.get_by_role("button", name="Import").click()
    expect(alma.get_by_role("main")).to_contain_text("unknown key 'colour'")
    look(alma, "profile-import-refused")


def test_delete_asks_and_cancel_keeps_the_profile(alma: Page) -> None:
    begin(alma, ["High"])
    alma.get_by_label("All", exact=True).check()
    choose_type(alma, "Elementary Grade Level")
    save(alma, "To be deleted")
    alma.get_by_role("button", name="Delete To be deleted").click()
    dialog = alma.get_by_role("dialog", name="Delete this profile?")
    expect(dialog).to_contain_text("To be deleted")
    look(alma, "profile-delete")
    dialog.get_by_role("button", name="Cancel").click()
    expect(profile_row(alma, "To be deleted")).to_be_visible()
    alma.get_by_role("button", name="Delete To be deleted").click()
    dialog.get_by_role("button", name="OK").click()
    expect(alma.get_by_role("status").first).to_contain_text("“To be deleted” was deleted")
    expect(profile_row(alma, "To be deleted")).to_have_count(0)


def test_a_profile_is_edited_and_deleted_by_keyboard_alone(alma: Page) -> None:
    tab_to(alma, alma.get_by_role("button", name="Duplicate English at the high school"))
    alma.keyboard.press("Enter")
    expect(alma.get_by_role("status").first).to_contain_text("belongs to you")
    copy = "Copy of English at the high school"
    tab_to(alma, alma.get_by_role("button", name=f"Delete {copy}"))
    alma.keyboard.press("Enter")
    dialog = alma.get_by_role("dialog", name="Delete this profile?")
    tab_to(alma, dialog.get_by_role("button", name="OK"))
    alma.keyboard.press("Enter")
    expect(alma.get_by_role("status").first).to_contain_text(f"“{copy}” was deleted")


def test_every_stop_of_the_list_is_in_view_and_shows_its_focus(alma: Page) -> None:
    stops = walk(alma)
    assert "Delete English" in stops


def test_a_long_name_and_markup_stay_in_their_place(alma: Page) -> None:
    begin(alma, ["High"])
    alma.get_by_label("All", exact=True).check()
    choose_type(alma, "Elementary Grade Level")
    name = "<b>All</b> " + "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
    save(alma, name)
    expect(profile_row(alma, name)).to_be_visible()
    look(alma, "profiles-long-name")


def filter_by_keyboard(page: Page, text: str) -> None:
    """Of a long list, only the rows that hold the text."""
    press(page, page.get_by_role("searchbox"), "Control+a")
    page.keyboard.type(text)
    expect(page.get_by_role("row").filter(has_not_text=text)).to_have_count(1)  # the heading


def test_a_profile_is_handed_over_by_keyboard_alone(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    filter_by_keyboard(page, "Counselors")
    press(page, page.get_by_role("button", name="Duplicate Counselors", exact=True))
    expect(page.get_by_role("status").first).to_contain_text("“Copy of Counselors” was created")
    filter_by_keyboard(page, "Copy of Counselors")
    press(page, page.get_by_role("link", name="Hand over Copy of Counselors", exact=True))
    owner = page.get_by_label("New owner")
    press(page, owner, "Home")
    page.keyboard.type("Alma")
    expect(owner.locator("option:checked")).to_contain_text("Alma Álvarez")
    press(page, page.get_by_role("button", name="Hand over"))
    expect(page.get_by_role("status").first).to_contain_text("“Copy of Counselors” now belongs to Alma Álvarez")


def test_a_profile_is_exported_and_imported_by_keyboard_alone(alma: Page, tmp_path: Path) -> None:
    filter_by_keyboard(alma, "English at the high school")
    with alma.expect_download() as download:
        press(alma, alma.get_by_role("link", name="Export English at the high school", exact=True))
    file = tmp_path / "english.toml"
    file.write_text(download.value.path().read_text().replace("English at the high school", "English of a colleague"))
    press(alma, alma.get_by_role("link", name="Import", exact=True))
    choose_file(alma, alma.get_by_label("Profile file"), file)
    press(alma, alma.get_by_role("button", name="Import"))
    expect(alma.get_by_role("status").first).to_contain_text("The profile “English of a colleague” was imported.")
    expect(profile_row(alma, "English of a colleague")).to_be_visible()
