"""The filter list in a real browser with 10,000 entries: typing, choosing, keyboard, sending."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.stage import ADA
from tests.e2e.walk import look, sign_in, tab_to


@pytest.fixture
def lists(page: Page) -> Page:
    sign_in(page, ADA)
    page.goto("/patterns/lists/")
    return page


def teachers(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Teachers to Include in the Extract")


def count(page: Page) -> Locator:
    return page.locator("#id_teachers_list output")


def filter_by(page: Page, text: str) -> None:
    page.get_by_label("Filter teachers", exact=True).fill(text)


def sent(page: Page) -> str:
    page.get_by_role("button", name="Save").click()
    return page.locator("#sent").inner_text()


def test_it_is_accessible_light_dark_and_narrow(lists: Page) -> None:
    filter_by(lists, "100")
    look(lists, "filter-list")


def test_of_10_000_entries_only_those_in_view_are_in_the_page(lists: Page) -> None:
    options = teachers(lists).get_by_role("option")
    assert options.count() < 60
    expect(options.first).to_have_attribute("aria-setsize", "10001")
    expect(count(lists)).to_have_text("2 chosen, 10,001 in the list, 1 chosen but no longer in the roster")


def test_typing_narrows_the_list_whatever_case_and_accents(lists: Page) -> None:
    filter_by(lists, "nguyen 99")
    expect(teachers(lists).get_by_role("option").first).to_contain_text("Nguyễn")
    expect(count(lists)).to_contain_text("of 10,001 shown")
    filter_by(lists, "nobody of that name")
    expect(lists.locator("#id_teachers_list").get_by_text("Nothing in the list matches.")).to_be_visible()
    expect(lists.get_by_role("button", name="Select All teachers")).to_be_disabled()


def test_select_all_takes_those_of_the_filter_and_no_others(lists: Page) -> None:
    filter_by(lists, "smith 9")
    shown = int(re.findall(r"([\d,]+) of", count(lists).inner_text())[0].replace(",", ""))
    lists.get_by_role("button", name="Select All teachers").click()
    filter_by(lists, "")
    expect(count(lists)).to_contain_text(f"{shown + 2:,} chosen")


def test_chosen_entries_survive_other_filters_and_can_be_shown_alone(lists: Page) -> None:
    for name in ("Smith 11", "Nguyễn 16"):
        filter_by(lists, name)
        teachers(lists).get_by_role("option").first.click()
    filter_by(lists, "")
    lists.get_by_label("Only show selected teachers").check()
    texts = teachers(lists).get_by_role("option").all_inner_texts()
    assert [text.split()[0] for text in texts] == ["gone-teacher", "Smith", "Smith", "Nguyễn"]


def test_clear_all_clears_also_what_the_filter_hides(lists: Page) -> None:
    filter_by(lists, "smith")
    lists.get_by_role("button", name="Clear All teachers").click()
    expect(count(lists)).to_contain_text("0 chosen")


def test_an_entry_with_a_reason_cannot_be_chosen_and_tells_the_reason(lists: Page) -> None:
    filter_by(lists, "01007")
    option = teachers(lists).get_by_role("option").first
    expect(option).to_have_attribute("aria-disabled", "true")
    expect(option).to_contain_text("has no e-mail")
    option.click(force=True)
    lists.get_by_role("button", name="Select All teachers").click()
    expect(count(lists)).to_contain_text("2 chosen")


def test_everything_can_be_done_by_keyboard(lists: Page) -> None:
    tab_to(lists, lists.get_by_label("Filter teachers", exact=True))
    lists.keyboard.type("smith")
    lists.keyboard.press("ArrowDown")
    expect(teachers(lists)).to_be_focused()
    lists.keyboard.press("ArrowDown")
    lists.keyboard.press("Space")
    lists.keyboard.press("End")
    lists.keyboard.press("Space")
    active = teachers(lists).get_attribute("aria-activedescendant")
    expect(lists.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    expect(lists.locator(f"#{active}")).to_be_in_viewport()
    expect(count(lists)).to_contain_text("4 chosen")
    lists.keyboard.press("Control+a")
    expect(count(lists)).to_contain_text("1,251 chosen, 1,250 of")


def test_page_and_arrow_keys_move_within_the_list_only(lists: Page) -> None:
    teachers(lists).focus()
    keys = ("PageDown", 7), ("ArrowDown", 8), ("ArrowUp", 7), ("End", 10_000), ("ArrowDown", 10_000), ("Home", 0)
    for key, position in keys:
        lists.keyboard.press(key)
        active = teachers(lists).get_attribute("aria-activedescendant")
        assert active is not None
        assert abs(int(active.rsplit("-", 1)[1]) - position) <= 2, key


def test_escape_empties_the_filter_and_enter_does_not_send_the_form(lists: Page) -> None:
    box = lists.get_by_label("Filter teachers", exact=True)
    box.fill("smith")
    box.press("Enter")
    expect(lists.locator("#sent")).to_have_count(0)
    box.press("Escape")
    expect(box).to_have_value("")
    expect(count(lists)).to_contain_text("10,001 in the list")


def test_what_is_chosen_is_sent_and_what_was_chosen_before_is_kept(lists: Page) -> None:
    filter_by(lists, "00042")
    teachers(lists).get_by_role("option").first.click()
    assert "teachers=S00003 gone-teacher S00042;" in sent(lists)


def test_all_10_000_can_be_sent(lists: Page) -> None:
    lists.get_by_role("button", name="Select All teachers").click()
    assert sent(lists).count("S0") == 9_990  # ten have a reason not to be chosen


def test_a_list_that_must_not_be_empty_says_so(lists: Page) -> None:
    lists.get_by_role("button", name="Clear All teachers").click()
    lists.get_by_role("button", name="Save").click()
    expect(lists.get_by_role("main")).to_contain_text("Choose at least one of the teachers.")
    expect(teachers(lists)).to_have_accessible_description(re.compile("Choose at least one of the teachers"))


def test_a_choice_in_one_list_narrows_the_next_at_once_and_loses_nothing(lists: Page) -> None:
    courses = lists.get_by_role("listbox", name="Courses")
    courses.get_by_role("option", name="English 1 E001").click()
    with lists.expect_response("**/patterns/courses/"):
        lists.get_by_role("listbox", name="Departments").get_by_role("option", name="Mathematics").click()
    options = courses.get_by_role("option")
    expect(options.nth(1)).to_have_text(re.compile("Mathematics 1"))
    expect(options.first).to_have_text(re.compile("E001.*no longer in the roster"))
    assert "courses=E001;" in sent(lists)


def test_what_is_typed_before_the_scripts_have_come_narrows_the_list_too(page: Page) -> None:
    sign_in(page, ADA)
    held: list[Route] = []
    page.route("**/web/app*.js", lambda route: held.append(route))
    page.goto("/patterns/lists/", wait_until="commit")
    page.get_by_label("Filter teachers", exact=True).fill("Smith 11")
    assert held, "the script came before anything was typed"
    held[0].continue_()
    expect(teachers(page).get_by_role("option").first).to_contain_text("Smith 11")
    expect(count(page)).to_contain_text("of 10,001 shown")


def test_however_long_the_list_a_key_draws_no_more_rows_than_are_in_view(lists: Page) -> None:
    for text in ("s", "smith 1", "", "1"):
        filter_by(lists, text)
        assert teachers(lists).get_by_role("option").count() < 60
    teachers(lists).press("End")
    assert teachers(lists).get_by_role("option").count() < 60


def test_of_a_long_list_the_page_holds_the_beginning_and_asks_for_the_rest(lists: Page) -> None:
    held: list[Route] = []
    lists.route("**/patterns/teachers/", lambda route: held.append(route))
    lists.goto("/patterns/long-list/")
    expect(count(lists)).to_have_text("2 chosen, 10,000 in the list")
    expect(lists.get_by_role("button", name="Select All teachers")).to_be_disabled()
    filter_by(lists, "Smith 9995")
    held[0].continue_()
    expect(teachers(lists).get_by_role("option")).to_have_text([re.compile("Smith 9995")])
    expect(lists.get_by_role("button", name="Select All teachers")).to_be_enabled()
    filter_by(lists, "")
    expect(count(lists)).to_have_text("2 chosen, 10,001 in the list, 1 chosen but no longer in the roster")
    assert "teachers=S00003 gone-teacher;" in sent(lists)
