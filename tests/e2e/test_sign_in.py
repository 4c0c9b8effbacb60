"""Signing in as people do: password, lock-out, reset by mail, authenticator app, passkey, Google, Microsoft."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Mailbox
from tests.e2e.oidc_provider import Account, DirectoryAccount, OidcProvider
from tests.e2e.sign_in_steps import (
    fresh_code,
    link_in_mail,
    link_to_a_new_password,
    prove_again,
    sign_out,
    virtual_authenticator,
)
from tests.e2e.site import Site
from tests.e2e.stage import ADA, GUS, LOU, MIA, NORA, PAM, PASSWORD, RITA, TOM, VERA, Person
from tests.e2e.walk import look, press, sign_in, tab_to, type_into, walk

WRONG = "The e-mail or the password is wrong."


def try_to_sign_in(page: Page, person: Person, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_sign_in_page_is_accessible_and_can_be_walked_by_keyboard(page: Page) -> None:
    page.goto("/account/login/")
    look(page, "sign-in")
    stops = walk(page)
    assert stops.index("E-mail") < stops.index("Password") < stops.index("Sign in")


def test_a_person_signs_in_and_out_by_keyboard_alone(page: Page) -> None:
    page.goto("/account/login/")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(ADA.email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(ADA.password)
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="Ada Adams")).to_be_visible()
    tab_to(page, page.locator("summary", has_text="Ada Adams"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Sign out"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.thorough
def test_who_is_not_signed_in_is_led_to_the_page_after_signing_in(page: Page) -> None:
    page.goto("/patterns/lists/")
    page.get_by_label("E-mail").fill(ADA.email)
    page.get_by_label("Password", exact=True).fill(ADA.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/patterns/lists/$"))


@pytest.mark.thorough
def test_signing_in_leads_to_no_other_site(page: Page) -> None:
    page.goto("/account/login/?next=https://example.org/")
    page.get_by_label("E-mail").fill(ADA.email)
    page.get_by_label("Password", exact=True).fill(ADA.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"^http://localhost:\d+/(?!account)"))


@pytest.mark.thorough
def test_signing_in_gives_a_new_session(page: Page, site: Site) -> None:
    page.goto("/account/login/")
    page.context.add_cookies([{"name": "session", "value": "planted0123456789planted01234567", "url": site.url}])
    sign_in(page, ADA)
    [session] = [cookie for cookie in page.context.cookies() if cookie.get("name") == "session"]
    assert session.get("value") != "planted0123456789planted01234567"
    assert session.get("httpOnly") is True
    assert session.get("sameSite") == "Lax"


@pytest.mark.thorough
def test_a_wrong_password_is_told_without_saying_whether_the_account_is_there(page: Page) -> None:
    for person in (VERA, Person("Nobody", "nobody@nowhere.example")):
        try_to_sign_in(page, person, "wrong")
        expect(page.get_by_role("alert").filter(has_text=WRONG)).to_be_visible()


@pytest.mark.thorough
def test_after_five_wrong_passwords_only_a_new_one_by_mail_helps(page: Page, mailbox: Mailbox) -> None:
    for _ in range(5):
        try_to_sign_in(page, LOU, "wrong")
        expect(page.get_by_role("alert").filter(has_text=WRONG)).to_be_visible()
    try_to_sign_in(page, LOU, LOU.password)
    expect(page.get_by_role("main")).to_contain_text("Too many failed tries. Wait five minutes, or set a new password")
    look(page, "locked-out")
    try_to_sign_in(page, ADA, ADA.password)
    expect(page).not_to_have_url(re.compile("/account/"))
    sign_out(page)
    page.goto(link_to_a_new_password(page, mailbox, LOU))
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("another long enough password")
    page.get_by_role("button", name="Save the new password").click()
    sign_in(page, Person(LOU.name, LOU.email, "another long enough password"))
    expect(page).not_to_have_url(re.compile("/account/"))


@pytest.mark.thorough
def test_signing_out_ends_the_session(page: Page) -> None:
    sign_in(page, ADA)
    page.locator("summary", has_text="Ada Adams").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/patterns/")
    expect(page).to_have_url(re.compile("/account/login/"))
    page.go_back()
    expect(page.get_by_text("Ada Adams")).to_have_count(0)


@pytest.mark.thorough
def test_an_invited_person_gets_a_password_by_mail(page: Page, mailbox: Mailbox) -> None:
    page.goto("/account/password/reset/")
    look(page, "password-reset")
    link = link_to_a_new_password(page, mailbox, RITA)
    page.goto(link)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password again").fill("short")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_role("main")).to_contain_text("It must contain at least 12 characters.")
    look(page, "new-password")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Save the new password").click()
    sign_in(page, RITA)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")


@pytest.mark.thorough
def test_a_new_password_is_set_by_keyboard_alone(page: Page, mailbox: Mailbox) -> None:
    page.goto("/account/login/")
    press(page, page.get_by_role("link", name="Forgot your password, or never had one?"))
    type_into(page, "E-mail", RITA.email)
    press(page, page.get_by_role("button", name="Send the link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your e-mail")
    page.goto(link_in_mail(mailbox, RITA))
    type_into(page, "New password", PASSWORD)
    type_into(page, "New password again", PASSWORD)
    press(page, page.get_by_role("button", name="Save the new password"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password is set")
    sign_in(page, RITA)
    expect(page.locator("summary", has_text=RITA.name)).to_be_visible()


@pytest.mark.thorough
def test_a_reset_for_an_unknown_address_looks_the_same_and_its_mail_says_who_can_invite(
    page: Page, mailbox: Mailbox
) -> None:
    page.goto("/account/password/reset/")
    page.get_by_label("E-mail").fill("nobody@nowhere.example")
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("main")).to_contain_text("An e-mail is on its way")
    look(page, "password-reset-sent")
    mail = mailbox.last_to("nobody@nowhere.example")
    assert "Nobody is invited there by this address." in mail
    assert "http" not in mail  # nobody can sign up: there is no page to send anybody to
    page.get_by_role("link", name="Back to signing in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.thorough
def test_who_asks_for_a_new_password_again_and_again_is_told_to_wait(page: Page) -> None:
    for _ in range(6):
        page.goto("/account/password/reset/")
        page.get_by_label("E-mail").fill("often@nowhere.example")
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("main")).to_contain_text(re.compile("An e-mail is on its way|Too many tries"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many tries")
    look(page, "too-many-tries")


@pytest.mark.thorough
def test_nobody_can_sign_up_or_change_an_email(page: Page) -> None:
    sign_in(page, ADA)
    for path in ("signup/", "email/", "confirm-email/", "3rdparty/", "3rdparty/signup/"):
        answer = page.goto(f"/account/{path}")
        assert answer is not None
        assert answer.status == 404, path


@pytest.mark.thorough
def test_an_authenticator_app_is_asked_for_and_a_recovery_code_works_once(page: Page) -> None:
    sign_in(page, TOM)
    page.goto("/account/2fa/")
    look(page, "second-factor")
    page.get_by_role("link", name="Activate").click()
    prove_again(page)
    secret = page.get_by_label("Secret").input_value()
    look(page, "authenticator-app")
    page.get_by_label("Code from the app").fill(fresh_code(secret))
    page.get_by_role("button", name="Activate").click()
    page.goto("/account/2fa/recovery-codes/")
    recovery_code = page.get_by_label("Unused codes").input_value().split()[0]
    look(page, "recovery-codes")

    sign_out(page)
    try_to_sign_in(page, TOM, TOM.password)
    expect(page.get_by_role("heading", name="Enter a code")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("or one of your recovery codes")
    look(page, "second-factor-asked")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main")).to_contain_text("This code is not accepted")
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/account/"))

    sign_out(page)
    try_to_sign_in(page, TOM, TOM.password)
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main")).to_contain_text("This code is not accepted")


def test_a_passkey_signs_in_without_a_password(page: Page) -> None:
    virtual_authenticator(page)
    sign_in(page, PAM)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    prove_again(page)
    look(page, "add-passkey")
    page.get_by_label("Name").fill("Laptop")
    expect(page.get_by_label("Sign in without a password")).to_be_checked()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("main")).to_contain_text("recovery codes", ignore_case=True)
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("/account/"))
    expect(page.locator("summary", has_text="Pam Passkey")).to_be_visible()


@pytest.mark.thorough
def test_without_a_passkey_a_sentence_says_what_to_do(page: Page) -> None:
    page.goto("/account/login/")
    virtual_authenticator(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="No passkey was used.")).to_be_visible()


def test_google_lets_in_who_is_invited_by_the_verified_email(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-gus", GUS.email.upper())
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Google").click()
    expect(page.locator("summary", has_text="Gus Google")).to_be_visible()


@pytest.mark.thorough
def test_google_is_chosen_by_keyboard_alone(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-gus", GUS.email)
    page.goto("/account/login/")
    press(page, page.get_by_role("button", name="Sign in with Google"))
    expect(page.locator("summary", has_text="Gus Google")).to_be_visible()


@pytest.mark.thorough
def test_google_keeps_out_who_is_not_invited(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-stranger", "stranger@elsewhere.example")
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Google").click()
    expect(page.get_by_role("heading", name="You are not invited yet")).to_be_visible()
    look(page, "not-invited")
    page.goto("/patterns/")
    expect(page).to_have_url(re.compile("/account/login/"))


@pytest.mark.thorough
def test_google_keeps_out_an_email_that_it_has_not_verified(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-liar", NORA.email, email_verified=False)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Google").click()
    expect(page.get_by_role("heading", name="You are not invited yet")).to_be_visible()


@pytest.mark.thorough
def test_a_known_google_account_that_now_has_another_email_is_kept_out(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-vera", VERA.email)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Google").click()
    expect(page.locator("summary", has_text="Vera Vance")).to_be_visible()
    sign_out(page)
    provider.account = Account("google-vera", "vera@elsewhere.example")
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Google").click()
    expect(page.get_by_role("heading", name="You are not invited yet")).to_be_visible()


@pytest.mark.thorough
def test_signing_in_by_google_leaves_the_password_as_it_is(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-ada", ADA.email)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Google").click()
    expect(page.locator("summary", has_text="Ada Adams")).to_be_visible()
    sign_out(page)
    sign_in(page, ADA)


@pytest.mark.thorough
def test_google_accounts_of_others_cannot_be_connected(page: Page, provider: OidcProvider) -> None:
    provider.account = Account("google-other", "other@elsewhere.example")
    sign_in(page, ADA)
    page.goto("/account/oidc/google/login/?process=connect")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="You are not invited yet")).to_be_visible()


def sign_in_with_microsoft(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Microsoft").click()


@pytest.mark.thorough
def test_microsoft_lets_in_who_is_invited_by_the_user_name_in_the_districts_directory(
    page: Page, microsoft: OidcProvider
) -> None:
    microsoft.account = DirectoryAccount("microsoft-mia", "", user_name="Mia@screaming-eagle.example")
    sign_in_with_microsoft(page)
    expect(page.locator("summary", has_text=MIA.name)).to_be_visible()


@pytest.mark.thorough
def test_microsoft_lets_in_whose_emails_domain_was_verified(page: Page, microsoft: OidcProvider) -> None:
    microsoft.account = DirectoryAccount(
        "microsoft-mia-2", MIA.email, user_name="mmicrosoft@screaming-eagle.onmicrosoft.example", more={"xms_edov": "1"}
    )
    sign_in_with_microsoft(page)
    expect(page.locator("summary", has_text=MIA.name)).to_be_visible()


ATTACKS = {
    "an e-mail that nobody verified": DirectoryAccount(
        "microsoft-mallory", ADA.email, user_name="mallory@other.example"
    ),
    "a guest with that name at home": DirectoryAccount(
        "microsoft-guest", ADA.email, user_name=ADA.email, more={"idp": "https://sts.windows.net/of-another-directory/"}
    ),
    "an e-mail that is said to be unverified": DirectoryAccount(
        "microsoft-liar", ADA.email, user_name="liar@other.example", more={"email_verified": False, "xms_edov": True}
    ),
    "a token of another directory": DirectoryAccount(
        "microsoft-other", "", user_name=ADA.email, more={"iss": "https://login.microsoftonline.com/other/v2.0"}
    ),
}


@pytest.mark.parametrize(
    "how", [next(iter(ATTACKS)), *(pytest.param(how, marks=pytest.mark.thorough) for how in list(ATTACKS)[1:])]
)
def test_nobody_takes_over_an_admins_account_by_microsoft(page: Page, microsoft: OidcProvider, how: str) -> None:
    microsoft.account = ATTACKS[how]
    sign_in_with_microsoft(page)
    expect(
        page.get_by_role("heading", name=re.compile("You are not invited yet|Signing in did not work"))
    ).to_be_visible()
    if how == "a token of another directory":
        look(page, "sign-in-failed")
    page.goto("/patterns/")
    expect(page).to_have_url(re.compile("/account/login/"))


@pytest.mark.thorough
def test_a_known_microsoft_account_whose_user_name_became_another_is_kept_out(
    page: Page, microsoft: OidcProvider
) -> None:
    microsoft.account = DirectoryAccount("microsoft-renamed", "", user_name=MIA.email)
    sign_in_with_microsoft(page)
    expect(page.locator("summary", has_text=MIA.name)).to_be_visible()
    sign_out(page)
    microsoft.account = DirectoryAccount("microsoft-renamed", "", user_name="new-name@screaming-eagle.example")
    sign_in_with_microsoft(page)
    expect(page.get_by_role("heading", name="You are not invited yet")).to_be_visible()


def test_the_first_admins_link_makes_an_lea_once(page: Page, site: Site) -> None:
    link = re.search(r"/first-admin/\S+/", site.run("-m", "cersgroups", "first-admin"))
    assert link is not None
    page.goto(link[0])
    look(page, "first-admin")
    page.get_by_label("Name of the LEA").fill("Redwood Charter")
    page.get_by_label("Your name").fill("Fay First")
    page.get_by_label("Your e-mail").fill("fay@redwood.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill("something else")
    page.get_by_role("button", name="Make the LEA").click()
    expect(page.get_by_role("main")).to_contain_text("The two passwords differ.")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the LEA").click()
    expect(page.get_by_role("status")).to_contain_text("Redwood Charter is ready, and you are its admin.")
    answer = page.goto(link[0])
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("main")).to_contain_text("This link is used or too old.")


@pytest.mark.thorough
def test_the_first_admin_makes_an_lea_by_keyboard_alone(page: Page, site: Site) -> None:
    link = re.search(r"/first-admin/\S+/", site.run("-m", "cersgroups", "first-admin"))
    assert link is not None
    page.goto(link[0])
    type_into(page, "Name of the LEA", "Cedar Charter")
    type_into(page, "Your name", "Cam First")
    type_into(page, "Your e-mail", "cam@cedar.example")
    type_into(page, "Password", PASSWORD)
    type_into(page, "Password again", PASSWORD)
    press(page, page.get_by_role("button", name="Make the LEA"))
    expect(page.get_by_role("status")).to_contain_text("Cedar Charter is ready, and you are its admin.")
