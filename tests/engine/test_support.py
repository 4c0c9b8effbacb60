"""What a roster supports: types and filters that cannot work say what they would need."""

from pathlib import Path

from cersgroups.engine.support import read_support
from tests.engine.district_snapshot import snapshot_of


def test_the_small_district_supports_everything(tmp_path: Path) -> None:
    support = read_support(snapshot_of(tmp_path))
    assert [f.name for f in (*support.types, *support.name_patterns, *support.filters) if not f.works] == []


def test_without_counselors_the_type_and_the_filter_say_so(tmp_path: Path) -> None:
    support = read_support(
        snapshot_of(tmp_path, enrollments="student_id | school_id | grade | homeroom_teacher_number\nS4 | 30 | 1 | 301")
    )
    lacking = {f.name: f.lacks for f in (*support.types, *support.filters) if not f.works}
    assert lacking.keys() == {"counselor", "counselors"}
    assert "side file" in lacking["counselor"]


def test_without_periods_only_the_period_pattern_is_gone(tmp_path: Path) -> None:
    support = read_support(
        snapshot_of(
            tmp_path,
            sections="school_id | section_number | course_id | term_code | primary_class\n10 | 1001 | E9 | Y | true",
        )
    )
    assert [f.name for f in support.name_patterns if not f.works] == ["teacher_period"]


def test_without_ssids_nothing_can_be_written(tmp_path: Path) -> None:
    support = read_support(snapshot_of(tmp_path, students="student_id | ssid\nS1 | 123\nS2 |"))
    assert [f.name for f in support.types if f.works] == []
    assert all("SSIDs" in f.lacks for f in support.types)
