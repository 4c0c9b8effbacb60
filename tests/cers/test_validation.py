"""Validating a file on disk."""

from pathlib import Path

import pytest

from cersgroups.cers.validation import validate, validate_file
from cersgroups.core.error import RequestStop
from tests.cers.csv_file import KNOWN, file, row


def test_a_file_gets_the_verdict_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_bytes(file(row()))
    assert validate_file(path, KNOWN) == validate(file(row()), KNOWN)


def test_a_missing_file_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match=r"nothing\.csv: there is no such file"):
        validate_file(tmp_path / "nothing.csv", KNOWN)


def test_a_folder_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="cannot be read"):
        validate_file(tmp_path, KNOWN)


def test_a_safe_verdict_as_json_has_all_keys() -> None:
    assert validate(file(row()), KNOWN).as_json() == {
        "ok": True,
        "results": [{"row": 1, "ok": True, "message": "1 group accepted for 99000000000001."}],
        "newline": "\\n",
        "safe": True,
        "hazards": [],
    }


def test_a_hazard_as_json_has_row_code_and_message() -> None:
    (hazard,) = validate(file(row(ssid="1")), KNOWN).as_json()["hazards"]
    assert (hazard["row"], hazard["code"]) == (1, "ssid_not_ten_digits")
    assert str(hazard["message"]).startswith("Row 1: ")
