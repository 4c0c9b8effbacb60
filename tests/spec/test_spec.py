"""Every section of the Markdown files in this folder, run. The files are the manual: what they say is so."""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cersgroups.core.error import DataStop, Stop
from cersgroups.core.profile import from_mapping
from cersgroups.engine.extract import Extract, build
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from tests.engine.roster_files import write_roster
from tests.spec.case import Case, cases, words

_MANUAL = sorted(set(Path(__file__).parent.glob("*.md")) - {Path(__file__).with_name("retiring.md")})
_CASES = [pytest.param(case, id=f"{path.stem}: {case.title}") for path in _MANUAL for case in cases(path)]


def _build(case: Case, folder: Path) -> Extract:
    roster = write_roster(folder / "roster", case.tables)
    for name, text in case.files.items():
        (roster / name).write_text(text, encoding="utf-8")
    sides = [RosterFolder(write_roster(folder / "side", case.side))] if case.side else []
    snapshot = write_snapshot(RosterFolder(roster), folder / "snapshot", source="spec", sides=sides)
    profiles = [from_mapping(raw, "profile.toml") for raw in case.profiles]
    (folder / "out").mkdir()
    extract = build(snapshot, profiles, case.day, folder / "out")
    if extract.why and case.stops is not None:
        raise DataStop(extract.why)
    return extract


def _text(extract: Extract) -> str:
    return "".join(file.read_bytes().decode() for file in extract.files)


def _groups(text: str, case: Case) -> Iterator[dict[str, Any]]:
    """The groups in the file, in its order, students as student_ids."""
    students = {row["ssid"]: row["student_id"] for row in reversed(case.tables["students"])}
    students |= {row["ssid"]: row["student_id"] for row in case.side.get("students", []) if row.get("ssid")}
    for (school, group), block in groupby(
        csv.DictReader(text.splitlines()), key=lambda row: (row["school_natural_id"], row["group_name"])
    ):
        body = list(block)
        yield {
            "group": group,
            "school": school,
            "subject": body[0]["subject_code"],
            "students": [students[row["student_ssid"]] for row in body if row["student_ssid"]],
            "users": [row["group_user_login"] for row in body if row["group_user_login"]],
        }


def _expected(row: dict[str, str]) -> dict[str, Any]:
    return {column: words(cell) if column in ("students", "users") else cell for column, cell in row.items()}


@pytest.mark.parametrize("case", _CASES)
def test_the_manual_is_true(case: Case, tmp_path: Path) -> None:
    if case.stops is not None:
        with pytest.raises(Stop) as stop:
            _build(case, tmp_path)
        assert case.stops in str(stop.value)
        assert stop.value.status == case.status
        return
    extract = _build(case, tmp_path)
    text = _text(extract)
    if case.groups is not None:
        expected = [_expected(row) for row in case.groups]
        assert [{c: group[c] for c in expected[0]} for group in _groups(text, case)] == expected
    if case.csv is not None:
        assert text == case.csv
    if case.findings is not None:
        assert {finding.code: finding.count for finding in extract.findings} == case.findings


@pytest.mark.parametrize("case", _CASES)
def test_every_section_of_the_manual_says_something_and_shows_it(case: Case) -> None:
    assert case.prose.endswith(".")
    assert case.expects_something


def test_the_manual_has_a_page_for_every_type() -> None:
    pages = {path.stem for path in _MANUAL}
    assert pages >= {"classes", "elementary_teacher", "grade", "counselor", "student_group", "student_list"}
