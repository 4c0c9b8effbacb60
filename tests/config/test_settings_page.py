"""docs/settings.md names every setting that the program reads, with its default, and no other."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cersgroups.cli.credential import SECRETS
from cersgroups.cli.main import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
READ_ELSEWHERE = {"CERSGROUPS_DATA": "", **dict.fromkeys(SECRETS.values(), "")}
"""By records/folder.py, before there are settings, and by commands that need no installation."""

NOTE = """
import json
from cersgroups.config import environment
read = {}
def note(kind):
    inner = getattr(environment, kind)
    def noting(name, *default):
        read.setdefault(name, str(default[0]) if default else "")
        return inner(name, *default)
    setattr(environment, kind, noting)
for kind in ("choice", "flag", "number", "hosts", "names", "text"):
    note(kind)
from cersgroups.config import settings
print(json.dumps(read))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Name and default of every variable that a start reads; blank for what has no fixed default."""
    folder = tmp_path_factory.mktemp("settings") / "data"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
    environment = {**clean, "CERSGROUPS_DATA": str(folder), "CERSGROUPS_OIDC_GOOGLE_CLIENT_ID": "x"}
    done = subprocess.run([sys.executable, "-c", NOTE], env=environment, capture_output=True, text=True, check=True)
    defaults = {name: value.replace(str(folder), "<data folder>") for name, value in json.loads(done.stdout).items()}
    return defaults | READ_ELSEWHERE


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """Name and default of every setting on the page."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| .+? \| ?(.*?) ?\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a setting stands twice on the page"
    return dict(rows)


def test_every_setting_is_on_the_page_and_no_other(read: dict[str, str], told: dict[str, str]) -> None:
    names = set(read) | {name.replace("GOOGLE", "MICROSOFT") for name in read if "_OIDC_" in name}
    assert set(told) == names


def test_the_defaults_are_those_of_the_code(read: dict[str, str], told: dict[str, str]) -> None:
    fixed = {name: default for name, default in read.items() if default and name in told}
    fixed = {name: default.lower() if default in ("True", "False") else default for name, default in fixed.items()}
    for as_the_url_is in ("CERSGROUPS_SECURE_COOKIES", "CERSGROUPS_HSTS_SECONDS"):
        del fixed[as_the_url_is]
    assert {name: told[name].strip("`") for name in fixed} == fixed


def test_the_documents_of_the_project_name_no_setting_that_does_not_exist(told: dict[str, str]) -> None:
    root = PAGE.parents[1]
    pages = [root / "README.md", root / "DEVELOPING.md", *(root / "docs").glob("*.md")]
    named = {name for page in pages for name in re.findall(r"\bCERSGROUPS_[A-Z_]+\b", page.read_text(encoding="utf-8"))}
    assert named - set(told) <= {"CERSGROUPS_SCREENS"}


def test_the_page_names_every_command_that_reads_settings() -> None:
    beginning = PAGE.read_text(encoding="utf-8").split("The others")[0]
    sources = {name: (PAGE.parents[1] / f"{module.replace('.', '/')}.py") for name, (module, _) in COMMANDS.items()}
    reading = {name for name, source in sources.items() if "application()" in source.read_text(encoding="utf-8")}
    reading = reading - {"demo"} | {"sync --lea"}  # the demo takes none of the environment
    assert {name for name in reading if f"`{name}`" not in beginning} == set()
