"""From a file to CERS in a real browser: credentials, the difference before, the upload, what CERS holds, retiring."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from cersgroups.cers.sandbox import Sandbox
from tests.e2e.roster_export import roster_folder_zip
from tests.e2e.site import Site
from tests.e2e.test_roster import lea_with_roster, new_lea, upload
from tests.e2e.test_scheduled_process import import_profile
from tests.e2e.walk import look, press, type_into
from tests.profiles import CLASSES


@pytest.fixture
def cers() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def switch_on(page: Page) -> None:
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_label("Upload Extracted Files to TOMS via API").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The settings are saved.")


def credential_fields(page: Page, cers: Sandbox, name: str, secret: str) -> list[tuple[Locator, str]]:
    """Each field of the form with what a person enters there for the sandbox."""
    entered = {
        "Name": name,
        "User name": "sandbox",
        "Password": "sandbox",
        "Client ID": "sandbox",
        "Client secret": secret,
        "Address for tokens": cers.endpoints.token_url,
        "Address for imports": cers.endpoints.import_url,
    }
    return [(page.get_by_label(re.compile(rf"^{label}( \(optional\))?$")), value) for label, value in entered.items()]


def fill_credential(page: Page, cers: Sandbox, name: str, secret: str = "sandbox") -> None:  # noqa: S107
    for field, value in credential_fields(page, cers, name, secret):
        field.fill(value)


def enter_credential(page: Page, cers: Sandbox) -> None:
    page.get_by_role("link", name="Credentials for CERS").click()
    look(page, "credentials-first")
    page.get_by_role("link", name="Enter a credential").click()
    look(page, "credential")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    fill_credential(page, cers, "Elder Unified", secret="wrong")  # noqa: S106
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name=re.compile("Test")).click()
    expect(page.get_by_text("does not know this client").first).to_be_visible()
    page.get_by_role("link", name="Elder Unified").click()
    secret = page.get_by_label(re.compile("^Client secret"))
    expect(secret).to_have_value("")
    secret.fill("sandbox")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name=re.compile("Test")).click()
    expect(page.get_by_text("Works")).to_be_visible()
    look(page, "credentials")


def allow_uploads(page: Page, cers: Sandbox, name: str) -> None:
    """Switched on, with a credential that the sandbox knows."""
    switch_on(page)
    page.get_by_role("link", name="Credentials for CERS").click()
    page.get_by_role("link", name="Enter a credential").click()
    fill_credential(page, cers, name)
    page.get_by_role("button", name="Save").click()


def create_file(page: Page, *, and_upload: bool = False, said: str = "The file is ready.") -> None:
    page.get_by_role("link", name="Select Profiles & Create Files").click()
    page.get_by_role("button", name="Select All").click()
    page.get_by_label("As-of date").fill("2026-11-23")
    if and_upload:
        page.get_by_label("Upload Extracted Files to TOMS via API").check()
    page.get_by_role("button", name="Create CERS Student Groups File").click()
    expect(page.get_by_text(said)).to_be_visible(timeout=30_000)


def newest_upload(page: Page) -> None:
    page.get_by_role("link", name="Uploads", exact=True).click()
    page.locator("tbody tr").first.get_by_role("link").click()


def test_from_a_file_to_cers_and_a_teacher_who_leaves(page: Page, site: Site, cers: Sandbox, tmp_path: Path) -> None:
    lea_with_roster(page, site, "Elder Unified", tmp_path)
    import_profile(page, tmp_path, **CLASSES)
    page.get_by_role("link", name="Uploads", exact=True).click()
    look(page, "uploads-first")
    switch_on(page)
    enter_credential(page, cers)

    create_file(page)
    page.get_by_role("link", name=re.compile("Show figures and findings")).click()
    page.get_by_role("button", name="Upload to CERS").click()
    expect(page.get_by_role("heading", name="Upload this to CERS?")).to_be_visible(timeout=30_000)
    look(page, "upload-held")
    page.get_by_role("link", name="Show by name").click()
    expect(page.get_by_text("ana@fig.example").first).to_be_visible()
    look(page, "upload-changes")
    page.go_back()
    assert cers.state()["groups"] == []
    page.get_by_role("button", name="Yes, upload to CERS").click()
    expect(page.get_by_text("CERS has processed every file.")).to_be_visible(timeout=30_000)
    look(page, "upload-done")
    assert any("ana@fig.example" in group["users"] for group in cers.state()["groups"])

    page.get_by_role("link", name="Roster", exact=True).click()
    upload(page, roster_folder_zip(tmp_path, without_staff="1"))
    page.get_by_role("button", name="Make current").click(timeout=30_000)
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Make")).click()
    create_file(page, and_upload=True)
    newest_upload(page)
    expect(page.get_by_text("CERS has processed every file.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Empties groups that are gone")).to_be_visible()
    expect(page.get_by_role("heading", name="Retired student groups")).to_be_visible()
    expect(page.get_by_text("“Classes” gives it no longer.").first).to_be_visible()
    look(page, "upload-retired")
    assert not any("ana@fig.example" in group["users"] for group in cers.state()["groups"])

    page.get_by_role("link", name="All uploads").click()
    look(page, "uploads")
    page.get_by_role("link", name="What CERS holds").click()
    expect(page.get_by_text("Retired").first).to_be_visible()
    look(page, "ledger")
    page.get_by_role("link", name="Who sees which group").click()
    look(page, "ledger-users")

    page.get_by_role("link", name="Profiles", exact=True).click()
    page.get_by_role("button", name=re.compile("^Delete")).click()
    page.get_by_role("dialog").get_by_role("button", name="OK").click()
    page.goto("/what-cers-holds/")
    page.get_by_role("button", name=re.compile("of deleted profiles")).click()
    page.get_by_role("button", name="Yes, upload to CERS").click(timeout=30_000)
    expect(page.get_by_text("CERS has processed every file.")).to_be_visible(timeout=30_000)
    assert not any(group["members"] or group["users"] for group in cers.state()["groups"])


def test_a_file_uploaded_by_hand_and_one_that_cers_refuses(
    page: Page, site: Site, cers: Sandbox, tmp_path: Path
) -> None:
    lea_with_roster(page, site, "Hazel Unified", tmp_path)
    import_profile(page, tmp_path, **CLASSES)
    create_file(page)
    page.get_by_role("link", name=re.compile("Show figures and findings")).click()
    expect(page.get_by_role("button", name="Upload to CERS")).to_be_hidden()
    page.get_by_role("button", name="Upload by hand").click()
    expect(page.get_by_role("heading", name="Upload by hand")).to_be_visible(timeout=30_000)
    look(page, "upload-by-hand")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="extract-1.csv").click()
    cers.store.warehouse.upload(Path(waiting.value.path()).read_bytes())
    page.get_by_role("button", name="CERS has accepted it").click()
    expect(page.get_by_text("Uploaded by hand and confirmed here")).to_be_visible(timeout=30_000)

    allow_uploads(page, cers, "Hazel Unified")
    cers.store.warehouse.known = cers.store.warehouse.known.__class__(frozenset(), frozenset({2027}), ("Math", "ELA"))
    create_file(page, and_upload=True)
    newest_upload(page)
    expect(page.get_by_text("CERS has refused the file because of its data")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile("School .* can not be found")).first).to_be_visible()
    look(page, "upload-refused")


def test_files_that_would_overwrite_each_other_are_not_uploaded_and_the_page_says_so(
    page: Page, site: Site, cers: Sandbox, tmp_path: Path
) -> None:
    lea_with_roster(page, site, "Rowan Unified", tmp_path)
    for name in ("English", "English again"):
        import_profile(page, tmp_path, **{**CLASSES, "name": name})
    allow_uploads(page, cers, "Rowan Unified")
    create_file(page, and_upload=True, said="2 files are ready, but not uploaded: see why below.")
    expect(page.get_by_text(re.compile("^Not uploaded: .*Consolidate the profiles into one file"))).to_be_visible()
    look(page, "files-not-uploaded")
    assert cers.state()["groups"] == []


def test_what_is_held_is_sent_or_not_by_keyboard_alone(page: Page, site: Site, cers: Sandbox, tmp_path: Path) -> None:
    lea_with_roster(page, site, "Alder Unified", tmp_path)
    import_profile(page, tmp_path, **CLASSES)
    allow_uploads(page, cers, "Alder Unified")
    create_file(page)
    press(page, page.get_by_role("link", name=re.compile("Show figures and findings")))
    press(page, page.get_by_role("button", name="Upload to CERS"))
    press(page, page.get_by_role("button", name="Do not upload"))
    expect(page.get_by_role("status").first).to_contain_text("The upload is cancelled. Nothing was sent.")
    assert cers.state()["groups"] == []
    press(page, page.get_by_role("link", name="Show the extract"))
    press(page, page.get_by_role("button", name="Upload to CERS"))
    press(page, page.get_by_role("button", name="Yes, upload to CERS"))
    expect(page.get_by_text("CERS has processed every file.")).to_be_visible(timeout=30_000)
    assert cers.state()["groups"]


def test_what_was_uploaded_by_hand_is_marked_and_emptied_by_keyboard_alone(
    page: Page, site: Site, cers: Sandbox, tmp_path: Path
) -> None:
    lea_with_roster(page, site, "Cypress Unified", tmp_path)
    classes_to_cers_by_hand(page, cers, tmp_path)
    assert any(group["members"] for group in cers.state()["groups"])

    press(page, page.get_by_role("link", name="Profiles", exact=True))
    press(page, page.get_by_role("button", name=re.compile("^Delete")))
    press(page, page.get_by_role("dialog").get_by_role("button", name="OK"))
    press(page, page.get_by_role("link", name="Uploads", exact=True))
    press(page, page.get_by_role("link", name="What CERS holds"))
    take_to_cers_by_hand(page, cers, from_page=page.get_by_role("button", name=re.compile("of deleted profiles")))
    assert not any(group["members"] or group["users"] for group in cers.state()["groups"])
    press(page, page.get_by_role("link", name="All uploads"))
    press(page, page.get_by_role("link", name="What CERS holds"))
    expect(page.get_by_role("row").filter(has_text="Retired")).to_have_count(len(cers.state()["groups"]))


def test_who_can_see_a_student_is_asked_by_keyboard_alone(
    page: Page, site: Site, cers: Sandbox, tmp_path: Path
) -> None:
    lea_with_roster(page, site, "Laurel Unified", tmp_path)
    classes_to_cers_by_hand(page, cers, tmp_path)
    press(page, page.get_by_role("link", name="All uploads"))
    press(page, page.get_by_role("link", name="What CERS holds"))
    press(page, page.get_by_role("link", name="Who sees which group"))
    type_into(page, "SSID or student ID", "S1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(r"users? sees? the student, by"))).to_be_visible()
    seen = {user for group in cers.state()["groups"] if "7000000001" in group["members"] for user in group["users"]}
    assert seen
    for user in seen:
        expect(page.get_by_role("main")).to_contain_text(user)
    assert page.url.endswith("/what-cers-holds/student/")
    look(page, "ledger-student")
    type_into(page, "SSID or student ID", "7000000099")
    press(page, page.get_by_role("button", name="Show who sees the student"))
    expect(page.get_by_role("heading", name="Nobody sees the student")).to_be_visible()


def classes_to_cers_by_hand(page: Page, cers: Sandbox, folder: Path) -> None:
    import_profile(page, folder, **CLASSES)
    create_file(page)
    press(page, page.get_by_role("link", name=re.compile("Show figures and findings")))
    take_to_cers_by_hand(page, cers, from_page=page.get_by_role("button", name="Upload by hand"))


def take_to_cers_by_hand(page: Page, cers: Sandbox, from_page: Locator) -> None:
    """Ask for the upload, download its file, upload that to CERS, and say so; all by keyboard."""
    press(page, from_page)
    with page.expect_download() as waiting:
        press(page, page.get_by_role("main").get_by_role("link", name=re.compile(r"\.csv$")))
    cers.store.warehouse.upload(Path(waiting.value.path()).read_bytes())
    press(page, page.get_by_role("button", name="CERS has accepted it"))
    expect(page.get_by_text("Uploaded by hand and confirmed here")).to_be_visible(timeout=30_000)


def test_a_credential_is_entered_tested_and_removed_by_keyboard_alone(page: Page, site: Site, cers: Sandbox) -> None:
    new_lea(page, site, "Aspen Unified")
    press(page, page.get_by_role("link", name="Settings", exact=True))
    press(page, page.get_by_role("link", name="Credentials for CERS"))
    press(page, page.get_by_role("link", name="Enter a credential"))
    for field, value in credential_fields(page, cers, "Aspen Unified", "sandbox"):
        press(page, field, "Control+a")
        page.keyboard.type(value)
    press(page, page.get_by_role("button", name="Save"))
    press(page, page.get_by_role("link", name="Aspen Unified", exact=True))
    type_into(page, "Name", "Aspen")
    press(page, page.get_by_role("button", name="Save"))
    press(page, page.get_by_role("button", name="Test Aspen"))
    expect(page.get_by_role("status").first).to_contain_text("CERS knows it, and it may upload student groups.")
    press(page, page.get_by_role("button", name="Remove Aspen"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Remove"))
    expect(page.get_by_role("heading", name="There is no credential yet")).to_be_visible()
