"""OneRoster exports become roster tables: what maps to what, for an export that follows the specification."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from cersgroups.core.roster import TABLES
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.oneroster_layout import Version
from cersgroups.sources.roster import open_roster
from tests.sources.oneroster_files import Files, export, row_of, texts, write_folder, write_zip
from tests.sources.oneroster_reading import Opened, opened

VERSIONS: list[Version] = ["1.1", "1.2"]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_export_that_follows_the_specification_gives_no_finding_but_the_places_found(
    tmp_path: Path, version: Version
) -> None:
    roster = opened(tmp_path, version=version)
    assert roster.roster.kind == f"oneroster {version}"
    assert list(roster.findings) == ["oneroster_place_found"]
    assert roster.values("oneroster_place_found") == ["userIds:SSID", "userIds:SEID", "identifier"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_zip_gives_the_same_tables_as_a_folder(tmp_path: Path, version: Version) -> None:
    files = texts(export(version), version)
    from_zip = Opened(open_roster(write_zip(tmp_path / "a.zip", files), tmp_path / "w"))
    from_folder = Opened(open_roster(write_folder(tmp_path / "a", files), tmp_path / "w"))
    assert {table: from_zip.rows(table) for table in TABLES} == {table: from_folder.rows(table) for table in TABLES}


@pytest.mark.parametrize("version", VERSIONS)
def test_users_become_students_and_staff_with_their_state_ids(tmp_path: Path, version: Version) -> None:
    roster = opened(tmp_path, version=version)
    assert roster.cells("students", "student_id", "ssid", "last_name", "first_name") == [
        ("ST1", "2000000001", "García", "Ana"),
        ("ST2", "2000000002", "Ng", "Bo"),
        ("ST3", "2000000003", "O'Hara", "Cy"),
    ]
    assert roster.cells("staff", "staff_id", "state_educator_id", "email", "active", "school_ids") == [
        ("T1", "1000000001", "t1@unified.example", "true", "994"),
        ("T2", "1000000002", "t2@unified.example", "true", "100"),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_students_are_enrolled_at_their_schools_with_grade_and_homeroom(tmp_path: Path, version: Version) -> None:
    roster = opened(tmp_path, version=version)
    columns = ("student_id", "school_id", "grade", "homeroom_teacher_number", "start_date", "end_date")
    assert roster.cells("enrollments", *columns) == [
        ("ST1", "994", "09", "", "", ""),
        ("ST2", "994", "10", "", "", ""),
        ("ST3", "100", "KG", "T2", "", ""),
    ]
    assert roster.cells("teachers", "school_id", "teacher_number", "staff_id", "email") == [
        ("100", "T2", "T2", "t2@unified.example")
    ]


def test_scheduled_classes_become_sections_with_all_their_terms(tmp_path: Path) -> None:
    roster = opened(tmp_path)
    columns = ("school_id", "section_number", "course_id", "period", "term_code")
    assert roster.cells("sections", *columns) == [("994", "101", "ENG9", "2", "S1|S2")]
    assert roster.cells("rosters", "section_number", "student_id") == [("101", "ST1"), ("101", "ST2")]
    assert roster.cells("section_staff", "section_number", "staff_id", "role") == [("101", "T1", "primary")]


def test_a_course_has_the_department_of_its_org_and_the_first_of_its_subjects(tmp_path: Path) -> None:
    columns = ("course_id", "title", "department", "subject_area")
    assert opened(tmp_path).cells("courses", *columns) == [
        ("ENG9", "English 9", "English", "ELA"),
        ("HR", "Homeroom", "", ""),
    ]


def test_the_district_is_the_lea_and_the_school_year_that_of_the_sessions(tmp_path: Path) -> None:
    assert opened(tmp_path).cells("lea", "lea_code", "name", "school_year") == [("3768338", "Unified", "2027")]


def test_schools_have_their_cds_code_and_a_schedule_by_their_classes(tmp_path: Path) -> None:
    columns = ("school_id", "name", "cds_code", "active", "schedule")
    assert opened(tmp_path).cells("schools", *columns) == [
        ("100", "Elementary", "37683380000100", "true", "elementary"),
        ("994", "High", "37683380000994", "true", "flex"),
    ]


def test_a_school_with_homerooms_and_scheduled_classes_is_elementary_with_a_master_schedule(
    tmp_path: Path,
) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "classes", "H1").update(schoolSourcedId="994"))
    assert ("994", "elementary_master") in roster.cells("schools", "school_id", "schedule")


def test_end_dates_are_the_day_after_the_last_unless_the_mapping_says_inclusive(tmp_path: Path) -> None:
    terms = ("school_id", "term_code", "start_date", "end_date")
    assert ("994", "S1", "2026-08-12", "2026-12-18") in opened(tmp_path / "a").cells("terms", *terms)
    inclusive = opened(tmp_path / "b", mapping=Mapping(end_date="inclusive"))
    assert ("994", "S1", "2026-08-12", "2026-12-19") in inclusive.cells("terms", *terms)


def test_a_term_that_only_another_schools_classes_are_in_is_no_term_of_a_school(tmp_path: Path) -> None:
    assert opened(tmp_path).cells("terms", "school_id", "term_code") == [
        ("100", "SY"),
        ("994", "S1"),
        ("994", "S2"),
        ("994", "SY"),
    ]


def test_a_school_without_classes_has_all_sessions_as_terms(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        files["classes"].pop()
        files["enrollments"] = files["enrollments"][:3]

    terms = opened(tmp_path, spoil).cells("terms", "school_id", "term_code")
    assert [code for school, code in terms if school == "100"] == ["S1", "S2", "SY"]


def test_the_school_number_is_the_identifier_else_the_sourced_id_or_what_the_mapping_says(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        row_of(files, "orgs", "994").update({"identifier": "", "metadata.cds": "37683380000994"})
        row_of(files, "orgs", "100").update({"identifier": "7", "metadata.cds": "37683380000100"})

    numbers = ("school_id", "school_number", "cds_code")
    assert opened(tmp_path / "a", spoil).cells("schools", *numbers) == [
        ("100", "7", "37683380000100"),
        ("994", "994", "37683380000994"),
    ]
    mapped = opened(tmp_path / "b", spoil, mapping=Mapping(school_number="sourcedId"))
    assert mapped.cells("schools", "school_number") == [("100",), ("994",)]


def test_unknown_files_are_named_and_demographics_are_not_opened(tmp_path: Path) -> None:
    files = texts(export()) | {"demographics.csv": "\0", "lunch.csv": "a\n"}
    roster = Opened(open_roster(write_folder(tmp_path / "a", files), tmp_path / "w"))
    assert roster.values("source_file_not_used") == ["lunch.csv"]


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    parts: list[float] = []
    path = write_folder(tmp_path / "a", texts(export()))
    open_roster(path, tmp_path / "w", progress=lambda _, part: parts.append(part))
    assert parts == sorted(parts)
    assert parts[-1] > 0.9


def test_a_mapped_place_that_is_not_there_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"there is no column metadata\.ssid"):
        opened(tmp_path / "a", mapping=Mapping(ssid="metadata.ssid"))
    with pytest.raises(DataStop, match="which no user has"):
        opened(tmp_path / "b", mapping=Mapping(ssid="userIds:STATE"))
    with pytest.raises(DataStop, match=r"orgs\.csv has no such column"):
        opened(tmp_path / "c", mapping=Mapping(cds="metadata.cds"))
