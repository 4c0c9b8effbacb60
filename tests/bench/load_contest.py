"""`python -m tests.bench.load_contest`: 200 people on the pages of a 60,000-student LEA, one click every 10 s each.

Everybody is a person of their own, who signs in by the form and sees what their role lets them see. `--warm-up 600
--seconds 1200` is the soak: whether the memory stays where it is once the caches are full.
"""

# ruff: noqa: T201 - a command prints

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.bench.district import District
from tests.bench.load import Load
from tests.bench.load_browser import EVERY_SECONDS, Browser
from tests.bench.load_click import Clicks
from tests.bench.load_person import Person, shown, told
from tests.bench.page import Ids
from tests.bench.page_server import Site, page_server, prepare_django
from tests.bench.table import verdicts

STUDENTS, PEOPLE, SECONDS = 60_000, 200, 120
_SAMPLE_SECONDS = 5.0
_SIGN_IN_AT_ONCE = 4


def main(arguments: Sequence[str]) -> None:
    args = _arguments(arguments)
    district = District(args.students, args.data.resolve())
    # as behind a proxy, every browser has an address of its own; whatever is limited stays limited
    with page_server(district, "--processes", str(args.processes), CERSGROUPS_BEHIND_PROXY="true") as site:
        prepare_django()
        load, who = asyncio.run(_run(site, _staged(site, args.people), args.warm_up, args.seconds))
    print(
        f"{args.people} people, a click every {EVERY_SECONDS:g} s each, {args.seconds} s, {args.students:,} students, "
        f"{args.processes} web processes, {os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}\n\n{who}\n"
    )
    print(load.as_markdown(args.seconds))
    print("\n" + verdicts(load.targets()))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load_contest", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS, metavar="N")
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
    parser.add_argument("--seconds", type=int, default=SECONDS, metavar="S", help=f"how long they click ({SECONDS})")
    parser.add_argument("--warm-up", type=int, default=0, metavar="S", help="before that, which does not count (0)")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="of the web server (2)")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where rosters are kept (bench-data)")
    return parser.parse_args(arguments)


def _staged(site: Site, people: int) -> list[Person]:
    print(f"inviting {people} people, with work of their own", file=sys.stderr)
    environment = {**os.environ, "CERSGROUPS_DATA": str(site.folder), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "tests.bench.load_stage", str(people)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [Person(**person) for person in json.loads(done.stdout.splitlines()[-1])]


async def _run(site: Site, people: Sequence[Person], warm_up: int, seconds: int) -> tuple[Load, str]:
    load = Load()
    browsers = [Browser(site.url, person, number, load) for number, person in enumerate(people)]
    print("they sign in", file=sys.stderr)
    places = asyncio.Semaphore(_SIGN_IN_AT_ONCE)
    await asyncio.gather(*(_sign_in(browser, places) for browser in browsers))
    seen = await _seen(browsers, site.ids)
    print("they click", file=sys.stderr)
    chances = [Random(number) for number in range(len(browsers))]
    clicks = [
        Clicks(browser.person, site.ids, seen[browser.person.role], chance)
        for browser, chance in zip(browsers, chances, strict=True)
    ]
    since = time.monotonic() + warm_up
    until = since + seconds
    everybody = zip(browsers, clicks, chances, strict=True)
    clicking = (browser.click_until(until, theirs, chance) for browser, theirs, chance in everybody)
    await asyncio.gather(_watch(load, since, until, site.folder), *clicking)
    for browser in browsers:
        await browser.close()
    return load, told(people, seen)


async def _sign_in(browser: Browser, places: asyncio.Semaphore) -> None:
    async with places:
        await browser.sign_in()


async def _seen(browsers: Sequence[Browser], ids: Ids) -> dict[str, frozenset[str]]:
    """The names of the pages that each role is shown, as the first of its people finds out."""
    first = {browser.person.role: browser for browser in reversed(browsers)}
    return {role: shown(await browser.try_pages(browser.person.pages(ids))) for role, browser in first.items()}


async def _watch(load: Load, since: float, until: float, folder: Path) -> None:
    await asyncio.sleep(max(0.0, since - time.monotonic()))
    load.begin_again()
    while time.monotonic() < until:
        load.memory.append((time.monotonic() - since, _web_memory(folder)))
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


if __name__ == "__main__":
    main(sys.argv[1:])
