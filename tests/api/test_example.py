"""The examples of docs/api.md run as they stand there, against a real server with its worker."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.site import ROOT, Site, served
from tests.profiles import CLASSES
from tests.roster import roster_zip

PAGE = ROOT / "docs" / "api.md"
PROGRAM = """
import sys
import django; django.setup()
from cersgroups.actions.actor import actor_for, memberships_of
from cersgroups.actions.api_token import create_token
from cersgroups.records.person import Person
from tests.e2e.stage import ADA
ada = Person.objects.get(email=ADA.email)
actor = actor_for(ada, memberships_of(ada)[0].lea_id)
print(create_token(actor, sys.argv[1], ["roster", "write", "read", "download"], 1)[1])
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="cersgroups-api-", ignore_cleanup_errors=True) as name:
        data = Path(name)
        data.chmod(0o711)
        with served(data, {}) as running:
            yield running


def run(site: Site, folder: Path, *command: str) -> str:
    """What the command prints, with what the examples need at hand."""
    from cersgroups.core.profile import from_mapping
    from cersgroups.core.profile_text import to_toml

    (folder / "roster.zip").write_bytes(roster_zip())
    (folder / "profile.toml").write_text(to_toml(from_mapping(CLASSES)))
    token = site.run("-c", PROGRAM, command[0]).strip().splitlines()[-1]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CERSGROUPS": site.url, "TOKEN": token},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{site.log()}"
    return done.stdout


def test_the_examples_in_curl_and_in_python_run_and_give_files_for_cers(site: Site, tmp_path: Path) -> None:
    [shell], [python] = blocks("sh"), blocks("python")
    run(site, tmp_path, "sh", "-euc", shell)
    assert (tmp_path / "extract.csv").read_text().startswith("group_name,")
    printed = run(site, tmp_path, sys.executable, "-c", python)
    assert (tmp_path / "python-extract-1.csv").read_text().count("ELA") > 0
    assert "warning" in printed
