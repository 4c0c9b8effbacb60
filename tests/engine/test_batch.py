"""Batches of schools: however small they are, the same bytes come out."""

from pathlib import Path

import pytest

from cersgroups.engine import batch
from tests.engine.district_build import extract_of, profile
from tests.engine.district_snapshot import snapshot_of

_SHARED = """
    school_id | school_number | name        | cds_code
    10        | 10            | Fig High    | 99100000000010
    20        | 20            | Plum Middle | 99100000000020
    30        | 30            | Kiwi Elem   | 99100000000010
"""
"""Schools 10 and 30 share a CDS code, 20 stands between them by id and after them by code."""

_PROFILES = [
    profile(type="classes", name_pattern="teacher_course", subject="ELA"),
    profile(type="elementary_teacher"),
    profile(type="grade", users={"additional": ["1"]}),
    profile(type="counselor"),
    profile(type="student_group"),
    profile(type="student_list", list={"name": "Help", "students": ["S1", "S3", "S5"]}),
]


@pytest.mark.parametrize("schools", [{}, {"schools": _SHARED}], ids=["schools apart", "a shared code"])
def test_one_school_at_a_time_gives_the_same_bytes_and_findings(
    schools: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = snapshot_of(tmp_path, **schools)
    whole = extract_of(snapshot, tmp_path / "whole", *_PROFILES)
    monkeypatch.setattr(batch, "BATCH_ROWS", 1)
    parts = extract_of(snapshot, tmp_path / "parts", *_PROFILES)
    assert [file.read_bytes() for file in parts.files] == [file.read_bytes() for file in whole.files]
    assert parts.findings_file.read_bytes() == whole.findings_file.read_bytes()
    assert [(f.code, f.count) for f in parts.findings] == [(f.code, f.count) for f in whole.findings]
    assert (parts.records, parts.groups, parts.students, parts.users) == (
        whole.records,
        whole.groups,
        whole.students,
        whole.users,
    )


def test_a_student_in_two_batches_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_ROWS", 1)
    snapshot = snapshot_of(tmp_path, enrollments="student_id | school_id | grade\nS1 | 10 | 09\nS1 | 20 | 08")
    extract = extract_of(snapshot, tmp_path / "out", profile(users={"additional": ["1"]}))
    assert (extract.groups, extract.students, extract.users) == (2, 1, 1)
