"""What the codes of Aeries mean, by API and by database."""

import pytest

from cersgroups.sources.aeries_code import (
    cds_of,
    grade_of_number,
    has_homerooms,
    name_of,
    role_of,
    schedule_by_grades,
    schedule_of,
)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("19", "64212", "1930361"), "19642121930361"),
        (("1", "1612", "135244"), "01016120135244"),
        (("19", "64212", "0000000"), ""),
        (("19", "64212", ""), ""),
        (("", "64212", "1930361"), ""),
        (("19", "64212", "193036A"), ""),
        (("019", "64212", "1930361"), ""),
        (("19", "64212", "0000001"), "19642120000001"),
    ],
)
def test_a_cds_code_is_made_of_three_parts(parts: tuple[str, str, str], code: str) -> None:
    assert cds_of(*parts) == code


@pytest.mark.parametrize(
    ("number", "grade"), [("-1", "TK"), ("0", "KG"), ("1", "01"), ("12", "12"), ("-2", ""), ("13", ""), ("", "")]
)
def test_a_grade_below_tk_and_above_12_is_none(number: str, grade: str) -> None:
    assert grade_of_number(number) == grade


@pytest.mark.parametrize(
    ("said", "schedule"),
    [
        ("Elementary", "elementary"),
        ("ElementaryAndMasterSchedule", "elementary_master"),
        ("Master Schedule", "master"),
        ("Flex", "flex"),
        ("Flexible", "flex"),
        ("3", "flex"),
        ("0", ""),
        ("9", ""),
        ("", ""),
    ],
)
def test_a_schedule_has_two_spellings_and_a_number(said: str, schedule: str) -> None:
    assert schedule_of(said) == schedule


@pytest.mark.parametrize(
    ("lowest", "highest", "has_sections", "schedule"),
    [
        (-1, 5, False, "elementary"),
        (-1, 5, True, "elementary_master"),
        (0, 8, True, "elementary_master"),
        (5, 6, True, "elementary_master"),
        (5, 8, True, "master"),
        (6, 8, True, "master"),
        (7, 12, False, "master"),
        (9, 12, True, "master"),
        (0, 12, True, ""),
        (0, -2, True, ""),
    ],
)
def test_a_schedule_that_is_not_flex_follows_from_grades_and_sections(
    lowest: int, highest: int, has_sections: bool, schedule: str
) -> None:
    assert schedule_by_grades(lowest, highest, has_sections) == schedule


@pytest.mark.parametrize(
    ("primary", "code", "sees_students", "role"),
    [
        (True, "", True, "primary"),
        (True, "33", False, "primary"),
        (False, "", True, "co"),
        (False, "087", True, "co"),
        (False, "033", True, "aide"),
        (False, "Para", True, "aide"),
        (False, "", False, "aide"),
        (False, "47", True, "substitute"),
        (False, "SUB", True, "substitute"),
    ],
)
def test_a_role_is_primary_or_what_its_code_says(primary: bool, code: str, sees_students: bool, role: str) -> None:
    assert role_of(primary, code, sees_students) == role


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (("Acosta, H", "Heather", "Acosta-Ruiz"), ("Acosta-Ruiz", "Heather")),
        (("Acosta", "Heather", ""), ("Acosta", "Heather")),
        (("Acosta, Heather", "", ""), ("Acosta", "Heather")),
        (("", "", ""), ("", "")),
    ],
)
def test_a_teacher_without_last_name_is_called_by_the_display_name(
    cells: tuple[str, str, str], name: tuple[str, str]
) -> None:
    assert name_of(*cells) == name


@pytest.mark.parametrize(
    ("schedule", "grade", "homerooms"),
    [
        ("elementary", "08", True),
        ("elementary_master", "02", True),
        ("master", "03", False),
        ("flex", "KG", False),
        ("", "TK", True),
        ("", "06", True),
        ("", "07", False),
        ("", "", False),
    ],
)
def test_schools_of_elementary_shape_have_homerooms(schedule: str, grade: str, homerooms: bool) -> None:
    assert has_homerooms(schedule, grade) is homerooms
