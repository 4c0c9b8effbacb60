"""The pages about one's own account: where one is signed in, password, passkeys, recovery codes."""

import re
from dataclasses import replace

from playwright.sync_api import Browser, Page, expect

from tests.e2e.district import District
from tests.e2e.sign_in_steps import fresh_code, prove_again, virtual_authenticator
from tests.e2e.site import Site
from tests.e2e.stage import PASSWORD
from tests.e2e.walk import look, press, sign_in, type_into, walk


def test_a_person_sees_where_they_are_signed_in(page: Page, district: District) -> None:
    sign_in(page, district.alma)
    page.locator("summary", has_text="Alma Álvarez").click()
    page.get_by_role("link", name="Where you are signed in").click()
    expect(page.get_by_role("main")).to_contain_text("This is the only one.")
    look(page, "sessions")


def test_the_other_browsers_are_signed_out_by_keyboard_alone(
    page: Page, district: District, browser: Browser, site: Site
) -> None:
    sign_in(page, district.sam)
    with browser.new_context(base_url=site.url) as others:
        other = others.new_page()
        sign_in(other, district.sam)
        press(page, page.locator("summary", has_text="Sam Sato"))
        press(page, page.get_by_role("link", name="Where you are signed in"))
        expect(page.get_by_role("row")).to_have_count(3)
        look(page, "sessions-several")
        press(page, page.get_by_role("button", name="Sign out all others"))
        prove_again_by_keyboard(page)
        expect(page.get_by_role("main")).to_contain_text("This is the only one.")
        other.reload()
        expect(other).to_have_url(re.compile("/account/login/"))


def test_signing_out_asks_first(page: Page, district: District) -> None:
    sign_in(page, district.vera)
    page.goto("/account/logout/")
    look(page, "sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_password_is_changed_by_keyboard_alone(page: Page, district: District) -> None:
    sign_in(page, district.vera)
    press(page, page.locator("summary", has_text="Vera Vance"))
    press(page, page.get_by_role("link", name="Password", exact=True))
    look(page, "password-change")
    type_into(page, "Current password", PASSWORD)
    type_into(page, "New password", "another long enough password")
    type_into(page, "New password again", "another long enough password")
    press(page, page.get_by_role("button", name="Save the new password"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, replace(district.vera, password="another long enough password"))  # noqa: S106
    expect(page.locator("summary", has_text="Vera Vance")).to_be_visible()


def test_a_passkey_is_added_renamed_and_removed(page: Page, district: District) -> None:
    virtual_authenticator(page)
    sign_in(page, district.alma)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    if "/reauthenticate/" in page.url:
        look(page, "prove-again")
    prove_again(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("main")).to_contain_text("recovery codes", ignore_case=True)
    page.goto("/account/2fa/")
    look(page, "second-factor-on")
    page.get_by_role("link", name="Make new ones").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make new recovery codes")
    look(page, "recovery-codes-new")
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_role("row").filter(has_text="Laptop")).to_be_visible()
    look(page, "passkeys")
    page.get_by_role("link", name="Rename").click()
    look(page, "passkey-name")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("row").filter(has_text="Work laptop").get_by_role("link", name="Remove").click()
    look(page, "passkey-remove")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("main")).not_to_contain_text("Work laptop")


def open_second_factor(page: Page, name: str) -> None:
    """From any page, by keyboard."""
    press(page, page.locator("summary", has_text=name))
    press(page, page.get_by_role("banner").get_by_role("link", name="Second factor and passkeys"))


def prove_again_by_keyboard(page: Page) -> None:
    """Before a second factor is shown or changed for the first time after signing in."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Prove that it is you")
    type_into(page, "Password", PASSWORD)
    press(page, page.get_by_role("button", name="Continue"))


def test_a_passkey_is_added_renamed_removed_and_used_by_keyboard_alone(page: Page, district: District) -> None:
    virtual_authenticator(page)
    sign_in(page, district.ada)
    open_second_factor(page, "Ada Admin")
    press(page, page.get_by_role("link", name="Add a passkey"))
    prove_again_by_keyboard(page)
    type_into(page, "Name (optional)", "Laptop")
    press(page, page.get_by_role("button", name="Add"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    open_second_factor(page, "Ada Admin")
    press(page, page.get_by_role("link", name="Manage passkeys"))
    press(page, page.get_by_role("link", name="Rename Laptop"))
    type_into(page, "Name", "Work laptop")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("row").filter(has_text="Work laptop")).to_be_visible()

    press(page, page.locator("summary", has_text="Ada Admin"))
    press(page, page.get_by_role("button", name="Sign out"))
    press(page, page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.locator("summary", has_text="Ada Admin")).to_be_visible()

    open_second_factor(page, "Ada Admin")
    press(page, page.get_by_role("link", name="Manage passkeys"))
    press(page, page.get_by_role("link", name="Remove Work laptop"))
    prove_again_by_keyboard(page)
    press(page, page.get_by_role("button", name="Remove"))
    expect(page.get_by_role("main")).to_contain_text("You have none yet.")


def test_an_authenticator_app_is_switched_on_asked_for_and_switched_off_by_keyboard_alone(
    page: Page, district: District
) -> None:
    sign_in(page, district.sam)
    open_second_factor(page, "Sam Sato")
    press(page, page.get_by_role("link", name="Activate"))
    prove_again_by_keyboard(page)
    secret = page.get_by_label("Secret", exact=True).input_value()
    code = fresh_code(secret)
    type_into(page, "Code from the app", code)
    press(page, page.get_by_role("button", name="Activate"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    first = page.get_by_label("Unused codes").input_value()

    press(page, page.locator("summary", has_text="Sam Sato"))
    press(page, page.get_by_role("button", name="Sign out"))
    type_into(page, "E-mail", district.sam.email)
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    type_into(page, "Code", fresh_code(secret, before=code))  # each works once
    press(page, page.get_by_role("button", name="Sign in", exact=True))
    expect(page.locator("summary", has_text="Sam Sato")).to_be_visible()

    open_second_factor(page, "Sam Sato")
    press(page, page.get_by_role("link", name="Make new ones"))
    prove_again_by_keyboard(page)
    press(page, page.get_by_role("button", name="Make new codes"))
    expect(page.get_by_label("Unused codes")).not_to_have_value(first)
    open_second_factor(page, "Sam Sato")
    press(page, page.get_by_role("link", name="Deactivate"))
    press(page, page.get_by_role("button", name="Switch off"))
    open_second_factor(page, "Sam Sato")
    expect(page.get_by_role("main")).to_contain_text("It is off.")


def test_every_stop_of_the_account_is_in_view_and_shows_its_focus(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.goto("/account/2fa/")
    stops = walk(page)
    assert stops.index("Add a passkey") < stops.index("Activate")
