"""Users: who is a student, who is staff, and with which grade and schools."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from tests.sources.oneroster_files import Files, export, row_of, texts
from tests.sources.oneroster_reading import opened, opened_texts


@pytest.mark.parametrize("role", ["parent", "guardian", "relative"])
def test_families_are_neither_students_nor_staff(tmp_path: Path, role: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(role=role))
    assert len(roster.rows("students")) == 2
    assert len(roster.rows("staff")) == 2


@pytest.mark.parametrize("role", ["administrator", "aide", "proctor", "counselor", "principal", "Teacher"])
def test_all_other_roles_are_staff(tmp_path: Path, role: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "T1").update(role=role))
    assert ("T1",) in roster.cells("staff", "staff_id")


@pytest.mark.parametrize(("role", "code"), [("wizard", "oneroster_role_unknown"), ("", "oneroster_user_without_role")])
def test_a_user_without_a_known_role_is_left_out_with_a_finding(tmp_path: Path, role: str, code: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "T1").update(role=role))
    assert [row.key for row in roster.findings[code].rows] == ["T1"]
    assert ("T1",) not in roster.cells("staff", "staff_id")


def test_staff_who_are_not_enabled_are_inactive_and_students_stay(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        row_of(files, "users", "T1")["enabledUser"] = "false"
        row_of(files, "users", "ST1")["enabledUser"] = "false"

    roster = opened(tmp_path, spoil)
    assert ("T1", "false") in roster.cells("staff", "staff_id", "active")
    assert ("ST1",) in roster.cells("students", "student_id")
    assert ("ST1", "") in roster.cells("enrollments", "student_id", "active")


def test_an_enabled_user_that_is_neither_true_nor_false_makes_staff_inactive(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "T1").update(enabledUser="maybe"))
    assert roster.values("oneroster_enabled_user_unknown") == ["maybe"]
    assert ("T1", "false") in roster.cells("staff", "staff_id", "active")


@pytest.mark.parametrize(
    ("grades", "grade"), [("1", "01"), ("09", "09"), ("kg", "KG"), ("K", "KG"), ("TK", "TK"), ("12", "12")]
)
def test_grades_are_written_as_the_roster_wants_them(tmp_path: Path, grades: str, grade: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(grades=grades))
    assert ("ST1", grade) in roster.cells("enrollments", "student_id", "grade")
    assert "oneroster_grade_unknown" not in roster.findings


@pytest.mark.parametrize("grades", ["", "PK", "IT", "13", "UG"])
def test_another_grade_is_blank_with_a_finding(tmp_path: Path, grades: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(grades=grades))
    assert ("ST1", "") in roster.cells("enrollments", "student_id", "grade")
    assert roster.findings["oneroster_grade_unknown"].rows[0].value == grades


def test_of_several_grades_the_first_counts_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(grades="09, 10"))
    assert ("ST1", "09") in roster.cells("enrollments", "student_id", "grade")
    assert roster.values("oneroster_several_grades") == ["09, 10"]


def test_a_student_of_several_orgs_is_enrolled_at_those_that_are_schools(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(orgSourcedIds="D1, 994,100"))
    schools = [school for student, school in roster.cells("enrollments", "student_id", "school_id") if student == "ST1"]
    assert schools == ["100", "994"]


def test_a_student_in_a_class_of_another_school_is_enrolled_there_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(orgSourcedIds="100"))
    assert ("ST1", "994") in roster.cells("enrollments", "student_id", "school_id")
    assert roster.values("oneroster_school_from_class") == ["994"]


def test_a_student_without_school_and_class_is_a_finding(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        row_of(files, "users", "ST1")["orgSourcedIds"] = "D1"
        files["enrollments"].remove(row_of(files, "enrollments", "E2"))

    assert opened(tmp_path, spoil).values("oneroster_student_without_school") == ["ST1"]


def test_in_1_2_a_user_can_be_student_and_staff(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        files["roles"].append(row_of(files, "roles", "R-ST1") | {"sourcedId": "R9", "role": "aide"})

    roster = opened(tmp_path, spoil, version="1.2")
    assert ("ST1",) in roster.cells("students", "student_id")
    assert ("ST1",) in roster.cells("staff", "staff_id")


def test_in_1_2_the_days_of_a_students_role_are_those_of_the_enrollment(tmp_path: Path) -> None:
    dates = {"beginDate": "2026-09-01", "endDate": "2026-10-01"}
    roster = opened(tmp_path, lambda files: row_of(files, "roles", "R-ST1").update(dates), version="1.2")
    columns = ("student_id", "school_id", "start_date", "end_date")
    assert ("ST1", "994", "2026-09-01", "2026-09-30") in roster.cells("enrollments", *columns)


def test_in_1_2_staff_whose_roles_end_are_in_no_section_beyond(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "roles", "R-T1").update(endDate="2026-10-01"), version="1.2")
    assert roster.cells("section_staff", "staff_id", "end_date") == [("T1", "2026-09-30")]
    assert roster.values("oneroster_staff_role_ends") == ["2026-09-30"]


def test_in_1_2_a_role_that_ends_before_it_begins_is_left_out(tmp_path: Path) -> None:
    dates = {"beginDate": "2026-09-01", "endDate": "2026-09-01"}
    roster = opened(tmp_path, lambda files: row_of(files, "roles", "R-ST1").update(dates), version="1.2")
    assert ("ST1",) not in roster.cells("students", "student_id")
    assert "oneroster_enrollment_without_days" in roster.findings


def test_in_1_2_a_user_whom_no_role_names_is_left_out_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: files["roles"].remove(row_of(files, "roles", "R-ST1")), version="1.2")
    assert [row.key for row in roster.findings["oneroster_user_without_role"].rows] == ["ST1"]


def test_1_2_without_roles_reads_the_role_column_of_users_if_there_is_one(tmp_path: Path) -> None:
    files = texts(export("1.1"), "1.1")
    files["manifest.csv"] = files["manifest.csv"].replace("oneroster.version,1.1", "oneroster.version,1.2")
    roster = opened_texts(tmp_path, files)
    assert roster.findings["oneroster_file_missing"].rows[0].table == "roles.csv"
    assert len(roster.rows("students")) == 3


def test_without_roles_anywhere_the_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"roles\.csv is missing and users\.csv has no column role"):
        opened(tmp_path, lambda files: files.pop("roles"), version="1.2")
