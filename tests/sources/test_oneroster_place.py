"""SSID, SEID and CDS code are found by counting, or asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.oneroster_inspect import MOST_PLACES, as_json, from_json, inspect
from cersgroups.sources.oneroster_layout import Version
from cersgroups.sources.oneroster_place import PlaceCount
from tests.sources.oneroster_files import Files, Row, export, row_of, texts, write_folder, write_zip
from tests.sources.oneroster_reading import opened


def students(files: Files) -> list[Row]:
    return [user for user in files["users"] if user["role"] == "student"]


def move(place: str) -> Callable[[Files], None]:
    """Moves the SSIDs to another column."""

    def spoil(files: Files) -> None:
        for student in students(files):
            student[place] = student["userIds"][6:16]
            student["userIds"] = ""

    return spoil


def hundred_students(blank: int, wrong: int = 0) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        pattern = row_of(files, "users", "ST1")
        for i in range(97):
            ssid = f"30000000{i:02d}" if i >= wrong else f"local {i}"
            user_ids = f"{{SSID:{ssid}}}" if i >= blank else ""
            files["users"].append(pattern | {"sourcedId": f"S{i}", "userIds": user_ids})

    return spoil


@pytest.mark.parametrize("place", ["identifier", "username", "metadata.ssid"])
def test_the_ssid_is_found_wherever_all_students_have_ten_digits(tmp_path: Path, place: str) -> None:
    roster = opened(tmp_path, move(place))
    assert roster.values("oneroster_place_found")[0] == place
    assert roster.cells("students", "ssid")[0] == ("2000000001",)


def test_half_of_the_students_may_lack_an_ssid(tmp_path: Path) -> None:
    roster = opened(tmp_path, hundred_students(blank=50))
    assert roster.values("oneroster_place_found")[0] == "userIds:SSID"
    assert len([row for row in roster.rows("students") if not row["ssid"]]) == 50


def test_a_place_that_more_than_half_lack_is_none(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"no place can hold the SSID .* 100 students.* 49 of 49 values fit"):
        opened(tmp_path, hundred_students(blank=51))


def test_five_of_a_hundred_values_may_be_no_ssid(tmp_path: Path) -> None:
    roster = opened(tmp_path / "a", hundred_students(blank=0, wrong=5))
    assert roster.values("oneroster_place_found")[0] == "userIds:SSID"
    with pytest.raises(DataStop, match=r"no place can hold the SSID .* 100 students.* 94 of 100 values fit"):
        opened(tmp_path / "b", hundred_students(blank=0, wrong=6))


def test_several_places_stop_with_counts_and_an_example(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for student in students(files):
            student["identifier"] = student["userIds"][6:16]

    with pytest.raises(DataStop) as stop:
        opened(tmp_path, spoil)
    assert "several places can hold the SSID (10 digits) of the 3 students" in str(stop.value)
    assert "userIds:SSID: 3 of 3 values fit" in str(stop.value)
    assert 'ssid = "identifier"' in str(stop.value)
    assert "side file" not in str(stop.value)


def test_the_mapping_decides_between_several_places_and_types_ignore_case(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for student in students(files):
            student["identifier"] = "9999999999"

    roster = opened(tmp_path, spoil, mapping=Mapping(ssid="userIds:ssid"))
    assert roster.cells("students", "ssid")[0] == ("2000000001",)


def test_no_ssid_stops_unless_side_files_give_it(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for student in students(files):
            student["userIds"] = ""

    with pytest.raises(DataStop, match="no place can hold the SSID") as stop:
        opened(tmp_path / "a", spoil)
    way_out = "side file students.csv with the columns student_id (the sourcedId) and ssid (on the command line: --side"
    assert way_out in str(stop.value)
    roster = opened(tmp_path / "b", spoil, supplied=frozenset({"ssid"}))
    assert roster.findings["oneroster_ssid_missing"].count == 3
    assert {row["ssid"] for row in roster.rows("students")} == {""}


def test_no_seid_is_a_finding(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for key in ("T1", "T2"):
            row_of(files, "users", key)["userIds"] = ""

    roster = opened(tmp_path, spoil)
    assert roster.findings["oneroster_seid_missing"].count == 2
    assert {row["state_educator_id"] for row in roster.rows("staff")} == {""}


def test_half_of_the_staff_may_lack_a_seid(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "T2").update(userIds=""))
    assert "userIds:SEID" in roster.values("oneroster_place_found")


def test_no_cds_code_stops_unless_side_files_give_it(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for key in ("994", "100"):
            row_of(files, "orgs", key)["identifier"] = key

    with pytest.raises(DataStop, match=r"no place can hold the CDS \(14 digits\) of the 2 schools") as stop:
        opened(tmp_path / "a", spoil)
    assert "side file schools.csv with the columns school_id (the sourcedId) and cds_code" in str(stop.value)
    roster = opened(tmp_path / "b", spoil, supplied=frozenset({"cds"}))
    assert roster.findings["oneroster_cds_missing"].count == 2


def test_user_ids_that_are_no_list_of_types_are_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "T1").update(userIds="SEID:1"))
    assert roster.values("oneroster_user_ids_unreadable") == ["SEID:1"]


def test_two_different_ids_of_one_type_are_none(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda f: row_of(f, "users", "T1").update(userIds="{SEID:1000000001},{seid:1000000009}"))
    assert roster.findings["oneroster_user_ids_ambiguous"].rows[0].key == "T1"
    assert ("T1", "") in roster.cells("staff", "staff_id", "state_educator_id")


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_inspection_shows_files_counts_and_a_mapping(tmp_path: Path, version: Version) -> None:
    files = texts(export(version), version) | {"demographics.csv": "\0"}
    found = inspect(write_zip(tmp_path / "a.zip", files))
    rows = {file.name: file.rows for file in found.files}
    assert found.version == version
    assert rows["users.csv"] == 5
    assert rows["demographics.csv"] is None
    assert found.places.ssid[0] == PlaceCount("userIds:SSID", 3, 3, 3)
    assert 'ssid = "userIds:SSID"' in found.mapping
    assert 'cds = "identifier"' in found.mapping


def test_inspection_leaves_open_what_cannot_be_found(tmp_path: Path) -> None:
    files = export()
    move("username")(files)
    row_of(files, "users", "ST1")["username"] = "x"
    found = inspect(write_folder(tmp_path / "a", texts(files)))
    assert '# ssid = "..."' in found.mapping


def test_an_inspection_that_was_written_down_is_read_as_it_was(tmp_path: Path) -> None:
    found = inspect(write_zip(tmp_path / "a.zip", texts(export()) | {"demographics.csv": "\0"}))
    assert from_json(json.loads(json.dumps(as_json(found)))) == found


def test_of_an_inspection_only_the_best_places_are_written_down(tmp_path: Path) -> None:
    files = export()
    row_of(files, "users", "ST1")["userIds"] = "{SSID:2000000001}," + ",".join(f"{{{n}:x}}" for n in range(1000))
    written = as_json(inspect(write_folder(tmp_path / "a", texts(files))))
    assert len(written["places"]["ssid"]) == MOST_PLACES
    assert written["places"]["ssid"][0]["place"] == "userIds:SSID"


def test_inspection_of_nothing_or_of_another_folder_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="nothing there"):
        inspect(tmp_path / "a")
    with pytest.raises(RequestStop, match="no OneRoster export"):
        inspect(write_folder(tmp_path / "b", {"lea.csv": "x\n"}))
