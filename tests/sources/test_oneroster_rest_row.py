"""Rows of OneRoster REST as rows of OneRoster CSV: every form that JSON has, and what servers make of them."""

import csv
from pathlib import Path
from typing import Any

import pytest

from cersgroups.core.error import DataStop
from cersgroups.sources.mapping import user_ids
from cersgroups.sources.oneroster_layout import Version
from cersgroups.sources.oneroster_rest_file import CollectionFile
from cersgroups.sources.oneroster_rest_row import cells, metadata, roles, text

ORG = {"href": "https://a.example/orgs/994", "sourcedId": "994", "type": "org"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        ("García, Ana", "García, Ana"),
        (True, "true"),
        (False, "false"),
        ("true", "true"),
        (2027, "2027"),
        (2027.0, "2027"),
        (1.5, "1.5"),
        (ORG, "994"),
        ({"href": "x"}, ""),
        ([], ""),
        ([ORG, {**ORG, "sourcedId": "100"}], "994,100"),
        (["1", "3"], "1,3"),
        ([9, None, ""], "9"),
        (["Arts, Visual", "ELA"], "Arts Visual,ELA"),
        ("two\r\nlines\x00", "two lines "),
    ],
)
def test_a_value_is_one_cell(value: Any, cell: str) -> None:
    assert text(value) == cell


def test_references_and_lists_get_their_columns() -> None:
    row = {
        "sourcedId": "C1",
        "status": "active",
        "dateLastModified": "2026-11-01T00:00:00Z",
        "title": "English 9",
        "course": {"sourcedId": "ENG9"},
        "school": ORG,
        "terms": [{"sourcedId": "S1"}, {"sourcedId": "S2"}],
        "periods": ["2", "3"],
        "subjects": ["ELA"],
        "classType": "scheduled",
    }
    found = cells("classes", row, "1.1")
    assert (found["courseSourcedId"], found["schoolSourcedId"]) == ("ENG9", "994")
    assert (found["termSourcedIds"], found["periods"], found["subjects"]) == ("S1,S2", "2,3", "ELA")
    assert found["status"] == ""
    assert "dateLastModified" not in found


def test_the_parent_of_a_session_and_the_class_of_an_enrollment_are_found() -> None:
    session = {"sourcedId": "S1", "parent": {"sourcedId": "SY"}, "schoolYear": 2027}
    assert cells("academicSessions", session, "1.1")["parentSourcedId"] == "SY"
    assert cells("academicSessions", session, "1.1")["schoolYear"] == "2027"
    enrollment = {"sourcedId": "E", "class": {"sourcedId": "C"}, "user": {"sourcedId": "U"}, "primary": True}
    found = cells("enrollments", enrollment, "1.2")
    assert (found["classSourcedId"], found["userSourcedId"], found["primary"]) == ("C", "U", "true")


def test_a_user_of_1_1_has_a_role_and_orgs_and_one_of_1_2_roles() -> None:
    old = {"sourcedId": "U", "role": "teacher", "orgs": [ORG, {"sourcedId": "100"}], "enabledUser": "false"}
    assert cells("users", old, "1.1")["orgSourcedIds"] == "994,100"
    assert cells("users", old, "1.1")["role"] == "teacher"
    assert cells("users", old, "1.1")["enabledUser"] == "false"
    new = {"sourcedId": "U", "roles": [{"roleType": "primary", "role": "student", "org": ORG, "endDate": "2027-01-01"}]}
    assert list(roles(new)) == [
        {
            "sourcedId": "U/0",
            "userSourcedId": "U",
            "orgSourcedId": "994",
            "roleType": "primary",
            "role": "student",
            "beginDate": "",
            "endDate": "2027-01-01",
        }
    ]


def test_a_user_of_1_2_that_is_given_as_in_1_1_keeps_its_role_at_every_org() -> None:
    user = {"sourcedId": "U", "role": "aide", "orgs": [ORG, {"sourcedId": "100"}]}
    assert [(role["role"], role["orgSourcedId"]) for role in roles(user)] == [("aide", "994"), ("aide", "100")]
    assert list(roles({"sourcedId": "U", "roles": []})) == []


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ([{"type": "SSID", "identifier": "1"}, {"type": "Fed", "identifier": "y"}], [("SSID", "1"), ("Fed", "y")]),
        ([{"type": "urn:ca:ssid", "identifier": "a:{1}"}], [("urn-ca-ssid", "a:-1-")]),
        ([{"type": None, "identifier": 1234567890}], [("untyped", "1234567890")]),
        ([{"type": "SSID", "identifier": None}], []),
        ({"type": "SSID", "identifier": "1"}, [("SSID", "1")]),
        ({"SSID": "1", "Fed": "y"}, [("SSID", "1"), ("Fed", "y")]),
        ("{SSID:1},{Fed:y}", [("SSID", "1"), ("Fed", "y")]),
        (["{SSID:1}"], [("SSID", "1")]),
        (None, []),
    ],
)
def test_user_ids_are_read_as_in_a_cell(given: Any, read: list[tuple[str, str]]) -> None:
    assert user_ids(cells("users", {"sourcedId": "U", "userIds": given}, "1.1")["userIds"]) == read


def test_metadata_gives_columns_of_its_own() -> None:
    entries = {"cdsCode": 37683380000994, " note ": "a\nb", "empty": "", "none": None, "list": ["1", "2"], "": "x"}
    assert dict(metadata({"metadata": entries})) == {
        "metadata.cdsCode": "37683380000994",
        "metadata.note": "a b",
        "metadata.list": "1,2",
    }
    nothings: list[object] = [None, "", [], "text"]
    for nothing in nothings:
        assert not list(metadata({"metadata": nothing}))


def test_phone_numbers_and_passwords_are_not_kept() -> None:
    user = {"sourcedId": "U", "phone": "555", "sms": "556", "password": "hunter2", "agents": [{"sourcedId": "P"}]}
    assert set(cells("users", user, "1.1").values()) == {"U", ""}


def test_a_cell_of_a_book_s_length_stops() -> None:
    with pytest.raises(DataStop, match=r"classes: the title of 'C1' has 20,000 characters"):
        cells("classes", {"sourcedId": "C1", "title": "x" * 20_000}, "1.1")


def written(folder: Path, name: str, version: Version, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    with CollectionFile(folder, name, version) as file:
        for row in rows:
            file.write(row)
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, strict=True))


def test_metadata_that_only_later_rows_have_is_a_column_of_all(tmp_path: Path) -> None:
    rows = written(
        tmp_path,
        "users",
        "1.1",
        [
            {"sourcedId": "A"},
            {"sourcedId": "B", "metadata": {"ssid": "1"}},
            {"sourcedId": "C", "metadata": {"SSID": "2", "x": "3"}},
            {"sourcedId": "D", "metadata": None},
        ],
    )
    assert [column for column in rows[0] if column.startswith("metadata.")] == ["metadata.ssid", "metadata.x"]
    assert [(row["sourcedId"], row["metadata.ssid"], row["metadata.x"]) for row in rows] == [
        ("A", "", ""),
        ("B", "1", ""),
        ("C", "2", "3"),
        ("D", "", ""),
    ]


def test_metadata_of_classes_is_not_kept_and_there_is_an_end_to_its_columns(tmp_path: Path) -> None:
    assert "metadata.x" not in written(tmp_path, "classes", "1.1", [{"sourcedId": "C", "metadata": {"x": "1"}}])[0]
    many = {f"name{number}": "1" for number in range(1000)}
    assert len(written(tmp_path, "orgs", "1.1", [{"sourcedId": "O", "metadata": many}])[0]) < 250


def test_text_that_no_file_can_hold_is_written_all_the_same(tmp_path: Path) -> None:
    row = written(tmp_path, "orgs", "1.1", [{"sourcedId": "O", "name": 'Half \ud83d "quoted", line\rbreak'}])[0]
    assert row["name"] == 'Half ? "quoted", line break'


def test_lists_within_lists_are_told(tmp_path: Path) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with CollectionFile(tmp_path, "users", "1.1") as file, pytest.raises(DataStop, match="users: a row holds lists"):
        file.write({"sourcedId": "u", "grades": deep})
