"""What real exports do wrong in every file: read all the same, and said."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from cersgroups.core.finding_source import MAX_EXAMPLES
from tests.sources.oneroster_files import Files, export, row_of, texts
from tests.sources.oneroster_reading import opened, opened_texts


def fill_status(files: Files) -> None:
    for rows in files.values():
        for row in rows:
            row.update(status="active", dateLastModified="2026-08-01T00:00:00.000Z")


def test_status_and_date_in_a_bulk_export_are_counted_with_a_few_examples(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        files["enrollments"] += [files["enrollments"][1] | {"sourcedId": f"X{i}"} for i in range(50)]
        fill_status(files)

    finding = opened(tmp_path, spoil).findings["oneroster_status_filled"]
    assert finding.count == 71
    assert len(finding.rows) == MAX_EXAMPLES


@pytest.mark.parametrize("status", ["tobedeleted", "inactive", "ToBeDeleted"])
def test_a_row_to_be_deleted_is_left_out_with_a_finding(tmp_path: Path, status: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "enrollments", "E2").update(status=status))
    assert roster.cells("rosters", "student_id") == [("ST2",)]
    assert [row.key for row in roster.findings["oneroster_row_left_out"].rows] == ["E2"]
    assert roster.findings["oneroster_row_left_out"].severity == "warning"


def test_a_school_to_be_deleted_is_inactive(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "orgs", "100").update(status="tobedeleted"))
    assert ("100", "false") in roster.cells("schools", "school_id", "active")


def test_a_byte_order_mark_and_wrong_case_of_files_and_headers_are_read_with_a_finding(tmp_path: Path) -> None:
    files = texts(export())
    files["USERS.csv"] = "\ufeff" + files.pop("users.csv").replace("givenName", "givenname")
    roster = opened_texts(tmp_path, files)
    assert roster.values("source_name_case") == ["USERS.csv", "givenname"]
    assert ("Ana",) in roster.cells("students", "first_name")


def test_extra_columns_are_findings_unless_they_are_metadata(tmp_path: Path) -> None:
    files = texts(export())
    files["courses.csv"] = "sourcedId,title,lunch,metadata.x\r\nENG9,English 9,1,2\r\n"
    roster = opened_texts(tmp_path, files)
    assert roster.values("source_column_unknown") == ["lunch"]
    assert "orgSourcedId" in roster.values("oneroster_column_missing")
    assert roster.cells("courses", "title") == [("English 9",)]


@pytest.mark.parametrize(
    ("name", "column"),
    [("users", "familyName"), ("enrollments", "role"), ("classes", "termSourcedIds"), ("orgs", "type")],
)
def test_a_missing_column_that_is_needed_stops(tmp_path: Path, name: str, column: str) -> None:
    files = texts(export())
    files[f"{name}.csv"] = files[f"{name}.csv"].replace(column, "other", 1)
    with pytest.raises(DataStop, match=rf"{name}\.csv: there is no column {column}"):
        opened_texts(tmp_path, files)


def test_dates_with_a_time_are_read_and_counted(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda f: row_of(f, "enrollments", "E2").update(beginDate="2026-08-15T00:00:00.000Z"))
    assert roster.findings["oneroster_date_with_time"].count == 1
    assert ("ST1", "2026-08-15") in roster.cells("rosters", "student_id", "start_date")


def test_a_date_that_is_none_stops_with_file_line_and_value(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"enrollments\.csv, line 3: endDate is '2026-02-30'"):
        opened(tmp_path, lambda files: row_of(files, "enrollments", "E2").update(endDate="2026-02-30"))


def test_a_row_that_repeats_another_counts_once(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: files["users"].append(dict(row_of(files, "users", "ST1"))))
    assert roster.values("oneroster_row_repeated") == ["ST1"]
    assert len(roster.rows("students")) == 3


def test_a_sourced_id_with_two_different_rows_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"users\.csv, line 7: the sourcedId 'ST1' already stands"):
        opened(tmp_path, lambda files: files["users"].append(row_of(files, "users", "ST1") | {"familyName": "X"}))


def test_a_row_without_a_sourced_id_is_left_out_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "users", "ST1").update(sourcedId=""))
    assert roster.findings["oneroster_row_without_id"].count == 1
    assert len(roster.rows("students")) == 2


def test_a_file_without_rows_is_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: files.update(enrollments=[]))
    assert roster.findings["oneroster_no_rows"].rows[0].table == "enrollments.csv"
