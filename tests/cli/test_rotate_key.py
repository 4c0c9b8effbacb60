"""`cersgroups rotate-key` as whoever runs the machine calls it: afterwards the new key alone opens everything."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.cli.installation import Installation, installation
from tests.cli.test_backup import back_up

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "other") as other:
        yield other


@pytest.mark.usefixtures("stage")
@pytest.mark.thorough
def test_a_new_key_seals_everything_and_so_does_one_that_was_put_there_by_hand(
    other: Installation, tmp_path: Path
) -> None:
    file, _backup = back_up(tmp_path, with_keys=True)
    assert other.run("-m", "cersgroups", "restore", str(file)).returncode == 0
    [first] = keys(other)

    done = other.run("-m", "cersgroups", "rotate-key")
    assert (done.returncode, "1 secret sealed with the current key" in done.stderr) == (0, True), done.stderr
    second, kept = keys(other)
    assert (kept, second != first) == (first, True)
    assert opens_with(other, second)
    assert not opens_with(other, first)

    third = Fernet.generate_key().decode()
    keep(other, third, second)
    done = other.run("-m", "cersgroups", "rotate-key", "--seal-only")
    assert (done.returncode, keys(other)) == (0, [third, second]), done.stderr
    assert opens_with(other, third)
    assert not opens_with(other, second)


@pytest.mark.thorough
def test_keys_of_the_environment_are_changed_there_and_then_sealed_with(other: Installation) -> None:
    given = {"CERSGROUPS_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
    refused = other.run("-m", "cersgroups", "rotate-key", **given)
    assert (refused.returncode, "run this with --seal-only" in refused.stderr) == (2, True)
    done = other.run("-m", "cersgroups", "rotate-key", "--seal-only", **given)
    assert (done.returncode, "0 secrets sealed" in done.stderr) == (0, True), done.stderr
    assert not key_file(other).exists()


def key_file(other: Installation) -> Path:
    return other.data / "encryption_key"


def keys(other: Installation) -> list[str]:
    return key_file(other).read_text().split()


def keep(other: Installation, *keys: str) -> None:
    key_file(other).write_text("\n".join(keys))


def opens_with(other: Installation, key: str) -> bool:
    """Whether the doctor finds that this key alone opens what is sealed."""
    kept = keys(other)
    keep(other, key)
    said = json.loads(other.run("-m", "cersgroups", "doctor", "--json").stdout)
    keep(other, *kept)
    verdicts: dict[str, str] = {s["name"]: s["verdict"] for s in said["symptoms"]}
    return verdicts["keys"] == "ok"
