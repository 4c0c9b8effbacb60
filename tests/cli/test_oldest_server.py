"""Backup and restore with the oldest PostgreSQL that docs/install.md promises, by the newest programs."""

import json
from pathlib import Path

import pytest

from cersgroups.records.dump import _leave_out_unknown_settings
from cersgroups.records.server import OLDEST_VERSION
from tests.cli.oldest_server import PROGRAMS, oldest_server

ROOT = Path(__file__).parents[2]
PASSED_ON = ROOT / "tests" / "upgrade" / "0.1.0.zip"
"""A backup that the embedded, newer PostgreSQL has made."""


@pytest.mark.skipif(
    not PROGRAMS.is_dir(), reason=f"PostgreSQL {OLDEST_VERSION} is not installed: {PROGRAMS} is missing"
)
def test_a_backup_of_a_newer_server_and_one_of_its_own_are_restored(tmp_path: Path) -> None:
    with oldest_server(tmp_path) as server:
        first, again = server.installation("first"), server.installation("again")
        old, new = first.two_urls(), again.two_urls()
        done = first.run("-m", "cersgroups", "restore", str(PASSED_ON), **old)
        assert done.returncode == 0, done.stderr
        done = first.run("-m", "cersgroups", "backup", str(tmp_path / "own.zip"), **old)
        assert done.returncode == 0, done.stderr
        done = again.run("-m", "cersgroups", "restore", str(tmp_path / "own.zip"), **new)
        assert done.returncode == 0, done.stderr
        leas = json.loads(again.run("-m", "cersgroups", "leas", "--json", **new).stdout)["leas"]
        assert {lea["name"]: bool(lea["roster_taken_at"]) for lea in leas} == {
            "Live Oak Unified": True,
            "Other Unified": False,
        }
        said = json.loads(again.run("-m", "cersgroups", "doctor", "--json", **new).stdout)
        points = {symptom["name"]: symptom for symptom in said["symptoms"]}
        assert points["tables"]["verdict"] == "ok"
        assert points["database"]["sentence"].startswith(f"PostgreSQL {OLDEST_VERSION}.")


@pytest.mark.parametrize("page", ["install.md", "settings.md"])
def test_the_pages_promise_this_version(page: str) -> None:
    assert f"{OLDEST_VERSION} or newer" in (ROOT / "docs" / page).read_text()


def test_only_settings_before_all_tables_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of a table may look like one."""
    monkeypatch.setattr("cersgroups.records.dump._settings_of_server", lambda: {"lock_timeout"})
    script, known = tmp_path / "script.sql", tmp_path / "known.sql"
    script.write_text(
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET lock_timeout = 0;\nSET transaction_timeout = 0;\n"
        "SELECT pg_catalog.set_config('search_path', '', false);\n\nCREATE TABLE note (text text);\n"
        "COPY note (text) FROM stdin;\nSET transaction_timeout = 0;\n\\.\n"
    )
    expected = script.read_text().replace("SET transaction_timeout = 0;\n", "", 1)
    _leave_out_unknown_settings(script, known)
    assert known.read_text() == expected
