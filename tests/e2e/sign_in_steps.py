"""Parts of signing in that several test files go through: codes, passkeys, a link by mail, the password once more."""

import base64
import hashlib
import hmac
import re
import struct
import time

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Mailbox
from tests.e2e.stage import PASSWORD, Person


def sign_out(page: Page) -> None:
    page.locator("summary", has_text=re.compile("@|[A-Z]")).last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def link_to_a_new_password(page: Page, mailbox: Mailbox, person: Person) -> str:
    """Asked for on the sign-in page, and sent by mail."""
    page.goto("/account/login/")
    page.get_by_role("link", name="Forgot your password, or never had one?").click()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("main")).to_contain_text("An e-mail is on its way")
    return link_in_mail(mailbox, person)


def link_in_mail(mailbox: Mailbox, person: Person) -> str:
    """To the page for a new password, of the last mail to this person."""
    link = re.search(r"http://localhost\S+/password/reset/key/\S+", mailbox.last_to(person.email))
    assert link is not None
    return link[0]


def one_time_code(secret: str, now: float) -> str:
    """What an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.new(key, struct.pack(">Q", int(now) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def fresh_code(secret: str, before: str = "") -> str:
    """What the app shows, once that is another code than `before` and stays for some seconds more."""
    while (shown := one_time_code(secret, time.time())) == before or time.time() % 30 > 20:
        time.sleep(0.2)
    return shown


def virtual_authenticator(page: Page) -> None:
    """A device for passkeys in this browser; as yet it holds none."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def prove_again(page: Page) -> None:
    """Before a second factor is changed, the password may be asked for once more."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
