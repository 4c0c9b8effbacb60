"""The audit log in a real browser: what somebody has just done is in it, and it can be narrowed."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.district import District
from tests.e2e.walk import look, sign_in, tab_to, walk


@pytest.fixture
def ada(page: Page, district: District) -> Page:
    sign_in(page, district.ada)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit Log").click()
    return page


def test_every_change_is_there_newest_first(ada: Page, district: District) -> None:
    ada.goto("/profiles/")
    ada.get_by_role("button", name="Duplicate Counselors", exact=True).click()
    expect(ada.get_by_role("status").first).to_contain_text("belongs to you")
    ada.goto("/audit-log/")
    newest = ada.get_by_role("row").nth(1)
    expect(newest).to_contain_text(district.ada.email)
    expect(newest).to_contain_text("Duplicated a profile")
    look(ada, "audit-log")


def test_the_log_is_narrowed_by_person_action_and_day(ada: Page, district: District) -> None:
    ada.get_by_label("Person").select_option(district.alma.email)
    ada.get_by_label("Action").select_option("Created a profile")
    ada.get_by_role("button", name="Filter").click()
    expect(ada.get_by_role("row").nth(1)).to_contain_text(district.alma.email)
    expect(ada.get_by_role("row").filter(has_text=district.ada.email)).to_have_count(0)
    ada.get_by_label("To").fill("2020-01-01")
    ada.get_by_role("button", name="Filter").click()
    expect(ada.get_by_role("heading", name="No entry matches")).to_be_visible()
    look(ada, "audit-log-none")
    ada.get_by_role("link", name="Show all").first.click()
    expect(ada.get_by_role("row").nth(1)).to_be_visible()


def test_the_log_is_narrowed_by_keyboard(ada: Page) -> None:
    tab_to(ada, ada.get_by_label("Action"))
    ada.keyboard.type("Invited a person")
    tab_to(ada, ada.get_by_role("button", name="Filter"))
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("row").nth(1)).to_contain_text("Invited a person")


def test_every_stop_of_the_log_is_in_view_and_shows_its_focus(ada: Page) -> None:
    assert "Filter" in walk(ada)
