"""The demo delivers: see the difference, upload, see what CERS holds; a teacher whom the next roster lacks leaves."""

import csv
import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.test_demo import Demo, end, signed_in, start, text

pytestmark = pytest.mark.thorough

TODAY = date.today()
IN_TERM = date(TODAY.year - (TODAY.month <= 6), 11, 23).isoformat()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = start(tmp_path / "demo")
    assert demo.process.stdout is not None
    while "localhost" not in demo.said:
        demo.said += demo.process.stdout.readline()
    yield demo
    end(demo, signal.SIGTERM)


def held(demo: Demo) -> dict[str, list[str]]:
    """By name, the users of each group that the stand-in for CERS holds and that is not empty."""
    [url] = re.findall(r"http://localhost:\d+", demo.said)
    groups = httpx.get(f"{url.replace('localhost', '127.0.0.1')}/state.json").json()["groups"]
    return {group["name"]: group["users"] for group in groups if group["members"] or group["users"]}


def post(browser: httpx.Client, path: str, data: dict[str, Any], files: Any = None) -> str:
    """The address that one is led to."""
    [lea] = set(re.findall(r'name="lea" value="(\d+)"', browser.get("/create-files/").text))
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "lea": lea}
    answer = browser.post(path, data={**data, **token}, files=files, headers={"Referer": str(browser.base_url)})
    assert answer.status_code == 200, answer.text
    return str(answer.url)


def wait_for(browser: httpx.Client, path: str, sentence: str) -> str:
    deadline = time.monotonic() + 60
    while sentence not in (said := text(browser, path)):
        assert time.monotonic() < deadline, said
        time.sleep(0.3)
    return said


def upload_teachers(browser: httpx.Client) -> str:
    """Make a file of the elementary teachers and send it; what its page says before the yes, and after."""
    profiles = browser.get("/profiles/").text
    profile = re.findall(r'/profiles/(\d+)/export/" aria-label="Export Elementary teachers"', profiles)
    assert len(profile) == 1
    watched = post(browser, "/create-files/", {"profiles": json.dumps(profile), "as_of": IN_TERM})
    extract = re.findall(r"batch=(\d+)", watched)[0]
    wait_for(browser, f"/extracted-files/{extract}/", "Upload to CERS")
    upload = httpx.URL(post(browser, f"/extracted-files/{extract}/upload/", {})).path
    seen = wait_for(browser, upload, "Nothing has been uploaded yet")
    post(browser, f"{upload}agree/", {})
    return seen + wait_for(browser, upload, "CERS has processed every file")


def bring_in_without(browser: httpx.Client, roster: Path, email: str) -> None:
    """The same roster, in which that teacher is not active."""
    for name in ("staff.csv", "teachers.csv"):
        with (roster / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (roster / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, "active": "false"} if row["email"] == email else row for row in rows)
    with ExitStack() as stack:
        sent = [
            ("roster", (path.name, stack.enter_context(path.open("rb")), "text/csv")) for path in roster.glob("*.csv")
        ]
        snapshot = httpx.URL(post(browser, "/roster/upload/", {"forget": "1"}, sent)).path
    wait_for(browser, snapshot, "Make current")
    post(browser, f"{snapshot}current/", {})


def test_a_teacher_who_is_taken_away_in_the_next_roster_leaves_cers(demo: Demo) -> None:
    with signed_in(demo, "ada@demo.example") as browser:
        assert held(demo) == {}
        assert "Retired student groups" not in upload_teachers(browser)
        before = held(demo)
        name, [email, *_] = min((name, users) for name, users in before.items() if users)
        bring_in_without(browser, demo.folder / "roster", email)
        said = upload_teachers(browser)
        assert f"{name} " in said
        assert "“Elementary teachers” gives it no longer." in said
        assert email not in {user for users in held(demo).values() for user in users}
        assert name in before.keys() - held(demo).keys()
        assert "Retired" in text(browser, f"/what-cers-holds/?filter={name}")
