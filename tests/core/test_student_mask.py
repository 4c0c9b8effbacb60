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
        (
            "SIS: users, sourcedId '1000000001': birthDate is wrong",
            "SIS: users, sourcedId (not shown): birthDate is wrong",
        ),
        (
            "fall.zip: users.csv, line 3: the sourcedId 'S-1' already stands in an earlier row",
            "fall.zip: users.csv, line 3: the sourcedId (not shown) already stands in an earlier row",
        ),
        (
            'SIS: enrollments, sourcedId "O\'S-1": the sourcedId "O\'S-1" already stands in an earlier row',
            "SIS: enrollments, sourcedId (not shown): the sourcedId (not shown) already stands in an earlier row",
        ),
        ("users: the email of 'S-1' has 10,001 characters.", "users: the email of (not shown) has 10,001 characters."),
        ("users: the email of 'S-1… has 10,001 characters.", "users: the email of (not shown) has 10,001 characters."),
        ("orgs: the name of 'O-1' has 10,001 characters.", "orgs: the name of 'O-1' has 10,001 characters."),
        ("SIS: classes, sourcedId 'C-1': title is blank", "SIS: classes, sourcedId 'C-1': title is blank"),
        (
            "classes.zip: users.csv, line 3: the sourcedId 'S-1' already stands",
            "classes.zip: users.csv, line 3: the sourcedId (not shown) already stands",
        ),
        (
            "L: none of the chosen teachers is in the roster (1234567890, 1234567891, ...). A",
            "L: none of the chosen teachers is in the roster (1234567890, 1234567891, ...). A",
        ),
        (
            "L: none of the chosen counselors is in the roster (1234567890). Row 3 has 1000000001",
            "L: none of the chosen counselors is in the roster (1234567890). Row 3 has (an SSID)",
        ),
        (
            "L: none of the chosen additional users is in the roster (1234567890).",
            "L: none of the chosen additional users is in the roster (1234567890).",
        ),
        ("the key 1234567890 (staff_id) stands twice in staff", "the key 1234567890 (staff_id) stands twice in staff"),
        (
            "the key 10 / 1234567890 (school_id, section_id) stands twice",
            "the key 10 / 1234567890 (school_id, section_id) stands twice",
        ),
        ("the key 1000000001 (ssid) stands twice", "the key (an SSID) (ssid) stands twice"),
        ("staff_id 1234567890 and SEID is '1234567891'", "staff_id 1234567890 and SEID is '1234567891'"),
        ("teacher_number 1234567890 teaches 1000000001", "teacher_number 1234567890 teaches (an SSID)"),
        ("school 19647330000000 and 12345678901", "school 19647330000000 and 12345678901"),
    ],
)
def test_it_says_everything_but_who(sentence: str, left: str) -> None:
    assert without_students(sentence) == left
