"""`cersgroups demo` as people start it: the table, then a web application to sign in to, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest

from cersgroups.cli.demo_folder import MARK
from cersgroups.core.profile import TYPES
from cersgroups.core.student_group import HEADER

HOSTILE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/real",
    "CERSGROUPS_HOST": "0.0.0.0",  # noqa: S104 - what must not be listened to
    "CERSGROUPS_DATA": "/nonexistent/real",
}


@dataclass
class Demo:
    process: "subprocess.Popen[str]"
    folder: Path
    said: str

    @property
    def url(self) -> str:
        [address] = set(re.findall(r"http://127\.0\.0\.1:\d+", self.said))
        return str(address)

    @property
    def data(self) -> str:
        return (self.folder / MARK).read_text()

    def processes(self) -> list[str]:
        """Command lines of all that uses the demo's data."""
        found = []
        for process in Path("/proc").iterdir():
            try:
                command = (process / "cmdline").read_text(errors="replace").replace("\0", " ")
                uses = f"CERSGROUPS_DATA={self.data}" in (process / "environ").read_text(errors="replace")
            except OSError:
                continue
            if uses or self.data in command:
                found.append(command)
        return found


def start(folder: Path) -> Demo:
    """A demo that shows its sign-ins."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cersgroups", "demo", "--folder", str(folder), "--students", "400", "--port", "0"],
        env={**os.environ, **HOSTILE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = ""
    while "sam@demo.example" not in said:
        line = process.stdout.readline()
        assert line, said + process.stderr.read()
        said += line
    return Demo(process, folder, said)


def end(demo: Demo, number: signal.Signals) -> None:
    demo.process.send_signal(number)
    demo.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = start(tmp_path_factory.mktemp("demo") / "demo")
    yield demo
    end(demo, signal.SIGTERM)


@contextmanager
def signed_in(demo: Demo, email: str) -> Iterator[httpx.Client]:
    """A browser in which the person has signed in with what the table shows."""
    password = re.search(rf"{email}\s*│\s*(\S+)", demo.said)
    assert password is not None
    with httpx.Client(base_url=demo.url, follow_redirects=True, timeout=30) as browser:
        browser.get("/account/login/")
        answers = {"login": email, "password": password[1], "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post("/account/login/", data=answers, headers={"Referer": demo.url})
        assert answer.url.path != "/account/login/"
        yield browser


def text(browser: httpx.Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_the_table_comes_first(demo: Demo) -> None:
    rows = [line for line in demo.said.splitlines() if re.match(r"│ [A-Z].*\d", line)]
    assert len(rows) == 7
    assert demo.said.index("Summer list") < demo.said.index("sam@demo.example")


def test_only_this_machine_reaches_it(demo: Demo) -> None:
    port = demo.url.rsplit(":", 1)[1]
    listening = [line.split()[1:4:2] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    at = {address for address, state in listening if state == "0A" and address.endswith(f":{int(port):04X}")}
    assert at == {f"0100007F:{int(port):04X}"}


def test_the_admin_finds_a_profile_of_each_type_of_several_people_and_finished_files(demo: Demo) -> None:
    with signed_in(demo, "ada@demo.example") as browser:
        profiles = text(browser, "/profiles/")
        assert all(owner in profiles for owner in ("Ada Admin", "Alma Administer", "Sam School"))
        written = "".join(path.read_text() for path in (demo.folder / "profiles").iterdir())
        assert set(re.findall(r'type = "(\w+)"', written)) == set(TYPES)
        files = text(browser, "/extracted-files/")
        assert files.count("Done") >= 3
        assert "In progress" not in files
        assert "No file" not in files


def test_the_others_find_only_their_own(demo: Demo) -> None:
    with signed_in(demo, "alma@demo.example") as browser:
        profiles = text(browser, "/profiles/")
        assert "Mathematics courses" in profiles
        assert "Counselors" not in profiles
        assert browser.get("/people/").status_code == 403
    with signed_in(demo, "sam@demo.example") as browser:
        profiles = text(browser, "/profiles/")
        assert "English at my school" in profiles
        assert "Mathematics courses" not in profiles
        assert "Done" in text(browser, "/extracted-files/")


def test_the_worker_works_and_a_file_can_be_downloaded(demo: Demo) -> None:
    with signed_in(demo, "sam@demo.example") as browser:
        page = browser.get("/extracted-files/").text
        link = re.search(r"/extracted-files/\d+/files/extract-1\.csv", page)
        assert link is not None
        assert browser.get(link[0]).text.startswith(",".join(HEADER))
    assert any("worker" in command for command in demo.processes())


@pytest.mark.parametrize(
    "number", [signal.SIGINT, *(pytest.param(n, marks=pytest.mark.thorough) for n in (signal.SIGTERM, signal.SIGHUP))]
)
def test_when_it_ends_nothing_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    demo = start(tmp_path / "demo")
    assert len(demo.processes()) > 3
    end(demo, number)
    assert demo.process.returncode == 0
    assert demo.processes() == []
    assert not Path(demo.data).exists()


@pytest.mark.thorough
def test_when_it_is_killed_everything_ends_and_the_next_start_works(tmp_path: Path) -> None:
    demo = start(tmp_path / "demo")
    data = Path(demo.data)
    demo.process.kill()
    demo.process.wait()
    deadline = time.monotonic() + 30
    while demo.processes():
        assert time.monotonic() < deadline, demo.processes()
        time.sleep(0.1)
    again = start(tmp_path / "demo")
    assert not data.exists()
    with signed_in(again, "alma@demo.example"):
        pass
    end(again, signal.SIGINT)
    assert again.processes() == []


def test_without_serving_it_stops_after_the_table(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cersgroups", "demo", "--folder", str(tmp_path / "demo"), "--students", "400"]
    done = subprocess.run([*command, "--no-serve"], capture_output=True, text=True, check=True, timeout=60)
    assert "Summer list" in done.stdout
    assert "http://" not in done.stdout
