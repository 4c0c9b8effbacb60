"""Student groups of Aeries: expired and confidential ones stay so, members are those whom the roster knows."""

from pathlib import Path

from tests.sources.aeries_api_sync import added, changed, impatient, small_sync  # noqa: F401

ALL = "schools/all/StudentGroups"


def test_groups_keep_what_they_are(tmp_path: Path) -> None:
    got = small_sync(tmp_path)
    assert got.cells("student_groups", "group_code", "school_id", "name", "expires_on", "confidential") == [
        ("AVID", "10", "AVID", "", "false"),
        ("504", "", "504", "", "true"),
        ("OLD", "", "Old", "2026-09-01", "false"),
    ]
    assert ("504", "S2") in got.cells("group_members", "group_code", "student_id")
    assert got.cells("group_staff", "group_code", "staff_id") == [("AVID", "5")]


def test_members_who_are_not_in_the_roster_are_left_out_and_counted(tmp_path: Path) -> None:
    members = [{"StudentId": "S1"}, {"StudentId": 424242}, {"StudentId": "S1"}]
    got = small_sync(
        tmp_path, changed(ALL, {"GroupId": "AVID"}, Students=members, Staff=[{"StaffId": 999}, {"StaffId": 1}])
    )
    assert got.cells("group_members", "student_id", group_code="AVID") == [("S1",)]
    assert got.cells("group_staff", "staff_id", group_code="AVID") == [("1",)]
    assert got.findings["aeries_group_member_unknown"].count == 2


def test_the_school_of_a_group_is_blank_if_it_is_none_of_ours(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed(ALL, {"GroupId": "AVID"}, SchoolCode=99))
    assert got.cells("student_groups", "school_id", group_code="AVID") == [("",)]


def test_a_number_that_two_groups_have_gets_the_school_behind_it(tmp_path: Path) -> None:
    got = small_sync(tmp_path, added(ALL, {"GroupId": "AVID", "SchoolCode": 20, "Students": [{"StudentId": "S3"}]}))
    assert got.cells("student_groups", "group_code")[-1] == ("AVID/20",)
    assert got.cells("group_members", "student_id", group_code="AVID/20") == [("S3",)]
    assert got.keys("aeries_group_repeated") == ["AVID/20"]


def test_a_group_of_which_nobody_says_whether_it_is_confidential_counts_as_such(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed(ALL, {"GroupId": 504}, ConfidentialGroup=None))
    assert got.cells("student_groups", "confidential", group_code="504") == [("true",)]
    assert got.keys("aeries_group_confidential_unknown") == ["504"]
