"""What people do with profiles in a browser, for the tests: choosing in lists, going through the tabs, saving."""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

OPTIONS = "Extract Configuration Options"


def the_list(page: Page, name: str) -> Locator:
    """The filter list with this legend."""
    return page.get_by_role("listbox", name=name, exact=True)


def choose(page: Page, name: str, *entries: str) -> None:
    """Type each into the list's filter, click the first entry that is shown, and empty the filter."""
    entries_filter = page.locator(".filter-list", has=the_list(page, name)).get_by_role("searchbox")
    for entry in entries:
        entries_filter.fill(entry)
        first = the_list(page, name).get_by_role("option").first
        expect(first).to_contain_text(entry, ignore_case=True)  # on a busy machine it may still show the whole list
        first.click()
    entries_filter.fill("")


def offered(page: Page, name: str) -> list[str]:
    """The entries of a list that are in view, without their details."""
    texts = the_list(page, name).get_by_role("option").locator(".filter-list-text")
    return [str(text) for text in texts.evaluate_all("all => all.map((e) => e.firstChild.textContent)")]


def chosen(page: Page, name: str) -> Locator:
    """The chosen entries of a list that are in view."""
    return the_list(page, name).get_by_role("option", selected=True)


def begin(page: Page, schools: Sequence[str]) -> None:
    """A new profile of these schools, to its options."""
    page.goto("/profiles/")
    page.get_by_role("button", name=re.compile("New Profile|first profile")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("School Selection")
    choose(page, "Schools", *schools)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OPTIONS)


def profile_row(page: Page, name: str) -> Locator:
    """The row of the list that has the profile of exactly this name."""
    return page.get_by_role("row").filter(has=page.get_by_role("button", name=name, exact=True))


def choose_type(page: Page, type_: str) -> None:
    """A type, and its filters have come."""
    with page.expect_response("**/options/type/"):
        page.get_by_label(type_, exact=True).check()


def previewed(page: Page) -> Locator:
    """The preview after it has counted what is chosen now."""
    expect(page.locator("#preview-panel")).to_have_attribute("aria-busy", "false")
    return page.locator("#preview")


def save(page: Page, name: str) -> None:
    """Save under this name: back in the list with the new profile in it."""
    page.get_by_label(re.compile("^Profile name")).fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(f"The profile “{name}” was saved.")
    expect(profile_row(page, name)).to_be_visible()


def make_profile(
    page: Page, name: str, type_: str = "Elementary Grade Level", schools: Sequence[str] = (), subject: str = "All"
) -> None:
    """A profile with nothing but what it must have."""
    begin(page, schools)
    page.get_by_label(subject, exact=True).check()
    choose_type(page, type_)
    save(page, name)
