"""School Selection and Extract Configuration Options in a real browser: a profile of each type, with its preview."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.district import ELEMENTARY, HIGH, INACTIVE, MIDDLE, SCHOOLS, District
from tests.e2e.profile_steps import (
    OPTIONS,
    begin,
    choose,
    choose_type,
    chosen,
    offered,
    previewed,
    profile_row,
    save,
    the_list,
)
from tests.e2e.site import Site
from tests.e2e.walk import check_accessible, choose_file, look, press, sign_in, tab_to, walk

CLASSES = "Secondary Master Schedule Classes"


@pytest.fixture
def alma(page: Page, district: District) -> Page:
    sign_in(page, district.alma)
    return page


def test_a_new_profile_begins_at_school_selection_with_nothing_chosen(alma: Page) -> None:
    alma.goto("/profiles/")
    alma.get_by_role("button", name=re.compile("New Profile")).click()
    expect(alma.get_by_role("heading", level=1)).to_have_text("School Selection")
    expect(alma.locator("#id_schools_list output")).to_have_text("0 chosen, 4 in the list")
    assert set(offered(alma, "Schools")) == set(SCHOOLS)
    look(alma, "school-selection")
    alma.get_by_label("Show active schools only").uncheck()
    expect(the_list(alma, "Schools").get_by_role("option", name=INACTIVE)).to_contain_text("inactive")


def test_at_a_school_that_school_is_chosen_and_others_can_be_added(alma: Page) -> None:
    alma.locator("summary", has_text="Working at").click()
    alma.get_by_label("District or school").select_option(label=f"103 {MIDDLE}")
    alma.get_by_role("button", name="Work here").click()
    alma.get_by_role("button", name=re.compile("New Profile")).click()
    expect(chosen(alma, "Schools")).to_have_text(re.compile(MIDDLE))
    choose(alma, "Schools", HIGH)
    expect(alma.locator("#id_schools_list output")).to_contain_text("2 chosen")


def test_what_a_page_asks_by_itself_says_so(alma: Page) -> None:
    begin(alma, [HIGH])
    with alma.expect_request("**/preview/") as asked:
        alma.reload()
    assert asked.value.headers.get("poll") == "yes"
    previewed(alma)
    with alma.expect_request("**/preview/") as asked:
        alma.get_by_label("ELA", exact=True).check()
    assert "poll" not in asked.value.headers


def test_who_comes_back_after_two_hours_signs_in_and_finds_the_choices_again(
    alma: Page, district: District, site: Site
) -> None:
    begin(alma, [HIGH])
    alma.get_by_label("ELA", exact=True).check()
    choose_type(alma, CLASSES)
    previewed(alma)
    site.run("-m", "tests.e2e.lunch", district.alma.email)
    alma.get_by_label("Math", exact=True).check()
    expect(alma.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(alma.get_by_role("status").first).to_contain_text("nothing was done here for 120 minutes")
    look(alma, "signed-out-for-doing-nothing")
    alma.get_by_label("E-mail").fill(district.alma.email)
    alma.get_by_label("Password", exact=True).fill(district.alma.password)
    alma.get_by_role("button", name="Sign in", exact=True).click()
    expect(alma.get_by_role("heading", level=1)).to_have_text(OPTIONS)
    expect(alma.get_by_label("ELA", exact=True)).to_be_checked()
    expect(alma.get_by_label(CLASSES, exact=True)).to_be_checked()


def test_without_a_school_the_next_step_is_named(alma: Page) -> None:
    begin(alma, [])
    expect(alma.locator("#preview")).to_contain_text("Choose at least one school")
    alma.get_by_role("button", name="Save", exact=True).click()
    expect(alma.locator("#faults")).to_contain_text("Choose at least one school")
    expect(alma.locator("#faults")).to_be_focused()
    look(alma, "options-faults")


def test_departments_narrow_subject_areas_courses_and_teachers_at_once(alma: Page) -> None:
    begin(alma, [MIDDLE, HIGH])
    alma.get_by_label("ELA", exact=True).check()
    choose_type(alma, CLASSES)
    teachers = "Teachers to Include in the Extract to Access the Assessment Results"
    expect(alma.locator("#id_teachers_list output")).to_contain_text("in the list")
    before = alma.locator("#id_teachers_list output").inner_text()
    assert "Science" in offered(alma, "Subject Areas")
    choose(alma, "Departments", "ENG")
    expect(the_list(alma, "Subject Areas").get_by_role("option")).to_have_text([re.compile("^English")])
    expect(the_list(alma, "Courses").get_by_role("option", name=re.compile("Science|Algebra"))).to_have_count(0)
    expect(alma.locator("#id_teachers_list output")).not_to_have_text(before)
    fewer = alma.locator("#id_teachers_list output").inner_text()
    alma.get_by_label("Show all teachers").check()
    expect(alma.locator("#id_teachers_list output")).to_have_text(before)
    alma.get_by_label("Show all teachers").uncheck()
    expect(alma.locator("#id_teachers_list output")).to_have_text(fewer)
    expect(the_list(alma, teachers).get_by_role("option").first).to_be_visible()
    expect(alma.locator("#preview dt").first).to_have_text("Groups")
    expect(alma.locator("#preview")).to_contain_text("Students")
    look(alma, "options-classes")


def test_the_preview_follows_every_choice(alma: Page) -> None:
    begin(alma, [HIGH])
    alma.get_by_label("ELA", exact=True).check()
    choose_type(alma, CLASSES)
    groups = alma.locator("#preview dd").first
    expect(groups).to_have_text(re.compile(r"\d+"))
    many = int(groups.inner_text().replace(",", ""))
    choose(alma, "Departments", "ENG")
    expect(groups).not_to_have_text(f"{many:,}")
    assert 0 < int(groups.inner_text().replace(",", "")) < many
    expect(alma.locator("#preview table").get_by_role("row").nth(1)).to_contain_text(re.compile("^104_"))
    alma.get_by_label("Teacher Name + Course Title").check()
    expect(alma.locator("#preview table").get_by_role("row").nth(1)).to_contain_text(re.compile("English"))
    expect(alma.get_by_role("heading", name="What is left out or changed, and why")).to_be_visible()


def test_lists_of_a_type_that_was_left_ask_for_nothing_more(alma: Page) -> None:
    begin(alma, [HIGH])
    for type_ in (CLASSES, "Elementary Grade Level", CLASSES, "Counselor", CLASSES):
        choose_type(alma, type_)
    previewed(alma)
    expect(alma.locator(".filter-list[aria-busy=true]")).to_have_count(0)  # long lists come whole after the page
    asked: list[str] = []
    alma.on(
        "request", lambda request: asked.append(request.url.rsplit("/", 2)[1]) if "/entries/" in request.url else None
    )
    with alma.expect_response("**/options/preview/"):
        alma.get_by_label("Show all teachers").check()
    choose(alma, "Departments", "ENG")
    expect(the_list(alma, "Subject Areas").get_by_role("option")).to_have_text([re.compile("^English")])
    previewed(alma)
    assert sorted(asked) == ["courses", "subject_areas", "teachers", "teachers"]


def test_grades_are_found_by_how_they_begin(alma: Page) -> None:
    begin(alma, SCHOOLS)
    choose_type(alma, "Elementary Grade Level")
    alma.get_by_label("Filter grade levels", exact=True).fill("F")
    assert offered(alma, "Grades") == ["First Grade", "Fourth Grade", "Fifth Grade"]
    alma.get_by_role("button", name="Select All Grade Levels").click()
    expect(chosen(alma, "Grades")).to_have_count(3)


def _classes(page: Page) -> None:
    page.get_by_label("Teacher Name + Section").check()
    page.get_by_label("Include only Primary Classes").check()
    choose(page, "Departments", "MTH")


def _elementary_teacher(page: Page) -> None:
    choose(page, "Teachers to Include in the Extract to Access the Assessment Results", "Volkov")


def _grade(page: Page) -> None:
    choose(page, "Grades", "Fourth Grade", "Fifth Grade")


def _counselor(page: Page) -> None:
    the_list(page, "Counselors").get_by_role("option").first.click()


def _student_group(page: Page) -> None:
    page.get_by_label("Filter groups", exact=True).fill("EL Level")
    page.get_by_role("button", name="Select All groups").click()
    page.get_by_label("Staff of the student group get access").check()


def _student_list(page: Page) -> None:
    page.get_by_label("Name of the list").fill("Summer bridge")
    page.get_by_label(re.compile("^Students")).fill("2000001, 2000003\n2000004")


TYPES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "classes": (CLASSES, _classes),
    "elementary-teacher": ("Elementary Teachers", _elementary_teacher),
    "grade": ("Elementary Grade Level", _grade),
    "counselor": ("Counselor", _counselor),
    "student-group": ("Student Group", _student_group),
    "student-list": ("Student List", _student_list),
}


@pytest.mark.parametrize(
    "name", [n if n in ("classes", "student-list") else pytest.param(n, marks=pytest.mark.thorough) for n in TYPES]
)
def test_a_profile_of_each_type_is_made_previewed_and_saved(alma: Page, name: str) -> None:
    label, fill = TYPES[name]
    begin(alma, SCHOOLS)
    alma.get_by_label("All", exact=True).check()
    choose_type(alma, label)
    fill(alma)
    choose(alma, "Staff", "Volkov")
    expect(alma.locator("#preview dd").first).to_have_text(re.compile(r"^[1-9]"))
    previewed(alma)
    look(alma, f"options-{name}")
    save(alma, f"My {name}")
    row = profile_row(alma, f"My {name}")
    expect(row).to_contain_text(label)
    expect(row).to_contain_text("All")
    alma.get_by_role("button", name=f"Edit My {name}").click()
    expect(alma.get_by_role("radio", name=label, exact=True)).to_be_checked()
    expect(chosen(alma, "Staff")).to_have_text(re.compile("Volkov"))


def test_the_students_of_a_file_are_added_to_those_that_were_pasted(alma: Page, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text('Name,Student ID\n"Anyone, A",2000001\n"Other, O",2000003\nNobody,\n')
    begin(alma, SCHOOLS)
    alma.get_by_label("All", exact=True).check()
    choose_type(alma, "Student List")
    alma.get_by_label("Name of the list").fill("Summer bridge")
    pasted = alma.get_by_label(re.compile("^Students"))
    pasted.fill("2000004")
    alma.get_by_label("Add from a file").set_input_files(tmp_path / "list.csv")
    expect(pasted).to_have_value("2000004\n\n2000001\n2000003")
    told = alma.locator("#students-file-told li")
    expect(told).to_have_text(["2 students added.", "1 row has no ID and is left out."])
    expect(alma.locator("#preview dd").nth(1)).to_have_text("3", timeout=30_000)
    (tmp_path / "list.xlsx").write_bytes(b"PK\x03\x04\x00\x00")
    alma.get_by_label("Add from a file").set_input_files(tmp_path / "list.xlsx")
    expect(told).to_have_text([re.compile("^This is a spreadsheet or a zip file, not a CSV")])
    expect(pasted).to_have_value("2000004\n\n2000001\n2000003")
    pasted.fill("2000004\nAnyone")
    expect(alma.locator("#preview")).to_contain_text("“Anyone” is no ID and is left out.")
    check_accessible(alma)


def test_a_file_is_added_to_a_list_of_students_by_keyboard_alone(alma: Page, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("SSID\n7000000001\n")
    alma.goto("/profiles/")
    press(alma, alma.get_by_role("button", name=re.compile("New Profile")))
    press(alma, alma.get_by_role("button", name="Select All schools"))
    press(alma, alma.get_by_role("button", name="Continue to"))
    expect(alma.get_by_role("heading", level=1)).to_have_text(OPTIONS)
    with alma.expect_response("**/options/type/"):
        press(alma, alma.get_by_label(CLASSES, exact=True), "ArrowUp")  # from the first type to the last
    expect(alma.get_by_label("Student List", exact=True)).to_be_checked()
    choose_file(alma, alma.get_by_label("Add from a file"), tmp_path / "list.csv")
    expect(alma.get_by_label(re.compile("^Students"))).to_have_value("7000000001")
    expect(alma.locator("#students-file-told")).to_have_text("1 student added.")


def test_choices_survive_going_to_another_tab_and_a_reload(alma: Page) -> None:
    begin(alma, [ELEMENTARY])
    choose_type(alma, "Elementary Grade Level")
    choose(alma, "Grades", "First Grade")
    alma.get_by_role("navigation", name="Main").get_by_role("link", name="Audit Log").or_(
        alma.get_by_role("navigation", name="Main").get_by_role("link", name="Roster")
    ).first.click()
    expect(alma.get_by_role("heading", level=1)).to_have_text("Roster")
    alma.get_by_role("navigation", name="Main").get_by_role("link", name=OPTIONS).click()
    expect(chosen(alma, "Grades")).to_have_text(re.compile("First Grade"))
    alma.reload()
    expect(chosen(alma, "Grades")).to_have_text(re.compile("First Grade"))
    alma.get_by_role("navigation", name="Main").get_by_role("link", name="Profiles", exact=True).click()
    expect(alma.get_by_role("heading", name="Not saved yet")).to_be_visible()
    check_accessible(alma)


def test_another_type_keeps_what_was_chosen_for_the_first(alma: Page) -> None:
    begin(alma, [ELEMENTARY])
    choose_type(alma, "Elementary Grade Level")
    choose(alma, "Grades", "First Grade")
    choose_type(alma, "Counselor")
    expect(the_list(alma, "Grades")).to_have_count(0)
    choose_type(alma, "Elementary Grade Level")
    expect(chosen(alma, "Grades")).to_have_text(re.compile("First Grade"))


def test_primary_classes_only_says_where_they_are_not_tracked(alma: Page) -> None:
    begin(alma, [MIDDLE, HIGH])
    choose_type(alma, CLASSES)
    alma.get_by_label("Include only Primary Classes").check()
    expect(alma.locator("#id_primary_classes_only_help")).to_contain_text(f"Not tracked at {MIDDLE}")
    expect(alma.locator("#preview")).to_contain_text(re.compile("primary classes", re.IGNORECASE))


def test_a_profile_is_made_by_keyboard_alone(alma: Page) -> None:
    alma.goto("/profiles/")
    tab_to(alma, alma.get_by_role("button", name=re.compile("New Profile")))
    alma.keyboard.press("Enter")
    tab_to(alma, alma.get_by_label("Filter schools", exact=True))
    alma.keyboard.type("high")
    alma.keyboard.press("ArrowDown")
    alma.keyboard.press("Space")
    tab_to(alma, alma.get_by_role("button", name="Continue to"))
    alma.keyboard.press("Enter")
    expect(alma.get_by_role("heading", level=1)).to_have_text(OPTIONS)
    tab_to(alma, alma.get_by_label("ELA", exact=True))
    alma.keyboard.press("Space")
    tab_to(alma, alma.get_by_label(CLASSES, exact=True))
    with alma.expect_response("**/options/type/"):
        alma.keyboard.press("Space")
    tab_to(alma, alma.get_by_label(re.compile("^Profile name")))
    alma.keyboard.type("By keyboard")
    alma.keyboard.press("Enter")
    expect(alma.get_by_role("status").first).to_contain_text("“By keyboard” was saved")


def test_schools_are_selected_by_keyboard_alone(alma: Page) -> None:
    alma.goto("/profiles/")
    press(alma, alma.get_by_role("button", name=re.compile("New Profile")))
    schools, count = the_list(alma, "Schools").get_by_role("option"), alma.locator("#id_schools_list output")
    press(alma, alma.get_by_label("Show active schools only"), "Space")
    expect(schools.filter(has_text=INACTIVE)).to_be_visible()
    press(alma, alma.get_by_role("button", name="Select All schools"))
    expect(chosen(alma, "Schools")).to_have_count(schools.count())
    press(alma, alma.get_by_role("button", name="Clear All schools"))
    expect(count).to_contain_text("0 chosen")
    tab_to(alma, alma.get_by_label("Filter schools", exact=True))
    alma.keyboard.type(INACTIVE)
    alma.keyboard.press("ArrowDown")
    alma.keyboard.press("Space")
    expect(count).to_contain_text("1 chosen")
    press(alma, alma.get_by_role("button", name="Continue to"))
    expect(alma.get_by_role("heading", level=1)).to_have_text(OPTIONS)
    press(alma, alma.get_by_role("navigation", name="Main").get_by_role("link", name="School Selection"))
    expect(chosen(alma, "Schools")).to_have_text(re.compile(INACTIVE))


def test_choices_are_kept_previewed_and_discarded_by_keyboard_alone(alma: Page) -> None:
    alma.goto("/profiles/")
    press(alma, alma.get_by_role("button", name=re.compile("New Profile")))
    press(alma, alma.get_by_role("button", name="Select All schools"))
    press(alma, alma.get_by_role("button", name="Continue to"))
    expect(alma.get_by_role("heading", level=1)).to_have_text(OPTIONS)
    press(alma, alma.get_by_label("ELA", exact=True), "Space")
    with alma.expect_response("**/options/type/"):
        press(alma, alma.get_by_label(CLASSES, exact=True), "Space")
    with alma.expect_response("**/options/preview/"):
        press(alma, alma.get_by_role("button", name="Select All departments"))
    expect(previewed(alma).locator("dd").first).to_have_text(re.compile(r"\d"))
    press(alma, alma.get_by_role("navigation", name="Main").get_by_role("link", name="Profiles", exact=True))
    expect(alma.get_by_role("heading", level=1)).to_have_text("Profiles")
    drafts = alma.get_by_role("region", name="Not saved yet")
    expect(drafts).to_be_visible()
    kept = drafts.get_by_role("listitem").count()
    press(alma, drafts.get_by_role("button", name=re.compile("^Discard")).first)
    expect(drafts.get_by_role("listitem")).to_have_count(kept - 1)


def test_a_new_profile_is_discarded_only_once_it_is_confirmed(alma: Page) -> None:
    begin(alma, [HIGH])
    for button, there in (("Cancel", OPTIONS), ("Discard", "Profiles")):
        press(alma, alma.get_by_role("main").get_by_role("button", name="Discard", exact=True))
        dialog = alma.get_by_role("dialog", name="Discard this new profile?")
        expect(dialog).to_contain_text("Everything that you chose for it so far will be lost.")
        press(alma, dialog.get_by_role("button", name=button, exact=True))
        expect(alma.get_by_role("heading", level=1)).to_have_text(there)
    expect(alma.get_by_role("status").first).to_contain_text("Your unsaved changes were discarded.")


def test_every_stop_of_the_options_page_is_in_view_and_shows_its_focus(alma: Page) -> None:
    begin(alma, [HIGH])
    choose_type(alma, CLASSES)
    expect(alma.locator("#preview dd").first).to_have_text(re.compile(r"\d"))
    stops = walk(alma)
    assert stops.index("Filter departments") < stops.index("Filter courses") < stops.index("Save")


def test_somebody_limited_to_a_school_has_it_chosen_and_is_offered_no_other(page: Page, district: District) -> None:
    sign_in(page, district.sam)
    page.goto("/profiles/")
    page.get_by_role("button", name=re.compile("New Profile|first profile")).first.click()
    expect(chosen(page, "Schools")).to_have_text(re.compile(HIGH))
    assert offered(page, "Schools") == [HIGH]


def test_two_who_edit_one_profile_the_second_is_told_and_loses_nothing(district: District, alma: Page) -> None:
    begin(alma, [ELEMENTARY])
    alma.get_by_label("All", exact=True).check()
    choose_type(alma, "Elementary Grade Level")
    save(alma, "Edited by two")
    alma.get_by_role("button", name="Edit Edited by two").click()
    draft = alma.url
    assert alma.context.browser is not None
    with alma.context.browser.new_context(base_url=re.sub(r"(?<=\d)/.*", "", draft)) as others:
        ada = others.new_page()
        sign_in(ada, district.ada)
        ada.get_by_role("button", name="Edit Edited by two").click()
        choose(ada, "Grades", "First Grade")
        ada.get_by_role("button", name="Save", exact=True).click()
        expect(ada.get_by_role("status").first).to_contain_text("was saved")
    choose(alma, "Grades", "Second Grade")
    alma.get_by_role("button", name="Save", exact=True).click()
    expect(alma.locator("#faults")).to_contain_text("Your choices are all still on this page")
    expect(chosen(alma, "Grades")).to_have_text(re.compile("Second Grade"))
    look(alma, "options-conflict")
    alma.get_by_role("button", name="Save as a new profile").click()
    expect(alma.get_by_role("status").first).to_contain_text("was saved")
