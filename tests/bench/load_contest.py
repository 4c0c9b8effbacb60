"""`python -m tests.bench.load_contest`: 200 people on the pages of a 60,000-student LEA, one click every 10 s each.

`--seconds 1200` is the soak: whether the memory of the web processes stays where it is.
"""

# ruff: noqa: T201 - a command prints

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cersgroups.cli.demo_site import ADA, ALMA, PASSWORD, SAM
from tests.bench.district import District
from tests.bench.page_server import Site, chosen, page_server
from tests.bench.table import verdicts
from tests.bench.target import Target

STUDENTS, PEOPLE, EVERY_SECONDS, SECONDS = 60_000, 200, 10.0, 120
MOST_MILLISECONDS = 300.0
_WARM_UP = 0.25
"""This part of the time is not counted for the slope of the memory: caches fill."""

_SAMPLE_SECONDS = 5.0
_WHO = (ADA, ALMA, ADA, SAM)
"""Half of the people see everything, a quarter each what Alma and Sam see."""


@dataclass
class Load:
    """Milliseconds of every answer, how many had which status, and the web processes' memory in MB by second."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]

    @property
    def errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500 or status == 0)

    def slope(self) -> float:
        """MB an hour, by least squares over what comes after the warm-up."""
        kept = self.memory[int(len(self.memory) * _WARM_UP) :]
        if len(kept) < 2:
            return 0.0
        return 3600 * statistics.linear_regression(*zip(*kept, strict=True)).slope


def main(arguments: Sequence[str]) -> None:
    args = _arguments(arguments)
    district = District(args.students, args.data.resolve())
    with page_server(district, "--processes", str(args.processes)) as site:
        paths = [page.path for page in chosen(site.ids, "") if not page.forms and not page.nobody]
        paths = [path for path in paths if not path.startswith("/account/")]
        load = asyncio.run(_run(site, paths, args))
    print(
        f"{args.people} people, a click every {EVERY_SECONDS:g} s each, {args.seconds} s, {args.students:,} students, "
        f"{args.processes} web processes, {os.cpu_count()} cores\n"
    )
    print(_table(load))
    print("\n" + verdicts(_targets(load)))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load_contest", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS, metavar="N")
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
    parser.add_argument("--seconds", type=int, default=SECONDS, metavar="S", help=f"how long they click ({SECONDS})")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="of the web server (2)")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    return parser.parse_args(arguments)


async def _run(site: Site, paths: list[str], args: argparse.Namespace) -> Load:
    load = Load()
    who = [_WHO[number % len(_WHO)].email for number in range(args.people)]
    signed_in = {email: await _sign_in(site.url, email) for email in set(who)}
    seen = {email: await _seen(browser, paths) for email, browser in signed_in.items()}
    people = [_browser(site.url, signed_in[email].cookies) for email in who]
    print("everybody is signed in", file=sys.stderr)
    until = time.monotonic() + args.seconds
    watch = asyncio.create_task(_watch(load, until, site.folder))
    await asyncio.gather(*(_click(person, seen[who[seed]], load, until, seed) for seed, person in enumerate(people)))
    await watch
    for person in (*people, *signed_in.values()):
        await person.aclose()
    return load


async def _seen(browser: httpx.AsyncClient, paths: list[str]) -> list[str]:
    """Those pages that this person is shown."""
    return [path for path in paths if (await browser.get(path)).status_code == 200]


def _browser(url: str, cookies: httpx.Cookies | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=60, follow_redirects=True, cookies=cookies)


async def _sign_in(url: str, email: str) -> httpx.AsyncClient:
    """Once for each of _WHO: more sign-ins from one address in a minute are refused."""
    browser = _browser(url)
    await browser.get("/account/login/")
    answers = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = await browser.post("/account/login/", data=answers, headers={"Referer": url})
    if answer.status_code != 200 or "/account/login/" in str(answer.url):
        raise RuntimeError(f"the sign-in of {email} was refused")
    return browser


async def _click(browser: httpx.AsyncClient, paths: list[str], load: Load, until: float, seed: int) -> None:
    """One page after the other, chosen at random, a click every EVERY_SECONDS on average."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, EVERY_SECONDS))
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            answer = await browser.get(chance.choice(paths))
            load.statuses[answer.status_code] += 1
        except httpx.HTTPError:
            load.statuses[0] += 1
        took = time.perf_counter() - begun
        load.milliseconds.append(1000 * took)
        await asyncio.sleep(max(0.0, chance.uniform(0.5, 1.5) * EVERY_SECONDS - took))


async def _watch(load: Load, until: float, folder: Path) -> None:
    begun = time.monotonic()
    while time.monotonic() < until:
        load.memory.append((time.monotonic() - begun, _web_memory(folder)))
        await asyncio.sleep(_SAMPLE_SECONDS)


def _web_memory(folder: Path) -> float:
    """Resident MB of all processes of this installation but PostgreSQL's, told by their data folder."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"CERSGROUPS_DATA={folder}".encode() in (process / "environ").read_bytes().split(b"\0")
            if mine and b"postgres" not in (process / "cmdline").read_bytes():
                total += int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
        except OSError:
            continue
    return total


def _table(load: Load) -> str:
    median = statistics.median(load.milliseconds)
    first, last = load.memory[0][1], load.memory[-1][1]
    head = (
        "clicks",
        "a second",
        "median ms",
        "95 % ms",
        "slowest ms",
        "errors",
        "MB at first",
        "MB at last",
        "MB an hour",
    )
    row = (
        f"{len(load.milliseconds):,}",
        f"{len(load.milliseconds) / max(1.0, load.memory[-1][0]):.1f}",
        f"{median:.0f}",
        f"{load.p95:.0f}",
        f"{max(load.milliseconds):.0f}",
        f"{load.errors}",
        f"{first:.0f}",
        f"{last:.0f}",
        f"{load.slope():+.0f}",
    )
    statuses = ", ".join(f"{status}: {count:,}" for status, count in sorted(load.statuses.items()))
    return (
        "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("--:",) * len(head), row))
        + f"\n\nAnswers: {statuses}"
    )


def _targets(load: Load) -> list[Target]:
    return [
        Target(f"95 % within {MOST_MILLISECONDS:g} ms; {load.p95:.0f} ms", load.p95 <= MOST_MILLISECONDS),
        Target(f"no error; {load.errors}", load.errors == 0),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
