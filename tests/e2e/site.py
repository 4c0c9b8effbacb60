"""The program as people run it, for the browser tests: `cersgroups serve` in a process and a data folder of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """`url` without a slash at the end; `environment` is what other commands for the same data need."""

    url: str
    environment: dict[str, str]

    def log(self) -> str:
        """The last lines that the server wrote."""
        lines = (Path(self.environment["CERSGROUPS_DATA"]) / "serve.log").read_text().splitlines()
        return "\n".join(lines[-40:])

    def run(self, *arguments: str) -> str:
        """What `python ARGUMENTS` prints, run for this site's data folder."""
        return _run(self.environment, *arguments)


@contextmanager
def served(data: Path, more: dict[str, str]) -> Iterator[Site]:
    """The running site, with the people of stage.py in it."""
    environment = {
        **os.environ,
        **more,
        "CERSGROUPS_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "CERSGROUPS_STATIC": str(data / "static"),
    }
    for inherited in ("DATABASE_URL", "CERSGROUPS_URL", "CERSGROUPS_PORT"):
        environment.pop(inherited, None)
    _run(environment, "-m", "tests.e2e.stage")
    command = [sys.executable, "-m", "cersgroups", "serve", "--port", "0"]
    with (data / "serve.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield Site(_address(process, data / "serve.log"), environment)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """It ends its worker and database, in whatever way it ends itself."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address that the program prints, with the name of this machine that passkeys need."""
    for _ in range(300):
        found = re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())
        if found and _answers(f"http://127.0.0.1:{found[1]}"):
            return f"http://localhost:{found[1]}"
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the site did not start:\n{log.read_text()}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/account/login/", timeout=20).status_code == 200
    except httpx.TransportError:
        return False


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
