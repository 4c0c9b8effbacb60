"""A source in a real browser: connected to the stand-in for Aeries, tested, synced, held, and planned by schedule."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cersgroups.sources.demo import District, write_roster
from tests.e2e.site import Site
from tests.e2e.test_roster import new_lea
from tests.e2e.walk import choose_file, look, press, tab_to, type_into
from tests.sources.aeries_server import CERTIFICATE, AeriesServer

PATIENCE = 60_000


@pytest.fixture(scope="module")
def aeries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AeriesServer]:
    roster = tmp_path_factory.mktemp("aeries") / "roster"
    write_roster(roster, District(300, 5))
    with AeriesServer(roster) as aeries:
        yield aeries


def connect(page: Page, site: Site, aeries: AeriesServer, lea: str) -> None:
    """A new LEA whose roster is to come from Aeries."""
    new_lea(page, site, lea)
    page.goto("/sources/new/?kind=aeries_api")
    page.get_by_label("Base address").fill(aeries.url)
    page.get_by_label("School year").fill("2027")
    page.get_by_label("Certificate", exact=True).fill(CERTIFICATE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("is saved. Test the connection now.")


def sync(page: Page) -> None:
    """The first one, to its end."""
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Current", exact=True)).to_be_visible(timeout=PATIENCE)


def school_of(aeries: AeriesServer) -> str:
    """An active school, by its code in Aeries."""
    return next(key for key, row in aeries.district.schools.items() if row["active"] != "false")


def test_an_admin_is_led_to_connecting_a_source_whose_secret_is_never_shown(
    page: Page, site: Site, aeries: AeriesServer
) -> None:
    new_lea(page, site, "Jujube Unified")
    page.goto("/sources/")
    look(page, "sources-none")
    page.get_by_role("link", name="Connect a source").click()
    look(page, "source-kinds")
    page.get_by_role("link", name=re.compile("^Aeries API")).click()
    look(page, "source-form")
    page.get_by_label("Base address").fill(aeries.url)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Certificate", exact=True).fill(CERTIFICATE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("is saved. Test the connection now.")
    page.get_by_role("link", name="Change the settings").click()
    assert CERTIFICATE not in page.content()
    look(page, "source-settings")


def test_a_source_is_connected_and_tested_by_keyboard_alone(page: Page, site: Site, aeries: AeriesServer) -> None:
    new_lea(page, site, "Longan Unified")
    page.goto("/sources/")
    press(page, page.get_by_role("link", name="Connect a source"))
    press(page, page.get_by_role("link", name=re.compile("^Aeries API")))
    type_into(page, "Base address", aeries.url)
    type_into(page, "Certificate", CERTIFICATE)
    press(page, page.get_by_role("button", name="Save"))
    press(page, page.get_by_role("button", name="Test connection"))
    expect(page.get_by_role("img", name="Works").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("img", name="Does not work")).to_have_count(0)


def test_side_files_are_stored_and_removed_by_keyboard_alone(
    page: Page, site: Site, aeries: AeriesServer, tmp_path: Path
) -> None:
    connect(page, site, aeries, "Tayberry Unified")
    codes = tmp_path / "schools.csv"
    codes.write_text(f"school_id,cds_code\n{school_of(aeries)},99100000000099\n")
    side_files = page.get_by_role("region", name="Side files")
    choose_file(page, side_files.get_by_label("Side files"), codes)
    press(page, page.get_by_role("button", name="Store"))
    expect(page.get_by_role("status").first).to_contain_text("The side files are stored.")
    expect(side_files.get_by_role("rowheader", name="schools.csv")).to_be_visible()
    look(page, "source-side-files")
    press(page, page.get_by_role("button", name="Remove the side files"))
    expect(page.get_by_role("status").first).to_contain_text("The side files are removed.")
    expect(side_files.get_by_role("rowheader")).to_have_count(0)


def test_a_source_is_planned_changed_and_removed_by_keyboard_alone(
    page: Page, site: Site, aeries: AeriesServer
) -> None:
    connect(page, site, aeries, "Wineberry Unified")
    press(page, page.get_by_label("Sync by schedule"), "Space")
    tab_to(page, page.get_by_label("Time"))
    page.keyboard.type("0230AM")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text(re.compile(r", 2:30 AM$"))).to_be_visible()
    press(page, page.get_by_role("link", name="Change the settings"))
    type_into(page, "Name", "Our Aeries")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Our Aeries")
    press(page, page.get_by_role("button", name="Remove"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Remove"))
    expect(page.get_by_role("status").first).to_contain_text("The source is removed, with its secrets.")
    expect(page.get_by_role("heading", name="There is no source yet")).to_be_visible()


def test_a_sync_is_cancelled_by_keyboard_alone(page: Page, site: Site, aeries: AeriesServer) -> None:
    connect(page, site, aeries, "Persimmon Unified")
    aeries.behaviour.slow = 2
    press(page, page.get_by_role("button", name="Sync now"))
    expect(page.get_by_text(re.compile("^Fetching ")).first).to_be_visible(timeout=PATIENCE)
    cancel = page.get_by_role("button", name="Cancel this sync")
    tab_to(page, cancel)
    with page.expect_response("**/now/"):  # how far it is, is shown anew: the focus stays where it is
        pass
    expect(cancel).to_be_focused()
    page.keyboard.press("Enter")
    aeries.behaviour.slow = 0
    expect(page.get_by_role("row").filter(has_text="Cancelled")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Current", exact=True)).to_have_count(0)
    look(page, "source-sync-cancelled")


def test_the_test_of_the_connection_puts_a_tick_or_what_to_grant_behind_each_part(
    page: Page, site: Site, aeries: AeriesServer
) -> None:
    connect(page, site, aeries, "Salak Unified")
    aeries.behaviour.refused.add("Student Groups")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("not everything that a sync needs can be read")).to_be_visible(timeout=PATIENCE)
    aeries.behaviour.refused.clear()
    expect(page.get_by_role("img", name="Works").first).to_be_visible()
    expect(page.get_by_role("img", name="Does not work")).to_have_count(1)
    look(page, "source-tested")


def test_a_sync_shows_how_far_it_is_also_after_a_reload_and_ends_in_the_current_roster(
    page: Page, site: Site, aeries: AeriesServer
) -> None:
    connect(page, site, aeries, "Damson Unified")
    aeries.behaviour.slow = 2
    button = page.get_by_role("button", name="Sync now")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Fetching ")).first).to_be_visible(timeout=PATIENCE)
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    look(page, "source-syncing")
    aeries.behaviour.slow = 0
    expect(page.get_by_text("Current", exact=True)).to_be_visible(timeout=PATIENCE)
    page.goto("/roster/")
    look(page, "roster-fetched")


def test_it_is_planned_for_every_night_and_a_failure_stands_in_the_history(
    page: Page, site: Site, aeries: AeriesServer
) -> None:
    connect(page, site, aeries, "Sorrel Unified")
    sync(page)
    page.get_by_label("Sync by schedule").check()
    page.get_by_label("Time").fill("02:30")
    page.get_by_label("Sync before each run of the scheduled process").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("is saved")
    expect(page.get_by_text(re.compile(r", 2:30 AM$"))).to_be_visible()
    aeries.behaviour.half = f"schools/{school_of(aeries)}/students"
    page.get_by_role("button", name="Sync now").click()
    request = re.compile(f"GET /schools/{school_of(aeries)}/students")
    expect(page.get_by_text(request).first).to_be_visible(timeout=PATIENCE)
    aeries.behaviour.half = ""
    look(page, "source")
    page.goto("/sources/")
    look(page, "sources")


def test_a_roster_that_lost_too_much_waits_for_a_person_who_compares(
    page: Page, site: Site, aeries: AeriesServer
) -> None:
    connect(page, site, aeries, "Jackfruit Unified")
    sync(page)
    page.get_by_role("link", name="Change the settings").click()
    page.get_by_label(re.compile("^Schools to leave out")).fill(school_of(aeries))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Waiting for approval")).to_be_visible(timeout=PATIENCE)
    page.goto("/roster/")
    page.get_by_role("link", name="Look at it beside the current one").click()
    expect(page.get_by_text(re.compile("schools of the current roster are not in it")).first).to_be_visible()
    look(page, "roster-held")
    page.get_by_role("button", name="Make current").click()
    page.get_by_role("button", name="Make current anyway").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Current")
