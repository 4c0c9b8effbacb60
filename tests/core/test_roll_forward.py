"""Rolling a profile forward: what the roster does not have is dropped, but a list never turns into no restriction."""

import pytest

from cersgroups.core.error import RequestStop
from cersgroups.core.profile import Profile, from_mapping
from cersgroups.core.roll_forward import roll_forward

OLD = {
    "name": "English",
    "school_year": 2026,
    "subject": "ELA",
    "type": "classes",
    "name_pattern": "teacher_period",
    "schools": ["10", "20"],
    "filters": {"departments": ["ENG", "ELD"], "courses": ["E9"]},
    "users": {"additional": ["7", "8"]},
}


def old(**changes: object) -> Profile:
    return from_mapping({**OLD, **changes})


def test_only_the_year_changes_when_everything_is_still_there() -> None:
    assert roll_forward(old(), 2027, {}) == old(school_year=2027)


def test_what_is_gone_is_dropped() -> None:
    rolled = roll_forward(old(), 2027, {"schools": ("20",), "departments": ("ELD",), "additional": ("7",)})
    assert (rolled.schools, rolled.filters.departments, rolled.filters.courses) == (("10",), ("ENG",), ("E9",))
    assert rolled.users.additional == ("8",)


@pytest.mark.parametrize(("name", "values"), [("schools", ("10", "20")), ("courses", ("E9",))])
def test_a_list_that_would_become_empty_stops_it(name: str, values: tuple[str, ...]) -> None:
    with pytest.raises(RequestStop, match=f"None of the chosen {name} is in the current roster"):
        roll_forward(old(), 2027, {name: values})


def test_additional_users_may_all_be_gone() -> None:
    assert roll_forward(old(), 2027, {"additional": ("7", "8")}).users.additional == ()


def test_a_student_list_loses_who_has_left() -> None:
    listed = from_mapping(
        {
            "name": "L",
            "school_year": 2026,
            "subject": "ELA",
            "type": "student_list",
            "schools": ["10"],
            "list": {"name": "Bridge", "students": ["7000000001", "S2"]},
        }
    )
    assert roll_forward(listed, 2027, {"students": ("S2",)}).list.students == ("7000000001",)
    with pytest.raises(RequestStop, match="None of the chosen students"):
        roll_forward(listed, 2027, {"students": ("7000000001", "S2")})
