"""Overlaps of profiles and choices that are gone, seen from a snapshot."""

from datetime import date
from pathlib import Path

import pytest

from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine.profile_health import Overlap, find_overlaps, missing_choices
from tests.engine.district_snapshot import snapshot_of
from tests.engine.test_figure import periods

DAY = date(2026, 11, 23)


def grades(**changes: object) -> Profile:
    content = {"name": "G", "school_year": 2027, "subject": "All", "type": "grade", "schools": ["10", "30"]}
    return from_mapping({**content, **changes})


def test_other_names_do_not_hide_an_overlap(tmp_path: Path) -> None:
    one, two = periods(schools=["10"]), periods(schools=["10"], name_pattern="teacher_section")
    assert find_overlaps(snapshot_of(tmp_path), [one, two], DAY) == [Overlap(0, 1, students=2, teachers=1)]


def test_the_same_grade_in_two_profiles_is_an_overlap_too(tmp_path: Path) -> None:
    [overlap] = find_overlaps(snapshot_of(tmp_path), [grades(), periods(), grades(schools=["10"])], DAY)
    assert (overlap.first, overlap.second, overlap.teachers) == (0, 2, 1)


@pytest.mark.parametrize(
    "other", [periods(schools=["20"]), grades(schools=["10"])], ids=["another school", "no teacher in common"]
)
def test_what_has_nothing_in_common_does_not_overlap(tmp_path: Path, other: Profile) -> None:
    assert find_overlaps(snapshot_of(tmp_path), [periods(schools=["10"]), other], DAY) == []


def test_the_same_additional_user_is_no_overlap(tmp_path: Path) -> None:
    users = {"additional": ["5"]}
    pair = [periods(schools=["10"], users=users), grades(schools=["30"], users=users)]
    assert find_overlaps(snapshot_of(tmp_path), pair, DAY) == []


def test_every_choice_that_is_gone_is_named_by_its_list(tmp_path: Path) -> None:
    profile = periods(
        schools=["10", "99"],
        filters={"departments": ["ENG", "OLD"], "teachers": ["1", "10/77", "404"]},
        users={"additional": ["5", "405"]},
    )
    assert missing_choices(snapshot_of(tmp_path), [periods(), profile])[1] == {
        "schools": ("99",),
        "departments": ("OLD",),
        "teachers": ("10/77", "404"),
        "additional": ("405",),
    }
    assert missing_choices(snapshot_of(tmp_path / "again"), [periods()]) == [{}]
