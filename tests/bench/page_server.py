"""What contests measure: an LEA of some size in a data folder, `cersgroups serve` on it, and what a process used."""

# ruff: noqa: T201 - a contest tells what it does

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.district import District
from tests.bench.page import Ids, Page, pages


@dataclass(frozen=True)
class Site:
    """`cersgroups serve` with an LEA: its address, the process that answers, its data folder, what is there."""

    url: str
    pid: int
    folder: Path
    ids: Ids


@contextmanager
def page_server(district: District, *options: str, **settings: str) -> Iterator[Site]:
    """It runs within, with people, profiles and extracts of an LEA of the district's size."""
    district.prepare()
    with data_folder() as folder:
        shutil.copytree(district.roster, folder / "roster")
        environment = {**os.environ, "CERSGROUPS_DATA": str(folder), "PYTHONPATH": str(Path.cwd()), **settings}
        ids = _staged(environment, folder / "roster")
        with _served(environment, folder, *options) as (url, pid):
            yield Site(url, pid, folder, ids)


@contextmanager
def data_folder() -> Iterator[Path]:
    """Where PostgreSQL's own user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="cersgroups-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _staged(environment: dict[str, str], roster: Path) -> Ids:
    print("making people, profiles and extracts", file=sys.stderr)
    command = [sys.executable, "-m", "tests.bench.page_stage", str(roster)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return Ids(**json.loads(done.stdout.splitlines()[-1]))


def chosen(ids: Ids, only: str) -> list[Page]:
    """Those pages whose names hold one of the texts, between commas; blank: all."""
    prepare_django()
    return [page for page in pages(ids) if any(text in page.name for text in only.split(","))]


def prepare_django() -> None:
    """For the addresses of pages."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "cersgroups.config.settings"
    django.setup()


@contextmanager
def _served(environment: dict[str, str], folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    """The address, and the number of the process that answers."""
    log = folder / "serve.log"
    command = [sys.executable, "-m", "cersgroups", "serve", "--port", "0", *options]
    with log.open("w") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        while not (
            found := re.search(r"at (http://\S+) .*with PID: (\d+).*Started worker", log.read_text(), re.DOTALL)
        ):
            if server.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.1)
        yield found[1], int(found[2])
    finally:
        server.terminate()
        server.wait()


def processor_seconds(pid: int) -> float:
    """Of all threads of the process, from the system's own count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
