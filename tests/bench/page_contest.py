"""`python -m tests.bench.page_contest`: how long every page takes, with one web process and an idle worker."""

# ruff: noqa: T201 - a command prints

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cersgroups.cli.demo_site import ADA, PASSWORD
from tests.bench.district import District
from tests.bench.page import Page
from tests.bench.page_server import chosen, page_server, processor_seconds
from tests.bench.page_table import as_markdown, as_text
from tests.bench.table import verdicts
from tests.bench.target import page_targets

STUDENTS, ASKED = 60_000, 40
ASK_AGAIN = 0.3
"""Seconds, as in templates/web/draft/options.html."""


@dataclass(frozen=True)
class Timed:
    """Milliseconds of every answer, headers and body, as a browser on the same machine waits for them.

    `processor`: milliseconds of processor time that the web process took for one; it hardly depends on what else runs.
    `whole`: milliseconds until the page had what it asked for, where the answer is at first to ask again.
    """

    page: Page
    milliseconds: list[float]
    kilobytes: float
    processor: float
    whole: float

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]


def main(arguments: Sequence[str]) -> None:
    args = _arguments(arguments)
    district = District(args.students, args.data.resolve())
    with (
        page_server(district, CERSGROUPS_PAGES_PER_MINUTE="0") as site,
        _signed_in(site.url) as ada,
        httpx.Client(base_url=site.url) as nobody,
    ):
        timed = [
            _time(nobody if page.nobody else ada, page, args.asked, site.pid) for page in chosen(site.ids, args.only)
        ]
    load = os.getloadavg()[1]
    print(f"{args.students:,} students, {args.asked} requests each, {os.cpu_count()} cores, load {load:.1f}\n")
    print(as_markdown(timed) if args.markdown else as_text(timed))
    print("\n" + verdicts(list(page_targets(timed))))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.page_contest", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS, metavar="N")
    parser.add_argument("--asked", type=int, default=ASKED, metavar="N", help=f"requests for each page ({ASKED})")
    parser.add_argument("--only", default="", metavar="TEXT,TEXT", help="only pages whose name holds one of them")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    return parser.parse_args(arguments)


@contextmanager
def _signed_in(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60, transport=httpx.HTTPTransport(retries=5)) as browser:
        browser.get("/account/login/")
        answers = {"login": ADA.email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        if browser.post("/account/login/", data=answers, headers={"Referer": url}).status_code != 302:
            raise RuntimeError("the sign-in was refused")
        again = {"password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        browser.post("/account/reauthenticate/", data=again, headers={"Referer": url})
        yield browser


def _time(browser: httpx.Client, page: Page, asked: int, pid: int) -> Timed:
    """Ask for it once unmeasured, then `asked` times. Raises RuntimeError if it is not shown."""
    print(page.name, file=sys.stderr)
    forms = page.forms() if page.forms else None
    seconds, whole = [], []
    _ask(browser, page, next(forms) if forms else None)
    used = processor_seconds(pid)
    for _ in range(asked):
        begun = time.perf_counter()
        answers, size = _ask(browser, page, next(forms) if forms else None)
        whole.append(time.perf_counter() - begun)
        seconds += answers
    processor = 1000 * (processor_seconds(pid) - used) / asked
    return Timed(page, [1000 * s for s in seconds], size / 1000, processor, 1000 * statistics.median(whole))


def _ask(browser: httpx.Client, page: Page, form: dict[str, Any] | None) -> tuple[list[float], int]:
    """Seconds of each answer, and bytes of the last: the page asks again where it is told to (204), as in a browser."""
    seconds = []
    while True:
        begun = time.perf_counter()
        answer = browser.post(page.path, data=_whole(browser, form)) if form is not None else browser.get(page.path)
        seconds.append(time.perf_counter() - begun)
        if answer.status_code == 200:
            return seconds, len(answer.content)
        if answer.status_code != 204:
            raise RuntimeError(
                f"{page.name}: {page.path} answers {answer.status_code}: {answer.headers.get('location')}"
            )
        time.sleep(ASK_AGAIN)


def _whole(browser: httpx.Client, form: dict[str, Any]) -> dict[str, Any]:
    return {**form, "lea": "1", "csrfmiddlewaretoken": browser.cookies["csrftoken"]}


if __name__ == "__main__":
    main(sys.argv[1:])
