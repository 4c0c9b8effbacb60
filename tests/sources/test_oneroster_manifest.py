"""The manifest: version, delta, and files that are there or not against its word."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from cersgroups.sources.oneroster_layout import Version
from tests.sources.oneroster_files import export, texts
from tests.sources.oneroster_reading import opened, opened_texts


@pytest.mark.parametrize("name", ["users", "orgs", "enrollments", "classes", "courses", "academicSessions"])
def test_a_delta_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataStop, match=rf"{name}\.csv is a delta.*Ask the source for a bulk export"):
        opened(tmp_path, states={name: "delta"})


def test_a_delta_of_a_file_that_is_not_needed_is_no_matter(tmp_path: Path) -> None:
    assert list(opened(tmp_path, states={"demographics": "delta"}).findings) == ["oneroster_place_found"]


def test_a_file_that_the_manifest_calls_absent_is_read_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, states={"courses": "absent"})
    assert roster.findings["oneroster_manifest_disagrees"].rows[0].table == "courses.csv"
    assert len(roster.rows("courses")) == 2


def test_a_file_that_the_manifest_promises_and_that_is_missing_is_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: files.pop("courses"), states={"courses": "bulk"})
    assert roster.findings["oneroster_manifest_disagrees"].count == 1
    assert roster.findings["oneroster_file_missing"].rows[0].table == "courses.csv"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_without_a_manifest_the_version_is_judged_by_the_files(tmp_path: Path, version: Version) -> None:
    roster = opened_texts(tmp_path, texts(export(version), version, with_manifest=False))
    assert roster.roster.kind == f"oneroster {version}"
    assert "oneroster_manifest_missing" in roster.findings


@pytest.mark.parametrize("name", ["orgs", "users", "academicSessions"])
def test_an_export_without_a_file_that_all_depends_on_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataStop, match=rf"{name}\.csv is missing"):
        opened(tmp_path, lambda files: files.pop(name))


@pytest.mark.parametrize("name", ["classes", "enrollments"])
def test_an_export_without_classes_or_enrollments_is_read_with_a_finding(tmp_path: Path, name: str) -> None:
    roster = opened(tmp_path, lambda files: files.pop(name))
    assert f"{name}.csv" in {row.table for row in roster.findings["oneroster_file_missing"].rows}
    assert len(roster.rows("students")) == 3


def test_version_1_2_1_is_1_2_and_another_version_is_refused(tmp_path: Path) -> None:
    files = texts(export("1.2"), "1.2")
    files["manifest.csv"] = files["manifest.csv"].replace("oneroster.version,1.2", "oneroster.version,1.2.1")
    assert opened_texts(tmp_path / "a", files).roster.kind == "oneroster 1.2"
    files["manifest.csv"] = files["manifest.csv"].replace("oneroster.version,1.2.1", "oneroster.version,2.0")
    with pytest.raises(DataStop, match=r"says OneRoster '2\.0'.*1\.1 or 1\.2"):
        opened_texts(tmp_path / "b", files)


def test_a_manifest_with_another_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match="the header must be propertyName,value"):
        opened_texts(tmp_path, texts(export()) | {"manifest.csv": "name,version\n"})
