"""Check Profiles in a real browser: what should be looked at, rolled forward by one click, deleted, by keyboard."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.district import District
from tests.e2e.profile_steps import profile_row
from tests.e2e.walk import look, press, sign_in, tab_to, walk

OLD = """
name = "Grades of last year"
school_year = 2026
subject = "All"
type = "grade"
schools = ["101"]
[filters]
grades = ["04", "05"]
"""


@pytest.fixture
def ada(page: Page, district: District) -> Page:
    sign_in(page, district.ada)
    expect(page.get_by_role("heading", level=1)).to_have_text("Profiles")
    return page


def about(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def add(page: Page, text: str) -> None:
    """A profile from a file that somebody has kept."""
    page.goto("/profiles/import/")
    page.locator("input[type=file]").set_input_files(
        {"name": "old.toml", "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("status").first).to_be_visible()


def test_profiles_that_overlap_are_of_last_year_or_doubled_are_told_with_what_to_do(ada: Page) -> None:
    add(ada, OLD)
    ada.goto("/profiles/")
    ada.get_by_role("button", name="Duplicate Counselors", exact=True).click()
    ada.get_by_role("link", name="Check Profiles").click()
    expect(about(ada, "English")).to_contain_text("Overlap. English at the high school gives")
    expect(about(ada, "Counselors")).to_contain_text("Duplicate. It chooses the same as Copy of Counselors.")
    expect(about(ada, "Grades of last year")).to_contain_text("Another school year. It is of 2025-26")
    look(ada, "profile-health")


def test_one_click_rolls_a_profile_forward_and_another_deletes_one(ada: Page) -> None:
    ada.goto("/profiles/check/")
    ada.get_by_role("button", name="Roll forward Grades of last year").click()
    expect(ada.get_by_role("status").first).to_contain_text("“Grades of last year” is now for 2026-27.")
    ada.get_by_role("button", name="Delete Copy of Counselors").click()
    ada.get_by_role("dialog").get_by_role("button", name="OK").click()
    expect(profile_row(ada, "Counselors")).to_be_visible()
    ada.goto("/profiles/check/")
    expect(about(ada, "English")).to_be_visible()
    expect(about(ada, "Counselors")).to_have_count(0)


def test_who_has_one_profile_only_is_told_that_all_is_well(page: Page, district: District) -> None:
    sign_in(page, district.sam)
    page.goto("/profiles/check/")
    expect(page.get_by_role("heading", name="All profiles are in order")).to_be_visible()
    look(page, "profile-health-none")


def test_profiles_are_checked_by_keyboard_alone(ada: Page) -> None:
    tab_to(ada, ada.get_by_role("link", name="Check Profiles"))
    ada.keyboard.press("Enter")
    expect(about(ada, "English")).to_be_visible()
    assert "Edit English" in walk(ada)


def test_a_profile_is_rolled_forward_and_another_deleted_by_keyboard_alone(ada: Page) -> None:
    add(ada, OLD.replace("Grades of last year", "Grades of long ago"))
    press(ada, ada.get_by_role("link", name="Profiles", exact=True))
    press(ada, ada.get_by_role("link", name="Check Profiles"))
    press(ada, ada.get_by_role("button", name="Roll forward Grades of long ago"))
    expect(ada.get_by_role("status").first).to_contain_text("“Grades of long ago” is now for 2026-27.")
    press(ada, ada.get_by_role("link", name="Profiles", exact=True))
    press(ada, ada.get_by_role("button", name="Duplicate Counselors", exact=True))
    press(ada, ada.get_by_role("link", name="Check Profiles"))
    press(ada, ada.get_by_role("button", name="Delete Copy of Counselors"))
    press(ada, ada.get_by_role("dialog").get_by_role("button", name="OK"))
    expect(ada.get_by_role("status").first).to_contain_text("“Copy of Counselors” was deleted")
