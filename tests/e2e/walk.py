"""What people do in a browser, for the tests: signing in, looking, going through a page by keyboard."""

import os
import re
from pathlib import Path
from typing import Any
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.stage import Person

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WIDE, _NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}


def sign_in(page: Page, person: Person) -> None:
    """From the sign-in page to the first page."""
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*/account/login/).*$"))


def look(page: Page, name: str) -> None:
    """Light, dark and 320 px wide: axe finds nothing, nothing runs out of the page; pictures in docs/screens.

    `make test-all` looks at all three; `make test`, which must be quick, at one of them, another for each name. The
    pictures are written with SCREENS=1, and those that are not there yet.
    """
    looks = {"light": _look_light, "dark": _look_dark, "narrow": _look_narrow}
    missing = [way for way in looks if not (SCREENS / f"{name}-{way}.png").exists()]
    every = os.environ.get("SCREENS") or os.environ.get("THOROUGH") or missing
    chosen = list(looks) if every else [list(looks)[crc32(name.encode()) % len(looks)]]
    for way in chosen:
        looks[way](page, name)
        check_accessible(page)
        _picture(page, f"{name}-{way}")
    _look_light(page, name)
    page.set_viewport_size({"width": _WIDE["width"], "height": _WIDE["height"]})


def _look_light(page: Page, _name: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def _look_dark(page: Page, _name: str) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")


def _look_narrow(page: Page, name: str) -> None:
    _look_light(page, name)
    page.set_viewport_size({"width": _NARROW["width"], "height": _NARROW["height"]})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= _NARROW["width"], f"{name} is {width} px wide where {_NARROW['width']} are there"


def check_accessible(page: Page) -> None:
    """axe finds no violation, neither of WCAG 2.2 AA nor of its best practices."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    assert results.violations_count == 0, f"{page.url}\n{_report(results.response)}"


def tab_to(page: Page, target: Locator, most: int = 80) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(most):
        if target.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab did not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go there by Tab once it is there, see that it shows the focus, and press the key."""
    expect(target).to_be_visible(timeout=60_000)
    tab_to(page, target)
    stop = page.evaluate(_FOCUSED)
    assert stop["outlined"], f"{stop['name']!r} does not show that it has the focus"
    page.keyboard.press(key)


def type_into(page: Page, label: str, text: str) -> None:
    """Go to the field with exactly this label by Tab, and type over what is in it."""
    press(page, page.get_by_label(label, exact=True), "Control+a")
    page.keyboard.type(text)


def choose_file(page: Page, target: Locator, path: Path) -> None:
    """Go to the field by Tab, open the browser's own dialog, and choose the file in it."""
    with page.expect_file_chooser() as chooser:  # before the way there: Chromium takes a while to tell of choosers
        press(page, target)
    chooser.value.set_files(path)


def walk(page: Page, most: int = 200) -> list[str]:
    """Go through the page by Tab: the names of the stops. Every stop is in view and shows that it has the focus."""
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None or stop["again"]:
            return stops
        assert stop["visible"], f"{stop['name']!r} has the focus but cannot be seen"
        assert stop["outlined"], f"{stop['name']!r} does not show that it has the focus"
        stops.append(stop["name"])
    raise AssertionError(f"more than {most} stops: {stops[-5:]}")


_FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const again = e.dataset.walked === "yes" && e !== window.lastWalked; // a date has several stops of its own
  e.dataset.walked = "yes";
  window.lastWalked = e;
  const box = e.getBoundingClientRect();
  const outlined = [e, ...(e.closest(".filter-list-rows") ? [e.closest(".filter-list-rows")] : [])].some((o) => {
    const style = getComputedStyle(o);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  });
  const name = (e.ariaLabel || e.labels?.[0]?.textContent || e.textContent || e.id).trim().replace(/\\s+/g, " ");
  const visible = box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return { again, outlined, visible, name: name.slice(0, 80) };
}"""


def _picture(page: Page, name: str) -> None:
    path = SCREENS / f"{name}.png"
    if path.exists() and not os.environ.get("SCREENS"):
        return
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.evaluate("window.scrollTo(0, 0)")
    whole = page.locator("dialog[open]").count() == 0  # what is behind a dialog is dark in the window only
    page.screenshot(path=path, full_page=whole, animations="disabled", caret="hide")


def _report(response: dict[str, Any]) -> str:
    lines = []
    for violation in response["violations"]:
        nodes = "; ".join(
            node["html"][:200] + " | " + node.get("failureSummary", "")[:300] for node in violation["nodes"][:4]
        )
        lines.append(f"{violation['id']}: {violation['help']}: {nodes}")
    return "\n".join(lines)
