"""The frame of every page in a real browser: tabs, chooser, colors, dialogs, keyboard, errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from playwright.sync_api import BrowserContext, Page, expect

from cersgroups.records.server import EmbeddedServer
from tests.e2e.site import Site
from tests.e2e.stage import ADA, LEA, LENA, NORA, OLGA, OTHER_LEA, SAM, VERA
from tests.e2e.walk import look, press, sign_in, tab_to, walk

TABS = [
    "Profiles",
    "School Selection",
    "Extract Configuration Options",
    "Select Profiles & Create Files",
    "Scheduled Process",
    "Extracted Files",
]


def test_the_tabs_are_those_of_the_model_system_in_its_order_then_ours(page: Page) -> None:
    sign_in(page, ADA)
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(links).to_have_text([*TABS, "Uploads", "Roster", "People", "Audit Log", "Settings"])


def test_a_viewer_sees_only_the_tabs_of_what_a_viewer_may_do(page: Page) -> None:
    sign_in(page, VERA)
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(["Extracted Files", "Uploads"])


def test_every_part_of_the_design_is_accessible_light_dark_and_narrow(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    look(page, "patterns")


def test_the_whole_page_can_be_walked_by_keyboard(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    stops = walk(page)
    assert stops[0] == "Skip to the content"
    assert set(TABS) <= set(stops)
    assert stops.index("Profiles") < stops.index("Delete Profile") < stops.index("Save")


def test_the_skip_link_leads_past_the_tabs(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="New Profile")).to_be_focused()


def test_the_chosen_colors_stay_whatever_the_system_says(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    sign_in(page, ADA)
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "light")
    page.locator("summary", has_text="Colors").click()
    page.get_by_role("button", name="Dark").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    page.locator("summary", has_text="Colors").click()
    page.get_by_role("button", name="As the system").click()
    expect(html).to_have_attribute("data-bs-theme", "light")


def test_a_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(page: Page) -> None:
    sign_in(page, ADA)
    summary = page.locator("summary", has_text="Ada Adams")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Password")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Password")).to_be_hidden()
    expect(summary).to_be_focused()


def test_cancel_and_escape_leave_a_dialog_without_doing_anything(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    opener = page.get_by_role("button", name="Delete Profile")
    dialog = page.get_by_role("dialog", name="Delete this profile?")
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("English 7 is deleted for good.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_a_dialog_in_the_open_is_accessible(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    page.get_by_role("button", name="Delete Profile").click()
    expect(page.get_by_role("dialog", name="Delete this profile?")).to_be_visible()
    look(page, "dialog")


def test_a_form_tells_what_is_wrong_beside_the_field(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    page.get_by_role("button", name="Save").click()
    field = page.get_by_label("Name", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Shown in the list of profiles.*This field is required"))
    look(page, "form-error")


def test_times_are_shown_in_the_leas_time_zone(page: Page) -> None:
    sign_in(page, ADA)
    page.goto("/patterns/")
    expect(page.locator("time").first).to_have_text("Nov 23, 2026, 3:05 PM PST")


def test_the_narrow_page_has_its_tabs_behind_a_button(page: Page) -> None:
    sign_in(page, ADA)
    page.set_viewport_size({"width": 320, "height": 640})
    tabs = page.get_by_role("navigation", name="Main")
    expect(tabs).to_be_hidden()
    menu = page.get_by_role("button", name="Menu")
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(tabs.get_by_role("link", name="Scheduled Process")).to_be_visible()


def test_a_person_works_at_the_district_or_at_a_school(page: Page) -> None:
    sign_in(page, ADA)
    workplace = page.locator("summary", has_text="Working at")
    expect(workplace).to_contain_text(LEA)
    workplace.click()
    page.get_by_label("District or school").select_option("993 Whitewater Middle")
    look(page, "workplace")
    page.get_by_role("button", name="Work here").click()
    expect(page.get_by_role("status")).to_contain_text("You now work at Whitewater Middle.")
    expect(workplace).to_contain_text("Whitewater Middle")


def test_where_one_works_is_chosen_by_keyboard_alone(page: Page) -> None:
    sign_in(page, ADA)
    press(page, page.locator("summary", has_text="Working at"))
    school = page.get_by_label("District or school")
    press(page, school, "Home")
    page.keyboard.type("993")
    expect(school.locator("option:checked")).to_have_text("993 Whitewater Middle")
    press(page, page.get_by_role("button", name="Work here"))
    expect(page.get_by_role("status")).to_contain_text("You now work at Whitewater Middle.")


def test_another_lea_is_chosen_by_keyboard_alone(page: Page) -> None:
    sign_in(page, LENA)
    page.goto("/workplace/")
    lea = page.get_by_role("main").get_by_label("LEA")
    for name in (OTHER_LEA, LEA):
        press(page, lea, "Home")
        page.keyboard.type(name)
        expect(lea.locator("option:checked")).to_have_text(name)
        press(page, page.get_by_role("main").get_by_role("button", name="Change LEA"))
        expect(page.get_by_role("status")).to_contain_text(name)
        page.goto("/workplace/")


def test_a_person_limited_to_a_school_works_there_and_is_not_offered_others(page: Page) -> None:
    sign_in(page, SAM)
    expect(page.locator("summary", has_text="Working at")).to_contain_text("Screaming Eagle High")
    page.goto("/workplace/")
    options = page.get_by_role("main").get_by_label("District or school").locator("option")
    expect(options).to_have_text(["994 Screaming Eagle High"])


def test_a_form_of_another_lea_changes_nothing(page: Page) -> None:
    sign_in(page, LENA)
    other = page.context.new_page()
    other.goto("/workplace/")
    other.get_by_role("main").get_by_label("LEA").select_option(OTHER_LEA)
    page.goto("/patterns/")
    other.get_by_role("main").get_by_role("button", name="Change LEA").click()
    expect(other.get_by_role("status")).to_contain_text(f"You now work at {OTHER_LEA}.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("opened for another LEA")
    look(page, "page-out-of-date")


def test_who_belongs_to_no_lea_is_told_what_to_do(page: Page) -> None:
    sign_in(page, NORA)
    expect(page.get_by_role("main")).to_contain_text("belongs to no LEA here. Ask an admin")
    look(page, "no-lea")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/account/login/"))


def test_a_refusal_says_why_and_whom_to_ask(page: Page) -> None:
    sign_in(page, VERA)
    answer = page.goto("/patterns/admins-only/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("main")).to_contain_text("your level is viewer. Ask an admin of your LEA.")
    look(page, "refusal")


def test_a_wrong_request_is_a_sentence_and_no_markup_gets_through(page: Page) -> None:
    sign_in(page, OLGA)
    answer = page.goto("/patterns/stop/")
    assert answer is not None
    assert answer.status == 400
    expect(page.get_by_role("main")).to_contain_text("The profile is no TOML <b>at all</b>. Give Lakeside Unified")
    look(page, "wrong-request")


def test_a_page_that_is_not_there_is_a_sentence(page: Page) -> None:
    sign_in(page, ADA)
    answer = page.goto("/nowhere/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    look(page, "no-such-page")


@contextmanager
def without_api_tokens(site: Site) -> Iterator[None]:
    """The database has lost their table meanwhile."""
    url = EmbeddedServer(Path(site.environment["CERSGROUPS_DATA"]) / "postgres").url("postgres")
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute("ALTER TABLE api_token RENAME TO api_token_away")
        try:
            yield
        finally:
            superuser.execute("ALTER TABLE api_token_away RENAME TO api_token")


def test_what_breaks_on_our_side_is_a_sentence_that_shows_nothing_of_the_inside(
    context: BrowserContext, site: Site
) -> None:
    page = context.new_page()  # the fixture's own tab takes a failing server for a failing test
    sign_in(page, ADA)
    with without_api_tokens(site):
        answer = page.goto("/api-tokens/")
        assert answer is not None
        assert answer.status == 500
        expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong on our side")
        assert "api_token" not in page.content()
        look(page, "failure")
    page.get_by_role("link", name="Go to the home page").click()
    expect(page.locator("summary", has_text="Ada Adams")).to_be_visible()


def test_nothing_of_students_stays_in_the_browsers_cache(page: Page) -> None:
    sign_in(page, ADA)
    answer = page.goto("/patterns/")
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
