"""API tokens and the reference of the API in a real browser."""

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.district import District
from tests.e2e.site import Site
from tests.e2e.walk import check_accessible, look, press, sign_in, type_into


def test_a_token_is_made_shown_once_used_and_revoked(page: Page, district: District, site: Site) -> None:
    sign_in(page, district.alma)
    page.locator("summary").filter(has_text="Alma").click()
    page.get_by_role("link", name="API tokens").click()
    page.get_by_label("Name", exact=True).fill("Nightly extracts")
    page.get_by_role("checkbox", name="Read:").check()
    page.get_by_role("checkbox", name="Write:").check()
    page.get_by_role("button", name="Create token").click()
    token = page.get_by_label("Token", exact=True).input_value()
    check_accessible(page)
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{site.url}/api/v1/token", headers=headers).json()["name"] == "Nightly extracts"
    page.goto("/api-tokens/")
    expect(page.get_by_label("Token", exact=True)).to_have_count(0)
    expect(page.get_by_role("row").nth(1)).to_contain_text("from 127.0.0.1")
    look(page, "api-tokens")
    page.get_by_role("button", name="Revoke Nightly extracts").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("status").first).to_contain_text("is revoked")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Revoked")
    assert httpx.get(f"{site.url}/api/v1/token", headers=headers).status_code == 401


def test_a_token_is_made_and_revoked_by_keyboard_alone(page: Page, district: District) -> None:
    sign_in(page, district.ada)
    page.goto("/api-tokens/")
    type_into(page, "Name", "By keyboard")
    press(page, page.get_by_role("checkbox", name="Read:"), "Space")
    press(page, page.get_by_role("button", name="Create token"))
    expect(page.get_by_label("Token", exact=True)).to_be_visible()
    press(page, page.get_by_role("button", name="Revoke By keyboard"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Revoke"))
    expect(page.get_by_role("status").first).to_contain_text("is revoked")


def test_the_reference_is_a_page_like_ours_for_anybody(page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/api/docs")
    expect(page.get_by_role("heading", name="HTTP API", exact=True)).to_be_visible()
    check_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Uploads", exact=True).click()
    expect(page.get_by_role("heading", name="POST /api/v1/uploads/{upload_id}/agree")).to_be_visible()
    assert faults == []
