"""A county office sees how its LEAs stand, and goes to what needs somebody."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.county import CONNIE, HELD, NEW, REFUSED, VIEWED, WELL
from tests.e2e.site import Site
from tests.e2e.walk import look, press, sign_in


@pytest.fixture(scope="module", autouse=True)
def _county(site: Site) -> None:
    site.run("-m", "tests.e2e.county")


@pytest.fixture
def connie(page: Page) -> Page:
    sign_in(page, CONNIE)
    page.locator("summary", has_text="Working at").click()
    page.get_by_role("link", name="How your 5 LEAs stand").click()
    expect(page.get_by_role("heading", name="Your LEAs")).to_be_visible()
    return page


def test_those_that_need_somebody_come_first(connie: Page) -> None:
    names = connie.locator("tbody th")
    expect(names).to_have_text([REFUSED, HELD, NEW, WELL, VIEWED])
    expect(connie.get_by_role("status").last).to_contain_text("3 need somebody, 1 does not.")
    look(connie, "leas")


def test_the_list_is_filtered_by_name_while_one_types(connie: Page) -> None:
    connie.get_by_label("Filter LEAs").fill("creek")
    expect(connie.locator("tbody th")).to_have_text([REFUSED])
    connie.get_by_label("Filter LEAs").fill("nowhere")
    expect(connie.get_by_role("heading", name="No LEA matches")).to_be_visible()


def test_one_goes_by_keyboard_to_what_needs_somebody(connie: Page) -> None:
    press(connie, connie.get_by_role("button", name="CERS refused the last upload."))
    expect(connie.get_by_role("status").first).to_contain_text(f"You now work at {REFUSED}.")
    expect(connie.get_by_role("main")).to_contain_text("Refused by CERS")
