"""The preview gives the same counts as the build, and no file."""

from datetime import date
from pathlib import Path

import pytest

from cersgroups.core.error import RequestStop
from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.preview import preview
from tests.engine.district_snapshot import snapshot_of

DAY = date(2026, 11, 23)


def classes(**changes: object) -> Profile:
    return from_mapping(
        {
            "name": "Periods",
            "school_year": 2027,
            "subject": "ELA",
            "type": "classes",
            "name_pattern": "teacher_period",
            "schools": ["10", "20"],
            **changes,
        }
    )


def test_a_preview_counts_what_the_build_will_write_and_shows_the_first_groups(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path)
    seen = preview(snapshot, classes(), DAY)
    (tmp_path / "out").mkdir()
    extract = build(snapshot, [classes()], DAY, tmp_path / "out")
    assert (seen.groups, seen.students, seen.users) == (extract.groups, extract.students, extract.users)
    assert seen.findings == extract.findings
    assert [(g.name, g.students, g.users) for g in seen.first] == [
        ("10_Ruiz-Ana_1_1", 2, ("ana@fig.example", "bo@fig.example")),
        ("10_Ruiz-Ana_2_1", 1, ("ana@fig.example",)),
        ("20_Nunez-Jose_1_1", 1, ("jose.n@fig.example",)),
    ]


def test_a_preview_without_groups_says_why(tmp_path: Path) -> None:
    seen = preview(snapshot_of(tmp_path), classes(), date(2026, 7, 4))
    assert seen.groups == 0
    assert "Schools without a term that runs on this day: 2" in seen.why


def test_a_profile_of_another_school_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="school_year is 2026"):
        preview(snapshot_of(tmp_path), classes(school_year=2026), DAY)
