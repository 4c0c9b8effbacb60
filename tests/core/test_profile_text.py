"""A profile written as TOML is read back as the same profile."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cersgroups.core.profile import Filters, Profile, StudentList, Users, from_mapping, from_toml
from cersgroups.core.profile_text import to_mapping, to_toml

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
words = st.text(characters, min_size=1).map(str.strip).filter(bool)
lists = st.lists(words, max_size=3, unique=True).map(tuple)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    common: dict[str, Any] = {
        "name": draw(words),
        "school_year": draw(st.integers(2000, 2100)),
        "schools": tuple(draw(st.lists(words, min_size=1, max_size=3, unique=True))),
        "include_in_scheduled_process": draw(st.booleans()),
        "users": Users(draw(lists), tuple(draw(st.lists(st.sampled_from(["primary", "co", "aide"]), unique=True)))),
    }
    if draw(st.booleans()):
        chosen = StudentList(draw(words), tuple(draw(st.lists(words, min_size=1, max_size=3, unique=True))))
        return Profile(**common, subject="Math", type="student_list", list=chosen)
    filters = Filters(departments=draw(lists), courses=draw(lists))
    return Profile(**common, subject="ELA", type="classes", name_pattern="teacher_course", filters=filters)


@given(profiles())
def test_text_and_mapping_are_read_back_as_the_same_profile(profile: Profile) -> None:
    assert from_toml(to_toml(profile)) == profile
    assert from_mapping(to_mapping(profile)) == profile
    assert tomllib.loads(to_toml(profile)) == to_mapping(profile)


def test_what_is_as_by_default_is_left_out() -> None:
    profile = Profile(name="Grades", school_year=2027, subject="All", type="grade", schools=("30",))
    assert to_toml(profile) == (
        'name = "Grades"\nschool_year = 2027\nsubject = "All"\ntype = "grade"\nschools = ["30"]\n'
    )


def test_a_list_that_was_emptied_stays_empty() -> None:
    profile = Profile("Grades", 2027, "All", "grade", ("30",), users=Users(roles=()))
    assert from_toml(to_toml(profile)).users.roles == ()
