"""Unsafe settings: each has its sentence, and safe ones have none."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cersgroups.config.check import Safety, faults, refuse_unsafe
from cersgroups.core.error import RequestStop
from cersgroups.core.loopback import is_loopback
from cersgroups.records.bucket import Bucket


@pytest.fixture
def safe(tmp_path: Path) -> Safety:
    """A program behind a proxy with TLS, reachable by everybody."""
    tmp_path.chmod(0o700)
    secret = tmp_path / "secret_key"
    secret.touch(mode=0o600)
    return Safety(
        debug=False,
        host="0.0.0.0",  # noqa: S104 - what is to be judged
        url="https://groups.fig.example",
        allowed_hosts=["groups.fig.example"],
        secure_cookies=True,
        behind_proxy=True,
        secret_key="x" * 40,
        secret_files=[secret],
        data_folder=tmp_path,
        databases={"default": database("/var/run")},
    )


@pytest.fixture
def local(safe: Safety) -> Safety:
    """A program that only this machine reaches."""
    return replace(
        safe, host="127.0.0.1", url="http://127.0.0.1:8000", secure_cookies=False, behind_proxy=False, debug=True
    )


def database(host: str, **options: str) -> dict[str, Any]:
    return {"HOST": host, "OPTIONS": options}


def test_safe_settings_are_not_refused(safe: Safety, local: Safety) -> None:
    refuse_unsafe(safe)
    refuse_unsafe(local)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"debug": True}, "CERSGROUPS_DEBUG shows the program's inside"),
        ({"allowed_hosts": ["*"]}, "links in mails can be forged"),
        ({"allowed_hosts": []}, "CERSGROUPS_ALLOWED_HOSTS is empty"),
        ({"url": "http://groups.fig.example", "secure_cookies": False}, "would cross the network readable"),
        ({"secure_cookies": False}, "CERSGROUPS_SECURE_COOKIES is false although the URL is https"),
        ({"behind_proxy": False}, "no proxy with TLS is said to be in front"),
        ({"behind_proxy": False, "host": "127.0.0.1"}, "no proxy with TLS is said to be in front"),
        ({"secret_key": "short"}, "shorter than 32 characters"),
        (
            {"bucket": Bucket("rosters"), "shared": {"DATABASE_URL": False}},
            "CERSGROUPS_BUCKET is for several machines, which must have the same DATABASE_URL",
        ),
        ({"bucket": Bucket("rosters", "http://storage.fig.example")}, "CERSGROUPS_BUCKET_ENDPOINT is not encrypted"),
        ({"databases": {"default": database("db.fig.example")}}, "DATABASE_URL goes to db.fig.example without"),
        ({"databases": {"owner": database("10.0.0.5", sslmode="prefer")}}, "DATABASE_OWNER_URL goes to 10.0.0.5"),
    ],
)
def test_an_unsafe_setting_is_named(safe: Safety, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestStop, match="These settings are unsafe, nothing was started") as stop:
        refuse_unsafe(replace(safe, **changes))
    assert sentence in str(stop.value)
    assert len(str(stop.value).splitlines()) == 2


def test_every_fault_has_its_own_sentence(safe: Safety) -> None:
    assert len(list(faults(replace(safe, debug=True, allowed_hosts=["*"], secret_key="")))) == 3


def test_debug_is_not_refused_where_only_this_machine_looks(local: Safety) -> None:
    assert list(faults(local)) == []
    assert len(list(faults(replace(local, url="http://groups.fig.example")))) == 2


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_secret_that_others_can_read_is_refused(safe: Safety, mode: int) -> None:
    [secret] = safe.secret_files
    secret.chmod(mode)
    [sentence] = faults(safe)
    assert sentence.startswith(f"{secret}: others can read it. Run: chmod 600")


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o722])
def test_a_data_folder_that_others_can_list_or_write_to_is_refused(safe: Safety, mode: int) -> None:
    safe.data_folder.chmod(mode)
    assert "others can list it or write to it" in next(faults(safe))


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_database_elsewhere_is_fine_with_encryption(safe: Safety, mode: str) -> None:
    assert list(faults(replace(safe, databases={"default": database("db.fig.example", sslmode=mode)}))) == []


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True)]
    + [(host, False) for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.fig.example", "", "127.0.0.1.example")],  # noqa: S104
)
def test_only_this_machine_reaches_loopback(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
