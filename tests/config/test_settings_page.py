"""docs/settings.md is made from the declarations, and the program reads what is declared, and no more."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cersgroups.cli.credential import SECRETS
from cersgroups.cli.main import COMMANDS
from cersgroups.config.log import FORMATTERS
from cersgroups.core import environment
from cersgroups.core.environment_setting import SECTIONS, SETTINGS, Setting
from cersgroups.sources.live_file import PREFIX
from cersgroups.sources.live_kind import LIVE_KINDS
from tests.config.write_settings import INTRODUCTION, PAGE, text

ROOT = PAGE.parents[1]
PROGRAM = {path: path.read_text(encoding="utf-8") for path in (ROOT / "cersgroups").rglob("*.py")}
OF_THE_SYSTEM = {"XDG_DATA_HOME", "LOCALAPPDATA", "FREETDSCONF"}
"""Variables that are not ours, and mean what the system or the driver says."""

NOTE = """
import json
from cersgroups.core import environment
read, inner = {}, environment.text
def noting(name, worked_out=""):
    value = inner(name, worked_out)
    if value or name not in read:
        read[name] = value
    return value
environment.text = noting
from cersgroups.config import settings
print(json.dumps(read))
"""
BUTTONS = {f"CERSGROUPS_OIDC_{name}_CLIENT_ID": "x" for name in ("GOOGLE", "MICROSOFT")}
"""With which the rest about signing in there is read too."""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Name and value of every variable that a start reads where none but the data folder and BUTTONS is set."""
    folder = tmp_path_factory.mktemp("settings") / "data"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CERSGROUPS_", "DATABASE_", "DJANGO_"))}
    variables = {**clean, "CERSGROUPS_DATA": str(folder), **BUTTONS, "CERSGROUPS_OIDC_MICROSOFT_ISSUER": "https://x"}
    done = subprocess.run([sys.executable, "-c", NOTE], env=variables, capture_output=True, text=True, check=True)
    return {name: value.replace(str(folder), "<data folder>") for name, value in json.loads(done.stdout).items()}


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: .venv/bin/python -m tests.config.write_settings"


def test_every_setting_is_on_the_page_and_no_other(read: dict[str, str]) -> None:
    *of_the_installation, of_single_commands = SECTIONS
    assert {setting.name for section in of_the_installation for setting in section.settings} == set(read)
    secrets = {f"{PREFIX}{one.name.upper()}" for kind in LIVE_KINDS.values() for one in kind.fields if one.secret}
    declared = {setting.name for setting in of_single_commands.settings}
    assert declared == secrets | set(SECRETS.values()) | {"SSL_CERT_FILE"}


def test_no_setting_is_declared_twice() -> None:
    assert len(SETTINGS) == sum(len(section.settings) for section in SECTIONS)


def test_a_variable_that_is_not_declared_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERSGROUPS_SECRET_DOOR", "open")
    with pytest.raises(KeyError, match="CERSGROUPS_SECRET_DOOR"):
        environment.text("CERSGROUPS_SECRET_DOOR")


def test_variables_are_read_at_one_place_only() -> None:
    elsewhere = {path: source for path, source in PROGRAM.items() if path != Path(environment.__file__)}
    assert {name for source in elsewhere.values() for name in _names_read(source)} == OF_THE_SYSTEM
    assert [
        path
        for path, source in elsewhere.items()
        if re.search(r"getenv|from os import|environb|in os\.environ(?!\.items)", source)
    ] == []


def _names_read(source: str) -> Iterator[str]:
    """Of what is asked of os.environ; setting, removing and passing all of it on are none of it."""
    for found in re.finditer(r"(del )?os\.environ(?:\.get\(|\[)([^\])]+)[\])]( = )?", source):
        if not found[1] and not found[3]:
            yield found[2].strip('"')


def test_sentences_and_comments_name_no_setting_that_does_not_exist() -> None:
    pages = (ROOT / "cersgroups" / "web" / "templates").rglob("*.*")
    sources = [*PROGRAM.values(), *(page.read_text(encoding="utf-8") for page in pages)]
    named = {
        name for source in sources for name in re.findall(r"\bCERSGROUPS_[A-Z_]+|\bDATABASE_(?:OWNER_)?URL", source)
    }
    assert {name for name in named - set(SETTINGS) if not (name.endswith("_") and _begins_one(name))} == set()


def _begins_one(name: str) -> bool:
    return any(setting.startswith(name) for setting in SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_a_setting_is_declared_in_full(setting: Setting) -> None:
    assert setting.meaning
    assert "|" not in setting.meaning + setting.told
    assert not (setting.default and setting.told), "a default that is fixed needs no words"
    assert all(f"`{choice}`" in setting.meaning for choice in setting.choices)
    assert not setting.choices or setting.default in setting.choices


def test_what_is_worked_out_is_as_the_page_tells(read: dict[str, str]) -> None:
    told = {one.name: one.told.strip("`") for one in SETTINGS.values() if re.fullmatch(r"`[^`]+`", one.told)}
    assert set(told) == {"CERSGROUPS_URL", "CERSGROUPS_STATIC", "CERSGROUPS_MAIL_FROM"}
    assert {name: read[name] for name in told} == told


def test_the_default_of_the_data_folder_is_as_the_page_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    from cersgroups.records import folder

    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    told = SETTINGS["CERSGROUPS_DATA"].told
    for root, platform in ((True, "linux"), (False, "linux"), (False, "darwin")):
        monkeypatch.setattr(folder, "is_root", lambda root=root: root)
        monkeypatch.setattr(sys, "platform", platform)
        assert f"`{folder._default().as_posix()}`" in told


def test_the_formats_of_the_log_are_those_that_can_be_chosen() -> None:
    assert set(SETTINGS["CERSGROUPS_LOG_FORMAT"].choices) == set(FORMATTERS)


def test_the_documents_of_the_project_name_no_setting_that_does_not_exist() -> None:
    pages = [ROOT / "README.md", ROOT / "DEVELOPING.md", *(ROOT / "docs").glob("*.md")]
    named = {name for page in pages for name in re.findall(r"\bCERSGROUPS_[A-Z_]+\b", page.read_text(encoding="utf-8"))}
    assert named - set(SETTINGS) <= {"CERSGROUPS_SCREENS"}


def test_the_page_names_every_command_as_one_that_reads_settings_or_needs_none() -> None:
    sources = {name: PROGRAM[ROOT / f"{module.replace('.', '/')}.py"] for name, (module, _) in COMMANDS.items()}
    reading = {name for name, source in sources.items() if "application()" in source}
    reading = reading - {"demo", "sync"} | {"sync --lea"}  # the demo takes none of the environment
    needing_none = set(sources) - reading  # of `sync` a half
    first, rest = (set(re.findall(r"`([a-z -]+)`", part)) for part in INTRODUCTION.split("The others"))
    assert first == reading
    assert rest == needing_none
