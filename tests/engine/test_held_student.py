"""Who sees one student: by the number, the students of a roster; by the SSID, the groups that CERS holds."""

from pathlib import Path

from cersgroups.engine.held_student import RosterStudent, StudentsGroup, find_students, list_groups_of
from cersgroups.engine.ledger import apply
from tests.engine.ledger_files import OTHER_SCHOOL, SCHOOL, YEAR, Group
from tests.engine.test_ledger import ANN, BEN, after
from tests.engine.test_ledger import held as held_groups
from tests.roster import small_snapshot

SHARED = """
    student_id | ssid       | last_name | first_name
    S1         | 7000000001 | Alba      | Ada
    S2         | 7000000001 | Brown     |
    7000000001 | 7000000003 | Cruz      | Cy
    0815       |            | Diaz      | Di
    815        | 123        | Else      | El
"""


def test_a_student_is_found_by_ssid_and_by_student_id(tmp_path: Path) -> None:
    snapshot = small_snapshot(tmp_path)
    ada = RosterStudent("S1", "7000000001", "Ada Alba")
    assert find_students(snapshot, "7000000001") == [ada]
    assert find_students(snapshot, "S1") == [ada]


def test_the_whole_number_counts_and_nothing_like_it(tmp_path: Path) -> None:
    snapshot = small_snapshot(tmp_path, students=SHARED)
    for number in ("s1", "S", "7000000", "%", "' OR true --", "S1\x00", ""):
        assert find_students(snapshot, number) == [], number
    assert [student.name for student in find_students(snapshot, "0815")] == ["Di Diaz"]


def test_all_who_fit_are_found(tmp_path: Path) -> None:
    found = find_students(small_snapshot(tmp_path, students=SHARED), "7000000001")
    assert found == [
        RosterStudent("7000000001", "7000000003", "Cy Cruz"),
        RosterStudent("S1", "7000000001", "Ada Alba"),
        RosterStudent("S2", "7000000001", "Brown"),
    ]


def test_a_student_without_an_ssid_has_a_blank_one(tmp_path: Path) -> None:
    [found] = find_students(small_snapshot(tmp_path, students=SHARED), "0815")
    assert found.ssid == ""


def test_each_group_with_the_student_is_listed_with_its_users(tmp_path: Path) -> None:
    ledger = after(
        tmp_path,
        {
            "B_1": Group((ANN, BEN), ("z@x.org", "A@x.org")),
            "A_1": Group((ANN,), ("t@x.org",), subject="Math"),
            "C_1": Group((BEN,), ("c@x.org",)),
            "D_1": Group((ANN,), school=OTHER_SCHOOL),
            "E_1": Group((ANN,), ("old@x.org",), year=2026),
        },
    )
    assert list_groups_of(ledger, ANN) == [
        StudentsGroup(SCHOOL, "A_1", YEAR, "Math", ("t@x.org",)),
        StudentsGroup(SCHOOL, "B_1", YEAR, "ELA", ("A@x.org", "z@x.org")),
        StudentsGroup(OTHER_SCHOOL, "D_1", YEAR, "ELA", ()),
        StudentsGroup(SCHOOL, "E_1", 2026, "ELA", ("old@x.org",)),
    ]


def test_what_counts_is_what_cers_holds_now(tmp_path: Path) -> None:
    """The student has left one group, another is emptied."""
    ledger = after(
        tmp_path,
        {"A_1": Group((ANN, BEN), ("t@x.org",)), "B_1": Group((ANN,), ("t@x.org",))},
        {"A_1": Group((BEN,), ("t@x.org",)), "B_1": Group()},
    )
    assert list_groups_of(ledger, ANN) == []
    assert [group.name for group in list_groups_of(ledger, BEN)] == ["A_1"]


def test_nobody_is_in_a_ledger_without_groups(tmp_path: Path) -> None:
    assert list_groups_of(apply(None, [], None, (), tmp_path / "ledger"), ANN) == []


def test_it_agrees_with_the_whole_ledger(tmp_path: Path) -> None:
    groups = {f"G_{n}": Group(tuple({ANN, BEN} if n % 3 else {BEN}), (f"t{n % 4}@x.org",)) for n in range(12)}
    ledger = after(tmp_path, groups)
    for ssid in (ANN, BEN):
        expected = {
            (school, name): users
            for (school, name), (_, students, users) in held_groups(ledger).items()
            if ssid in students
        }
        assert {(g.school, g.name): list(g.users) for g in list_groups_of(ledger, ssid)} == expected
