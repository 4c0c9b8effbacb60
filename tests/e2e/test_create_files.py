"""Select Profiles & Create Files in a real browser: choosing, watching, downloading, validating."""

import csv
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cersgroups.cers.known import Known, usual_years
from cersgroups.cers.validation import validate_file
from tests.e2e.district import District
from tests.e2e.profile_steps import choose, chosen, offered
from tests.e2e.progress_gate import gate
from tests.e2e.site import Site
from tests.e2e.walk import look, sign_in, tab_to, walk

PROFILES = "Select Profiles to Extract"
LONG = 60_000


@pytest.fixture
def alma(page: Page, district: District) -> Page:
    sign_in(page, district.alma)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Select Profiles & Create Files").click()
    return page


def create(page: Page) -> None:
    page.get_by_role("button", name="Create CERS Student Groups File").click()
    page.wait_for_url("**/create-files/progress/**")


def done(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").first.or_(page.get_by_role("main")).first).to_contain_text(sentence, timeout=LONG)


@contextmanager
def halted_worker(site: Site) -> Iterator[None]:
    """The worker does nothing meanwhile."""
    data = f"CERSGROUPS_DATA={site.environment['CERSGROUPS_DATA']}"
    workers = [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdecimal()
        and b"\0worker\0" in _read(process / "cmdline")
        and data.encode() in _read(process / "environ")
    ]
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_list_holds_ones_own_profiles_and_is_filtered_and_chosen_at_once(alma: Page) -> None:
    assert set(offered(alma, PROFILES)) == {"English", "English at the high school", "Grades"}
    alma.get_by_label("Filter profiles", exact=True).fill("english")
    alma.get_by_role("button", name="Select All profiles").click()
    alma.get_by_label("Filter profiles", exact=True).fill("")
    expect(chosen(alma, PROFILES)).to_have_count(2)
    look(alma, "create-files")
    alma.get_by_role("button", name="Clear All profiles").click()
    expect(chosen(alma, PROFILES)).to_have_count(0)


def test_an_admin_chooses_among_everybodys(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.goto("/create-files/")
    assert {"English", "Counselors", "Sam's English"} <= set(offered(page, PROFILES))


def test_without_a_profile_chosen_the_form_says_so(alma: Page) -> None:
    alma.get_by_role("button", name="Create CERS Student Groups File").click()
    expect(alma.get_by_role("main")).to_contain_text("Choose at least one of the profiles.")
    look(alma, "create-files-fault")


def test_one_consolidated_file_is_made_downloaded_and_accepted_by_the_receivers_rules(
    alma: Page, tmp_path: Path
) -> None:
    choose(alma, PROFILES, "English at", "Grades")
    alma.get_by_label("Consolidate selected profiles into one file").check()
    create(alma)
    done(alma, "The file is ready.")
    look(alma, "files-created")
    with alma.expect_download() as download:
        alma.get_by_role("link", name=re.compile("^Download")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert re.fullmatch(r"consolidated_\d{4}-\d\d-\d\d\.csv", file.name)
    verdict = validate_file(file, Known(None, usual_years(date.today())))
    assert verdict.safe
    with file.open(encoding="utf-8", newline="") as opened:
        names = {row["group_name"] for row in csv.DictReader(opened)}
    assert any("Grade-" in name for name in names)
    assert any(name.startswith("104_") for name in names)


def test_the_progress_survives_a_reload_and_the_page_says_when_it_is_done(alma: Page, site: Site) -> None:
    with halted_worker(site):
        choose(alma, PROFILES, "Grades")
        create(alma)
        expect(alma.get_by_role("progressbar")).to_be_visible()
        alma.reload()
        expect(alma.get_by_role("progressbar")).to_be_visible()
        expect(alma.get_by_role("main")).to_contain_text("You can leave this page")
        alma.goto("/extracted-files/")
        expect(alma.get_by_role("progressbar")).to_be_visible()
        look(alma, "extracted-files-in-progress")
        alma.go_back()
    expect(alma.get_by_role("status").first).to_contain_text("The file is ready.", timeout=LONG)
    expect(alma.get_by_role("link", name=re.compile("^Download"))).to_be_visible()


def test_the_bar_moves_while_one_watches_and_is_where_it_was_after_a_reload(alma: Page, site: Site) -> None:
    seen = []
    with gate(site, "extract") as closed:
        choose(alma, PROFILES, "English at", "Grades")
        alma.get_by_label("Consolidate selected profiles into one file").check()
        create(alma)
        bar = alma.get_by_role("progressbar")
        for said in ("0%, reading the roster", "10%, building groups", "45%, building groups"):
            closed.step()
            expect(alma.get_by_role("main")).to_contain_text(said)
            alma.reload()
            expect(alma.get_by_role("main")).to_contain_text(said)
            seen.append(bar.evaluate("bar => bar.position"))
        look(alma, "files-being-created")
    assert seen == [0, 0.1, 0.45]
    done(alma, "The file is ready.")


def test_separate_files_that_name_the_same_group_are_told(alma: Page) -> None:
    choose(alma, PROFILES, "English at")
    alma.get_by_label("Filter profiles", exact=True).fill("english")
    alma.get_by_role("button", name="Select All profiles").click()
    create(alma)
    warning = alma.get_by_role("alert").filter(has_text="in more than one of these files")
    expect(warning).to_be_visible(timeout=LONG)
    expect(alma.get_by_role("link", name=re.compile("^Download"))).to_have_count(2)
    warning.get_by_text("Which groups").click()
    expect(warning.get_by_role("listitem").first).to_contain_text("104_")
    look(alma, "files-shared-groups")
    warning.get_by_role("link", name="Create one consolidated file instead").click()
    expect(chosen(alma, PROFILES)).to_have_count(2)
    expect(alma.get_by_label("Consolidate selected profiles into one file")).to_be_checked()


def test_a_day_when_no_term_runs_gives_no_file_and_the_reason(alma: Page) -> None:
    choose(alma, PROFILES, "Grades")
    alma.get_by_label("As-of date").fill("2010-07-04")
    create(alma)
    expect(alma.get_by_role("main")).to_contain_text(
        "no group on 2010-07-04. Schools without a term that runs on this day: 2.", timeout=LONG
    )
    expect(alma.get_by_role("link", name=re.compile("^Download"))).to_have_count(0)
    look(alma, "files-none")
    alma.get_by_role("link", name="Show the findings").click()
    expect(alma.get_by_role("main")).to_contain_text("no group on 2010-07-04.")
    look(alma, "extract-failed")


def test_a_file_is_made_by_keyboard_alone(alma: Page) -> None:
    tab_to(alma, alma.get_by_label("Filter profiles", exact=True))
    alma.keyboard.type("grades")
    alma.keyboard.press("ArrowDown")
    alma.keyboard.press("Space")
    tab_to(alma, alma.get_by_role("button", name="Create CERS Student Groups File"))
    alma.keyboard.press("Enter")
    alma.wait_for_url("**/create-files/progress/**")
    done(alma, "The file is ready.")
    tab_to(alma, alma.get_by_role("link", name=re.compile("^Download")))
    with alma.expect_download():
        alma.keyboard.press("Enter")


def test_every_stop_of_the_form_is_in_view_and_shows_its_focus(alma: Page) -> None:
    stops = walk(alma)
    assert stops.index("Filter profiles") < stops.index("Create CERS Student Groups File")
