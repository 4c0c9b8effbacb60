"""The scheduled process in a real browser, from nothing to a run whose mail arrives."""

import re
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Page, expect

from cersgroups.core.profile import from_mapping
from cersgroups.core.profile_text import to_toml
from cersgroups.core.schedule import DAY_NAMES
from tests.e2e.conftest import Mailbox
from tests.e2e.district import District
from tests.e2e.progress_gate import gate
from tests.e2e.site import Site
from tests.e2e.stage import SAM
from tests.e2e.test_roster import lea_with_roster
from tests.e2e.walk import look, press, sign_in, tab_to, type_into
from tests.profiles import CLASSES, GRADES

MAIL = "data@date-unified.example"


def import_profile(page: Page, folder: Path, **content: object) -> None:
    meaning = from_mapping({**content, "include_in_scheduled_process": True})
    path = folder / f"{meaning.name}.toml"
    path.write_text(to_toml(meaning), encoding="utf-8")
    page.goto("/profiles/")
    page.get_by_role("link", name="Import").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Import").click()


def parts_of(mail: Message) -> dict[str, str]:
    found = {}
    for part in mail.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            found[part.get_content_subtype()] = payload.decode()
    return found


def test_from_nothing_to_a_run_whose_mail_arrives(
    page: Page, context: BrowserContext, site: Site, mailbox: Mailbox, tmp_path: Path
) -> None:
    lea_with_roster(page, site, "Date Unified", tmp_path)
    page.get_by_role("link", name="Scheduled Process").click()
    expect(page.get_by_role("heading", name="No profiles are included yet")).to_be_visible()
    expect(page.get_by_role("button", name="Run now")).to_be_hidden()
    look(page, "scheduled-process-first")
    import_profile(page, tmp_path, **GRADES)
    import_profile(page, tmp_path, **CLASSES)
    import_profile(page, tmp_path, **{**GRADES, "name": "Grades of last year", "school_year": 2026})

    page.get_by_role("link", name="Scheduled Process").click()
    page.get_by_label("Friday").check()
    page.get_by_label("Time").fill("22:30")
    page.get_by_role("button", name="Enable Scheduled Process").click()
    expect(page.get_by_text("Enter at least one e-mail address.")).to_be_visible()
    expect(page.get_by_label("Friday")).to_be_checked()
    page.get_by_label("Email Address").fill(MAIL)
    enable = page.get_by_role("button", name="Enable Scheduled Process")
    tab_to(page, enable)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The scheduled process is enabled")
    expect(page.get_by_text(re.compile(r"^Friday, .*, 10:30 PM$"))).to_be_visible()
    expect(page.get_by_role("button", name="Disable Scheduled Process")).to_be_visible()

    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_role("status")).to_contain_text("The run has started.")
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Left out because they are from a different school year")).to_contain_text(
        "Grades of last year"
    )
    expect(page.get_by_text("Never", exact=True)).to_be_hidden()
    look(page, "scheduled-process")
    page.get_by_role("link", name=re.compile("Open the extract")).click()
    expect(page.get_by_text(re.compile("by Scheduled process, from the roster"))).to_be_visible()

    [mail] = [mail for mail in mailbox.mails if mail["To"] == MAIL]
    parts = parts_of(mail)
    assert page.url in parts["plain"].replace("127.0.0.1", "localhost")
    shown = context.new_page()
    shown.set_content(parts["html"])
    expect(shown.get_by_role("heading", level=1)).to_have_text("The student groups file is ready")
    look(shown, "scheduled-process-mail")

    page.get_by_role("link", name="Scheduled Process").click()
    page.get_by_role("button", name="Disable Scheduled Process").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing runs automatically.")


def test_it_is_enabled_by_keyboard_alone(page: Page, district: District) -> None:
    in_three_days = (datetime.now(ZoneInfo("America/Los_Angeles")) + timedelta(days=3)).strftime("%A")
    sign_in(page, district.alma)
    page.goto("/scheduled-process/")
    tab_to(page, page.get_by_label(in_three_days))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Time"))
    page.keyboard.type("1030PM")
    tab_to(page, page.get_by_label("Email Address"))
    page.keyboard.type("alma@date.example")
    tab_to(page, page.get_by_role("button", name="Enable Scheduled Process"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The scheduled process is enabled")
    expect(page.get_by_text(re.compile(rf"^{in_three_days}, .*, 10:30 PM$"))).to_be_visible()


def test_it_is_run_at_once_and_disabled_by_keyboard_alone(page: Page, site: Site, tmp_path: Path) -> None:
    lea_with_roster(page, site, "Tangelo Unified", tmp_path)
    import_profile(page, tmp_path, **GRADES)
    press(page, page.get_by_role("link", name="Scheduled Process"))
    press(page, page.get_by_label("Friday"), "Space")
    tab_to(page, page.get_by_label("Time"))
    page.keyboard.type("1030PM")
    type_into(page, "Email Address", "data@tangelo.example")
    press(page, page.get_by_role("button", name="Enable Scheduled Process"))
    press(page, page.get_by_role("button", name="Run now"))
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    with gate(site, "extract") as closed:
        press(page, page.get_by_role("button", name="Run now"))
        closed.step()
        earlier = page.get_by_role("link", name=re.compile("^Open the extract")).last
        tab_to(page, earlier)
        with page.expect_response("**/scheduled-process/"):  # the runs are shown anew: the focus stays where it is
            pass
        expect(earlier).to_be_focused()
    expect(page.get_by_text("Done", exact=True)).to_have_count(2, timeout=30_000)
    press(page, page.get_by_role("button", name="Disable Scheduled Process"))
    expect(page.get_by_role("status")).to_contain_text("Nothing runs automatically.")


def test_what_nothing_ran_for_is_made_up_by_the_worker_that_looks_at_the_clock(
    page: Page, site: Site, mailbox: Mailbox, tmp_path: Path
) -> None:
    lea_with_roster(page, site, "Pomelo Unified", tmp_path)
    import_profile(page, tmp_path, **GRADES)
    page.get_by_role("link", name="Scheduled Process").click()
    for day in DAY_NAMES:
        page.get_by_label(day).check()
    half_a_day_ago = datetime.now(ZoneInfo("America/Los_Angeles")) - timedelta(hours=12)
    page.get_by_label("Time").fill(f"{half_a_day_ago:%H:%M}")
    page.get_by_label("Email Address").fill("data@pomelo.example")
    page.get_by_role("button", name="Enable Scheduled Process").click()
    expect(page.get_by_role("status")).to_contain_text("The scheduled process is enabled")
    site.run("-m", "tests.e2e.turn_clock")
    for _ in range(60):
        page.reload()
        if page.get_by_text("Done", exact=True).is_visible():
            break
        page.wait_for_timeout(1000)
    expect(page.get_by_text("Missed, so it ran")).to_be_visible()
    expect(page.get_by_text("Missed", exact=True)).to_have_count(2)
    look(page, "scheduled-process-made-up")
    [mail] = [mail for mail in mailbox.mails if mail["To"] == "data@pomelo.example"]
    assert "RUNS THAT WERE MISSED BEFORE" in parts_of(mail)["plain"]


def test_who_is_limited_to_a_school_sees_it_and_cannot_change_it(page: Page) -> None:
    sign_in(page, SAM)
    page.get_by_role("link", name="Scheduled Process").click()
    expect(page.get_by_text("You can see the scheduled process but not change it")).to_be_visible()
    expect(page.get_by_label("Friday")).to_be_disabled()
    look(page, "scheduled-process-limited")
