"""Files of an extract: bytes as the receiver wants them, and no more rows than one file holds."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from cersgroups.core.student_group import HEADER
from cersgroups.engine import batch, writer
from tests.engine.district_build import extract_of, profile, rows_of
from tests.engine.district_snapshot import snapshot_of


def _rows_by_file(tmp_path: Path) -> list[list[str]]:
    """The CDS codes of the rows of each file of a build by grade: schools of 2, 1 and 2 rows."""
    extract = extract_of(snapshot_of(tmp_path), tmp_path / "out")
    assert extract.records == sum(len(rows_of(file)) for file in extract.files)
    return [[row[1][-2:] for row in rows_of(file)] for file in extract.files]


@pytest.mark.parametrize(
    ("most", "files"),
    [
        (5, [["10", "10", "20", "30", "30"]]),
        (4, [["10", "10", "20"], ["30", "30"]]),
        (3, [["10", "10", "20"], ["30", "30"]]),
        (2, [["10", "10"], ["20"], ["30", "30"]]),
    ],
)
@pytest.mark.parametrize("batch_rows", [1, 300_000])
def test_a_school_is_never_torn_apart(
    most: int, files: list[list[str]], batch_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MAX_ROWS", most)
    monkeypatch.setattr(batch, "BATCH_ROWS", batch_rows)
    assert _rows_by_file(tmp_path) == files


def test_a_school_that_fits_no_file_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_ROWS", 1)
    with pytest.raises(DataStop, match="One school alone has more than 1 rows"):
        _rows_by_file(tmp_path)


def test_every_file_has_the_header_and_a_final_newline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_ROWS", 2)
    extract = extract_of(snapshot_of(tmp_path), tmp_path / "out")
    for file in extract.files:
        content = file.read_bytes()
        assert content.startswith(",".join(HEADER).encode() + b"\n")
        assert content.endswith(b"\n")
        assert not content.endswith(b"\n\n")
        assert b"\r" not in content
        assert b'"' not in content


def test_counts_are_of_distinct_students_and_users(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        enrollments="student_id | school_id | grade\nS1 | 10 | 09\nS1 | 20 | 08\nS2 | 10 | 09\nS2 | 10 | 09",
    )
    extract = extract_of(snapshot, tmp_path / "out", profile(users={"additional": ["1", "2"]}))
    assert (extract.groups, extract.students, extract.users) == (2, 2, 2)
    assert extract.records == 4


def test_a_student_of_two_groups_counts_once(tmp_path: Path) -> None:
    classes = profile(type="classes", name_pattern="teacher_section", schools=["10"])
    extract = extract_of(snapshot_of(tmp_path), tmp_path / "out", classes)
    assert (extract.groups, extract.students, extract.users) == (2, 2, 2)


def test_a_build_without_groups_has_no_file(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, enrollments="student_id | school_id | grade\nS1 | 10 | 13")
    extract = extract_of(snapshot, tmp_path / "out")
    assert extract.files == ()
    assert (extract.groups, extract.students, extract.records) == (0, 0, 0)
    assert "no group on 2026-11-23" in extract.why
    assert "Correct the grade" in extract.why
