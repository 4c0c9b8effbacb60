"""Settings in a real browser, and how long data are kept."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.district import District
from tests.e2e.walk import look, press, sign_in, tab_to, type_into, walk


@pytest.fixture
def ada(page: Page, district: District) -> Page:
    sign_in(page, district.ada)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    return page


def test_name_time_zone_and_name_style_are_saved(ada: Page) -> None:
    look(ada, "settings")
    ada.get_by_label("Name of the LEA").fill("Setting Unified School District")
    ada.get_by_label("Time zone").select_option("Mountain (Denver)")
    ada.get_by_role("radio", name="Readable").check()
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("status").first).to_contain_text("The settings are saved.")
    expect(ada.locator("summary", has_text="Working at")).to_contain_text("Setting Unified School District")
    ada.goto("/audit-log/")
    expect(ada.locator("time").first).to_contain_text("M")
    expect(ada.get_by_role("row").nth(1)).to_contain_text("Changed the settings")


def test_a_blank_name_is_not_even_sent(ada: Page) -> None:
    ada.get_by_label("Name of the LEA").fill("")
    ada.get_by_role("button", name="Save").click()
    expect(ada.locator("#id_name:invalid")).to_be_focused()
    expect(ada.get_by_role("status").first).not_to_contain_text("saved")


def test_how_long_data_are_kept_is_chosen(ada: Page) -> None:
    ada.get_by_role("link", name="Retention").click()
    ada.get_by_label("Rosters (days)").fill("90")
    ada.get_by_label("Entries of the audit log (days)").fill("730")
    look(ada, "retention")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("status").first).to_contain_text("Anything older is removed tonight.")
    expect(ada.get_by_label("Rosters (days)")).to_have_value("90")


def test_settings_are_changed_by_keyboard(ada: Page) -> None:
    tab_to(ada, ada.get_by_role("radio", checked=True))
    ada.keyboard.press("ArrowDown")
    tab_to(ada, ada.get_by_role("button", name="Save"))
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("status").first).to_contain_text("The settings are saved.")


def test_how_long_data_are_kept_is_chosen_by_keyboard_alone(ada: Page) -> None:
    press(ada, ada.get_by_role("link", name="Retention"))
    type_into(ada, "Rosters (days)", "120")
    press(ada, ada.get_by_label("Entries of the audit log (days)"), "Control+a")
    ada.keyboard.press("Delete")
    press(ada, ada.get_by_role("button", name="Save"))
    expect(ada.get_by_role("status").first).to_contain_text("Anything older is removed tonight.")
    expect(ada.get_by_label("Rosters (days)")).to_have_value("120")
    expect(ada.get_by_label("Entries of the audit log (days)")).to_have_value("")


def test_every_stop_of_the_settings_is_in_view_and_shows_its_focus(ada: Page) -> None:
    assert "Save" in walk(ada)
