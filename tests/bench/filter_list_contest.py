"""`python -m tests.bench.filter_list_contest`: how long a filter list of 10,000 teachers takes from a key to its rows.

Chromium with the page of the browser tests (tests/e2e/pattern_book.py). Timed is from the moment at which the browser
got the key until the frame with the new rows is drawn.
"""

# ruff: noqa: T201 - a command prints

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.table import verdicts
from tests.bench.target import filter_list_targets
from tests.e2e.site import served
from tests.e2e.stage import ADA
from tests.e2e.walk import sign_in

WORDS = ("nguyen 12", "smith 9", "garcia lopez 4", "van der berg 2", "angstrom 1", "s0012")
"""All of them are found, letter by letter: a list that stays empty draws nothing."""

LIST, FILTER = "#id_teachers_list", "Filter teachers"
HEADER = "| key | times | median ms | 95 % ms | slowest ms |\n| --- | --: | --: | --: | --: |"

# From the time stamp of the key's event. The list makes its rows while it hears of the input; what is requested of the
# next frame runs before that is drawn, and a message that is posted then arrives after it was.
CLOCK = """
(list) => {
  const root = document.querySelector(list);
  const options = root.querySelector('[data-part="options"]');
  const filter = root.querySelector('[data-part="filter"]');
  const clock = window.filterClock = { begun: 0, drawn: [] };
  filter.addEventListener("keydown", (event) => { clock.begun = event.timeStamp; }, { capture: true });
  new MutationObserver(() => {
    if (!clock.begun) return;
    const begun = clock.begun;
    clock.begun = 0;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => clock.drawn.push(performance.now() - begun);
      after.port2.postMessage(null);
    });
  }).observe(options, { childList: true });
}
"""


@dataclass(frozen=True)
class Typed:
    """Milliseconds of every time that such a key was pressed."""

    key: str
    milliseconds: list[float]

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]

    @property
    def line(self) -> str:
        times = self.milliseconds
        return f"| {self.key} | {len(times)} | {statistics.median(times):.0f} | {self.p95:.0f} | {max(times):.0f} |"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.filter_list_contest", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often all words are typed (5)")
    args = parser.parse_args(arguments)
    with _page() as page:
        version = page.context.browser.version if page.context.browser else ""
        entries = page.locator(f"{LIST} [role=option]").first.get_attribute("aria-setsize")
        _type(page)  # unmeasured: the browser compiles the scripts meanwhile
        typed = _merged(keys for _ in range(args.rounds) for keys in _type(page))
    load = os.getloadavg()[1]
    print(f"{int(entries or 0):,} entries, Chromium {version}, {os.cpu_count()} cores, load {load:.1f}\n\n{HEADER}")
    print("\n".join(keys.line for keys in typed))
    print("\n" + verdicts(list(filter_list_targets(typed))))


@contextmanager
def _page() -> Iterator[Page]:
    """The pattern book's lists, for Ada; the clock runs."""
    folder = Path(tempfile.mkdtemp(prefix="cersgroups-bench-"))
    folder.chmod(0o711)
    executable = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    try:
        with served(folder, {}) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            page = browser.new_page(base_url=site.url, viewport={"width": 1280, "height": 800})
            sign_in(page, ADA)
            page.goto("/patterns/lists/")
            page.evaluate(CLOCK, LIST)
            yield page
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _type(page: Page) -> Iterator[Typed]:
    """All words, letter by letter, each of them taken away again."""
    box = page.get_by_label(FILTER, exact=True)
    box.focus()
    first, more, away = [], [], []
    for word in WORDS:
        first.append(_press(page, word[0]))
        more += [_press(page, letter) for letter in word[1:]]
        away += [_press(page, "Backspace") for _ in word]
    yield from (Typed("first letter", first), Typed("further letter", more), Typed("Backspace", away))


def _press(page: Page, key: str) -> float:
    before = page.evaluate("filterClock.drawn.length")
    page.keyboard.press("Space" if key == " " else key)
    page.wait_for_function("(before) => filterClock.drawn.length > before", arg=before)
    return float(page.evaluate("filterClock.drawn.at(-1)"))


def _merged(typed: Iterator[Typed]) -> list[Typed]:
    found: dict[str, list[float]] = {}
    for keys in typed:
        found.setdefault(keys.key, []).extend(keys.milliseconds)
    every = [one for times in found.values() for one in times]
    return [*(Typed(key, times) for key, times in found.items()), Typed("every key", every)]


if __name__ == "__main__":
    main(sys.argv[1:])
