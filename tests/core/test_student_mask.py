"""What is left of a sentence that would name students."""

import pytest

from cersgroups.core.student_mask import without_students


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("row 3: SSID 1000000001 is wrong; row 4", "row 3: SSID (an SSID) is wrong; row 4"),
        (
            "L: none of the chosen students is in the roster (A-1, ...). A",
            "L: none of the chosen students is in the roster. A",
        ),
        (
            "students.csv, line 2: the key S1 (student_id) stands twice",
            "students.csv, line 2: a key (student_id) stands twice",
        ),
        (
            "f.csv: the key 10 / T (1) / S1 (school_id, section_id, student_id) stands on several rows",
            "f.csv: a key (school_id, section_id, student_id) stands on several rows",
        ),
        ("the key T1 (school_id, teacher_number) stands twice", "the key T1 (school_id, teacher_number) stands twice"),
        (
            "the key T1 (school_id, teacher_number) and the key S1 (student_id) stand",
            "the key T1 (school_id, teacher_number) and a key (student_id) stand",
        ),
        ("school 19647330000000 and 12345678901", "school 19647330000000 and 12345678901"),
    ],
)
def test_it_says_everything_but_who(sentence: str, left: str) -> None:
    assert without_students(sentence) == left
