"""Who may read the figures is said by addresses and a token in a file; what cannot be meant is told."""

from pathlib import Path

import pytest

from cersgroups.config.monitoring import networks, token_from
from cersgroups.core.error import RequestStop

TOKEN = "0123456789abcdef" * 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text(f"{TOKEN}\n")
    return path


def test_addresses_and_networks_of_both_kinds_are_understood() -> None:
    assert [str(network) for network in networks("10.1.2.3, 10.2.0.0/16,::1,")] == [
        "10.1.2.3/32",
        "10.2.0.0/16",
        "::1/128",
    ]


def test_what_is_no_address_is_told() -> None:
    with pytest.raises(RequestStop, match="'monitor' is no address"):
        networks("10.1.2.3, monitor")


def test_the_token_is_that_of_the_file(file: Path) -> None:
    assert token_from(str(file)) == TOKEN
    assert token_from("") == ""


def test_a_token_that_others_can_read_is_refused(file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(RequestStop, match="chmod 600"):
        token_from(str(file))


def test_a_short_or_missing_token_is_refused(file: Path) -> None:
    file.write_text("short")
    with pytest.raises(RequestStop, match="shorter than 32"):
        token_from(str(file))
    file.unlink()
    with pytest.raises(RequestStop, match="cannot be read"):
        token_from(str(file))
