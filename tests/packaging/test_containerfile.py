"""The image: not root, no secret in it, and nothing that git does not know. It cannot be built here."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "Containerfile").read_text().splitlines()
RUNTIME = LINES[max(place for place, line in enumerate(LINES) if line.startswith("FROM ")) :]
"""The stage that runs."""


def test_it_does_not_run_as_root() -> None:
    users = [line.split()[1] for line in RUNTIME if line.startswith("USER ")]
    assert users == ["cersgroups"]
    last = max(place for place, line in enumerate(RUNTIME) if line.startswith("USER "))
    assert not [line for line in RUNTIME[last:] if line.startswith(("RUN ", "COPY "))]


def test_no_secret_is_given_to_the_build_or_kept_in_the_image() -> None:
    for line in LINES:
        assert not re.search(r"SECRET|PASSWORD|TOKEN|_KEY|DATABASE_URL", line.upper()), line
        assert not line.startswith("ARG "), "what is given to the build stays in its history"


def test_packages_are_installed_by_their_hashes_and_bases_are_pinned() -> None:
    text = "\n".join(LINES)
    assert "--require-hashes" in text
    assert "--no-index" in text
    assert all(re.fullmatch(r"FROM [a-z]+:[\w.-]+( AS [a-z]+)?", line) for line in LINES if line.startswith("FROM "))
    assert ":latest" not in text


def test_neither_history_nor_environments_are_copied() -> None:
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    assert {".git", ".venv"} <= set(ignored)
