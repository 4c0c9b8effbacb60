"""People in a real browser: inviting, the mail, changing rights, removing, and the last admin who stays."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Mailbox
from tests.e2e.district import HIGH, MIDDLE, District
from tests.e2e.profile_steps import choose, the_list
from tests.e2e.site import Site
from tests.e2e.stage import ALMA, PASSWORD, SAM, VERA, Person
from tests.e2e.walk import look, press, sign_in, tab_to, type_into, walk


@pytest.fixture
def ada(page: Page, district: District) -> Page:
    sign_in(page, district.ada)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    return page


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def invite(page: Page, name: str, email: str, level: str) -> None:
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("radio", name=re.compile(f"^{level}")).check()


def test_the_list_says_who_may_do_what_where(ada: Page) -> None:
    expect(row(ada, "Ada Admin")).to_contain_text("Admin")
    expect(row(ada, "Sam Sato")).to_contain_text(HIGH)
    expect(row(ada, "Vera Vance")).to_contain_text("Viewer")
    look(ada, "people")


@pytest.mark.parametrize("width", [600, 768, 1000])
def test_a_wide_table_scrolls_in_its_frame_and_does_not_widen_the_page(ada: Page, width: int) -> None:
    ada.set_viewport_size({"width": width, "height": 800})
    assert ada.evaluate("document.documentElement.scrollWidth") <= width


def test_a_person_is_invited_by_mail_sets_a_password_and_comes_in(
    ada: Page, mailbox: Mailbox, browser: Browser, site: Site
) -> None:
    email = "ines@person-unified.example"
    invite(ada, "Inés Ibarra", email, "Administer")
    ada.get_by_role("radio", name="Only these schools").check()
    choose(ada, "Schools the person is limited to", MIDDLE)
    look(ada, "invite")
    ada.get_by_role("button", name=re.compile("Invite|Send")).click()
    expect(ada.get_by_role("status").first).to_contain_text(email)
    expect(row(ada, "Inés Ibarra")).to_contain_text(MIDDLE)
    link = re.search(r"http\S+/password/reset/key/\S+", mailbox.last_to(email))
    assert link
    with browser.new_context(base_url=site.url) as theirs:
        page = theirs.new_page()
        page.goto(link[0])
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("New password again").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("password", re.IGNORECASE)).click()
        sign_in(page, Person("Inés Ibarra", email))
        expect(page.locator("summary", has_text="Working at")).to_contain_text(MIDDLE)


def test_who_belongs_to_the_lea_already_is_not_invited_twice(ada: Page, district: District) -> None:
    invite(ada, "Alma", district.alma.email, "Viewer")
    ada.get_by_role("radio", name="All schools").check()
    ada.get_by_role("button", name=re.compile("Invite|Send")).click()
    expect(ada.get_by_role("alert")).to_contain_text("belongs to this LEA already")
    look(ada, "invite-refused")


def test_an_admin_cannot_be_limited_to_schools(ada: Page) -> None:
    row(ada, "Sam Sato").get_by_role("link", name="Change Sam Sato").click()
    ada.get_by_role("radio", name=re.compile("^Admin:")).check()
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("main")).to_contain_text("An admin cannot be limited to schools")
    look(ada, "person")


def test_a_person_limited_to_a_school_is_invited_by_keyboard_alone(ada: Page) -> None:
    press(ada, ada.get_by_role("link", name="Invite a person"))
    type_into(ada, "E-mail", "kei@person-unified.example")
    type_into(ada, "Name", "Kei Kato")
    press(ada, ada.get_by_role("radio", name=re.compile("^Administer:")), "ArrowDown")
    expect(ada.get_by_role("radio", name=re.compile("^Viewer:"))).to_be_checked()
    press(ada, ada.get_by_role("radio", name="All schools"), "ArrowDown")
    expect(ada.get_by_role("radio", name="Only these schools")).to_be_checked()
    schools = the_list(ada, "Schools the person is limited to")
    press(ada, ada.locator(".filter-list", has=schools).get_by_role("searchbox"), "Control+a")
    ada.keyboard.type(MIDDLE)
    expect(schools.get_by_role("option").first).to_contain_text(MIDDLE)
    ada.keyboard.press("ArrowDown")
    ada.keyboard.press("Space")
    press(ada, ada.get_by_role("button", name="Send the invitation"))
    expect(ada.get_by_role("status").first).to_contain_text("kei@person-unified.example")
    expect(row(ada, "Kei Kato")).to_contain_text("Viewer")
    expect(row(ada, "Kei Kato")).to_contain_text(MIDDLE)


def test_an_invitation_is_sent_again_by_keyboard_alone(ada: Page, mailbox: Mailbox) -> None:
    press(ada, ada.get_by_role("link", name="Invite a person"))
    type_into(ada, "E-mail", "lea@person-unified.example")
    type_into(ada, "Name", "Lea Lang")
    press(ada, ada.get_by_role("radio", name=re.compile("^Administer:")), "ArrowDown")
    press(ada, ada.get_by_role("button", name="Send the invitation"))
    expect(row(ada, "Lea Lang")).to_be_visible()
    before = len(mailbox.mails)
    press(ada, row(ada, "Lea Lang").get_by_role("button", name="Send invitation again"))
    expect(ada.get_by_role("status").first).to_contain_text("lea@person-unified.example")
    assert [mail["To"] for mail in mailbox.mails[before:]] == ["lea@person-unified.example"]


def test_rights_are_changed_by_keyboard(ada: Page) -> None:
    tab_to(ada, ada.get_by_role("link", name="Change Vera Vance"))
    ada.keyboard.press("Enter")
    tab_to(ada, ada.get_by_role("radio", name=re.compile("^Viewer")))
    ada.keyboard.press("ArrowUp")
    tab_to(ada, ada.get_by_role("button", name="Save"))
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("status").first).to_contain_text("The permissions of Vera Vance are saved.")
    expect(row(ada, "Vera Vance")).to_contain_text("Administer")


def test_removing_asks_first_and_the_person_is_locked_out(
    ada: Page, district: District, browser: Browser, site: Site
) -> None:
    ada.get_by_role("link", name="Change Alma Álvarez").click()
    ada.get_by_role("button", name="Remove").click()
    dialog = ada.get_by_role("dialog", name="Remove this person?")
    look(ada, "person-remove")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    ada.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(ada.get_by_role("status").first).to_contain_text("no longer belongs to")
    expect(row(ada, "Alma Álvarez")).to_have_count(0)
    with browser.new_context(base_url=site.url) as theirs:
        page = theirs.new_page()
        sign_in(page, district.alma)
        expect(page.get_by_role("main")).to_contain_text("belongs to no LEA here")


def test_a_person_is_signed_out_everywhere_by_keyboard_alone(
    ada: Page, district: District, browser: Browser, site: Site
) -> None:
    with browser.new_context(base_url=site.url) as theirs:
        lost = theirs.new_page()
        sign_in(lost, district.sam)
        press(ada, ada.get_by_role("link", name="Change Sam Sato"))
        opener = ada.get_by_role("button", name="Sign out everywhere")
        dialog = ada.get_by_role("dialog", name="Sign this person out everywhere?")
        press(ada, opener)
        look(ada, "person-sign-out")
        press(ada, dialog.get_by_role("button", name="Cancel"))
        expect(opener).to_be_focused()
        press(ada, opener)
        press(ada, dialog.get_by_role("button", name="Sign out everywhere"))
        expect(ada.get_by_role("status").first).to_contain_text("Sam Sato is signed out everywhere.")
        lost.reload()
        expect(lost).to_have_url(re.compile("/account/login/"))


def test_a_person_is_removed_by_keyboard_alone(ada: Page) -> None:
    press(ada, ada.get_by_role("link", name="Change Sam Sato"))
    opener, dialog = ada.get_by_role("button", name="Remove"), ada.get_by_role("dialog", name="Remove this person?")
    press(ada, opener)
    press(ada, dialog.get_by_role("button", name="Cancel"))
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    press(ada, opener)
    press(ada, dialog.get_by_role("button", name="Remove"))
    expect(ada.get_by_role("status").first).to_contain_text("no longer belongs to")
    expect(row(ada, "Sam Sato")).to_have_count(0)


def test_the_last_admin_stays(ada: Page) -> None:
    ada.get_by_role("link", name="Change Ada Admin").click()
    ada.get_by_role("radio", name=re.compile("^Viewer")).check()
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("alert")).to_contain_text(re.compile("admin"))
    expect(ada.get_by_role("heading", level=1)).to_have_text("Ada Admin")


@pytest.mark.parametrize("who", [ALMA, SAM, VERA], ids=lambda person: person.name)
def test_only_an_admin_gets_at_people_audit_log_and_settings(page: Page, who: Person) -> None:
    sign_in(page, who)
    for address in ("/people/", "/people/invite/", "/audit-log/", "/settings/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403


def test_every_stop_of_the_list_is_in_view_and_shows_its_focus(ada: Page) -> None:
    assert "Invite a person" in walk(ada)
