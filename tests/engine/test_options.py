"""The lists for the filters: what is offered follows the schools and the choices before."""

from pathlib import Path

import pytest

from cersgroups.core.profile import Filters
from cersgroups.engine.options import Narrowing, list_options
from cersgroups.engine.snapshot import Snapshot
from tests.engine.district_snapshot import snapshot_of


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("options"))


def values(snapshot: Snapshot, name: str, narrowing: Narrowing | None = None) -> list[str]:
    return [value for value, _label, _note in list_options(snapshot, name, narrowing or Narrowing())]


def test_all_schools_are_offered_by_name(snapshot: Snapshot) -> None:
    assert [label for _value, label, _note in list_options(snapshot, "schools", Narrowing())] == [
        "Fig High",
        "Kiwi Elem",
        "Plum Middle",
    ]


def test_departments_are_those_taught_at_the_chosen_schools(snapshot: Snapshot) -> None:
    assert values(snapshot, "departments") == ["ENG", "MAT", "WL"]
    assert values(snapshot, "departments", Narrowing(schools=["20"])) == ["WL"]


def test_subject_areas_follow_the_departments(snapshot: Snapshot) -> None:
    assert values(snapshot, "subject_areas", Narrowing(filters=Filters(departments=("ENG",)))) == ["English"]


def test_courses_follow_departments_and_subject_areas(snapshot: Snapshot) -> None:
    assert values(snapshot, "courses", Narrowing(filters=Filters(departments=("ENG",)))) == ["E9"]
    contradicting = Filters(departments=("ENG",), subject_areas=("Math",))
    assert values(snapshot, "courses", Narrowing(filters=contradicting)) == []


def test_teachers_of_classes_are_the_staff_of_sections_and_follow_the_course_filters(snapshot: Snapshot) -> None:
    assert values(snapshot, "teachers") == ["2", "3", "1"]  # Chen, Núñez, Ruiz
    algebra = Filters(courses=("A1",))
    assert values(snapshot, "teachers", Narrowing(filters=algebra)) == ["2"]
    assert values(snapshot, "teachers", Narrowing(filters=algebra, all_teachers=True)) == ["2", "3", "1"]


def test_elementary_teachers_are_those_with_a_homeroom_and_records_without_staff_name_their_school(
    snapshot: Snapshot,
) -> None:
    assert values(snapshot, "teachers", Narrowing(type="elementary_teacher")) == ["30/302", "4"]


def test_teacher_records_of_elementary_schools_are_offered_before_anybody_has_their_homeroom(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        teachers="""
            school_id | teacher_number | staff_id | last_name | first_name | active
            10        | 101            | 1        | Ruiz      | Ana        | true
            20        | 201            | 3        | Núñez     | José       | true
            30        | 301            | 4        | Park      | Dana       | true
            30        | 302            |          | Lee       | Mina       | true
            30        | 303            |          | Moss      | Kit        | true
            30        | 304            |          | Gone      | Gil        | false
            30        | 305            | 2        | Chen      | Bo         | true
        """,
    )
    offered = list_options(snapshot, "teachers", Narrowing(type="elementary_teacher"))
    assert [(value, note) for value, _label, note in offered] == [
        ("2", "2, Kiwi Elem, no homeroom"),
        ("30/302", "302, Kiwi Elem"),
        ("30/303", "303, Kiwi Elem, no homeroom"),
        ("4", "4, Kiwi Elem"),
    ]


def test_grades_come_in_the_order_of_school_and_only_those_that_somebody_is_in(snapshot: Snapshot) -> None:
    assert values(snapshot, "grades") == ["KG", "01", "07", "09"]
    assert values(snapshot, "grades", Narrowing(schools=["30"])) == ["KG", "01"]


def test_counselors_are_people_who_counsel_somebody(snapshot: Snapshot) -> None:
    assert values(snapshot, "counselors") == ["5"]
    assert values(snapshot, "counselors", Narrowing(schools=["20"])) == []


def test_student_groups_say_that_they_are_confidential_and_when_they_end(snapshot: Snapshot) -> None:
    notes = {value: note for value, _label, note in list_options(snapshot, "student_groups", Narrowing())}
    assert "confidential" in notes["504"]
    assert "2026-09-01" in notes["OLD"]
    assert "2 students" in notes["AVID"]


def test_additional_users_are_active_staff_with_a_state_educator_id_and_an_email(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        staff="""
            staff_id | last_name | email           | state_educator_id | active
            1        | Ruiz      | ana@fig.example | 1000000001        | true
            2        | Chen      |                 | 1000000002        | true
            3        | Nunez     | j@fig.example   |                   | true
            4        | Park      | d@fig.example   | 1000000004        | false
            5        | Ohara     | e@fig.example   | 1000000005        |
        """,
    )
    assert values(snapshot, "additional") == ["5", "1"]


def test_a_value_that_holds_a_quote_is_no_trouble(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        courses="course_id | title | department\nE9 | English | O'Neil\nA1 | Algebra | MAT\nES | Spanish | WL",
    )
    assert values(snapshot, "courses", Narrowing(filters=Filters(departments=("O'Neil",)))) == ["E9"]
