"""What an upload changes in CERS, and which groups it retires."""

import csv
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cersgroups.cers.known import Known
from cersgroups.cers.validation import validate_file
from cersgroups.cers.warehouse import Warehouse
from cersgroups.engine.difference import Difference, Sent, compare
from cersgroups.engine.ledger import Ledger, apply
from cersgroups.engine.retirement import Retirement
from tests.engine.ledger_files import SCHOOL, YEAR, Group, Groups, write_upload
from tests.thorough import examples

ANN, BEN, CAL = "7000000001", "7000000002", "7000000003"
MINE, OTHERS, DELETED = 1, 2, 3
EXISTING = (MINE, OTHERS)


def ledger_of(folder: Path, groups: Groups, profile_ids: tuple[int, ...] = (MINE, OTHERS, DELETED)) -> Ledger:
    """What CERS holds; a group's `profiles` are places among `profile_ids`."""
    sent = write_upload(folder / "before", groups, profile_ids)
    return apply(None, [sent.path], sent.groups, profile_ids, folder / "ledger")


def difference(
    folder: Path, before: Groups, now: Groups, *, profiles: Collection[int] = (MINE,), everything: bool = False
) -> Difference:
    """An upload of the profile MINE that names `now`."""
    ledger = ledger_of(folder, before) if before else None
    sent = Sent()
    if now:
        upload = write_upload(folder / "now", now)
        sent = Sent([upload.path], upload.groups, (MINE,))
    (folder / "out").mkdir()
    return compare(ledger, sent, Retirement(YEAR, profiles, EXISTING, everything), None, folder / "out")


def retired(found: Difference) -> list[str]:
    return (
        [line.split(",")[0] for line in found.retired_file.read_text().splitlines()[1:]] if found.retired_file else []
    )


def rows(folder: Path) -> list[tuple[str, ...]]:
    with (folder / "out" / "difference.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(r["group"], r["change"], r["what"], r["value"], r["action"]) for r in csv.DictReader(file)]


def test_into_an_empty_cers_everything_is_new(tmp_path: Path) -> None:
    found = difference(tmp_path, {}, {"A_1": Group((ANN, BEN), ("t@x.org",))})
    figures = found.figures
    assert (figures.groups_new, figures.students_added, figures.users_added) == (1, 2, 1)
    assert (figures.groups_before, figures.students_before, figures.groups_retired) == (0, 0, 0)
    assert rows(tmp_path) == [
        ("A_1", "new", "user", "t@x.org", "added"),
        ("A_1", "new", "student", ANN, "added"),
        ("A_1", "new", "student", BEN, "added"),
    ]


def test_who_gets_in_and_who_leaves_is_told_by_name(tmp_path: Path) -> None:
    before = {"A_1": Group((ANN, BEN), ("t@x.org",)), "B_1": Group((CAL,), ("T@x.org",))}
    found = difference(tmp_path, before, {"a_1": Group((BEN, CAL), ("T@X.ORG", "u@x.org")), "B_1": before["B_1"]})
    assert rows(tmp_path) == [
        ("A_1", "changed", "user", "u@x.org", "added"),
        ("A_1", "changed", "student", ANN, "removed"),
        ("A_1", "changed", "student", CAL, "added"),
    ]
    figures = found.figures
    assert (figures.groups_before, figures.groups_changed, figures.groups_unchanged) == (2, 1, 1)
    assert (figures.students_before, figures.students_added, figures.students_removed) == (3, 0, 1)
    assert (figures.users_before, figures.users_added, figures.users_removed, figures.rows) == (1, 1, 0, 3)


def test_another_subject_is_a_change_too(tmp_path: Path) -> None:
    found = difference(tmp_path, {"A_1": Group((ANN,))}, {"A_1": Group((ANN,), subject="Math")})
    assert (found.figures.groups_changed, found.figures.rows) == (1, 1)
    assert rows(tmp_path) == [("A_1", "changed", "subject", "Math", "changed")]


def test_a_group_that_its_profile_no_longer_gives_is_retired(tmp_path: Path) -> None:
    found = difference(tmp_path, {"A_1": Group((ANN,)), "B_1": Group((BEN,), ("t@x.org",))}, {"A_1": Group((ANN,))})
    assert found.retired_file is not None
    assert found.retired_file.read_text().splitlines()[1:] == [f"B_1,{SCHOOL},2027,ELA,,"]
    verdict = validate_file(found.retired_file, Known(None, frozenset({YEAR})))
    assert verdict.ok
    assert not verdict.hazards
    assert (found.figures.groups_retired, found.figures.students_removed, found.figures.users_removed) == (1, 1, 1)


def test_the_second_part_of_a_class_that_got_smaller_is_retired(tmp_path: Path) -> None:
    found = difference(tmp_path, {"A_1": Group((ANN,)), "A_2": Group((BEN,))}, {"A_1": Group((ANN,))})
    assert retired(found) == ["A_2"]


def test_groups_of_other_profiles_are_left_alone_also_if_mine_gave_them_too(tmp_path: Path) -> None:
    before = {"B_1": Group((BEN,), profiles=(1,)), "C_1": Group((CAL,), profiles=(0, 1))}
    assert retired(difference(tmp_path, before, {"A_1": Group((ANN,))})) == []


def test_what_a_deleted_profile_gave_is_retired(tmp_path: Path) -> None:
    before = {"B_1": Group((BEN,), profiles=(2,)), "C_1": Group((CAL,), profiles=(0, 2))}
    assert retired(difference(tmp_path, before, {"A_1": Group((ANN,))})) == ["B_1", "C_1"]


def test_another_school_year_is_retired_on_request_only(tmp_path: Path) -> None:
    before = {"B_1": Group((BEN,), year=2026), "C_1": Group((CAL,), year=2026, profiles=(1,))}
    assert retired(difference(tmp_path, before, {"A_1": Group((ANN,))})) == []
    ledger = Ledger(tmp_path / "ledger", 0, 0, 0)
    (tmp_path / "rollover").mkdir()
    asked = compare(ledger, Sent(), Retirement(2026, (), EXISTING, everything=True), None, tmp_path / "rollover")
    assert retired(asked) == ["B_1", "C_1"]


def test_what_is_empty_already_is_not_retired_again_and_comes_back_as_new(tmp_path: Path) -> None:
    before = {"A_1": Group(), "B_1": Group()}
    found = difference(tmp_path, before, {"A_1": Group((ANN,))})
    assert retired(found) == []
    assert (found.figures.groups_new, found.figures.groups_before) == (1, 0)


@pytest.mark.parametrize(
    ("held", "conflicts"),
    [
        (Group((ANN,), profiles=(1,)), 0),
        (Group((ANN,), profiles=(1,), subject="Math"), 1),
        (Group((ANN,), profiles=(1,), identity="teacher:s2"), 1),
        (Group((ANN,), profiles=(0, 1), identity="teacher:s2"), 0),
        (Group((ANN,), profiles=(2,), identity="teacher:s2"), 0),
        (Group(profiles=(1,), identity="teacher:s2"), 0),
    ],
    ids=["same", "other subject", "other teacher", "mine too", "of a deleted profile", "empty"],
)
def test_a_group_of_another_profile_that_stands_for_something_else_is_a_conflict(
    tmp_path: Path, held: Group, conflicts: int
) -> None:
    found = difference(tmp_path, {"A_1": held}, {"A_1": Group((ANN,))})
    assert found.conflict_count == len(found.conflicts) == conflicts


def test_a_group_that_looks_like_a_formula_is_harmless_in_a_spreadsheet(tmp_path: Path) -> None:
    difference(tmp_path, {}, {"A_1": Group((ANN,), ("=cmd@x.org",))})
    assert [value for _, _, what, value, _ in rows(tmp_path) if what == "user"] == ["'=cmd@x.org"]


names = st.sampled_from(["Lee_1", "Lee_2", "Ng_1", "Ng_2"])
groups = st.builds(Group, students=st.lists(st.sampled_from([ANN, BEN, CAL]), unique=True, min_size=1).map(tuple))


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(st.dictionaries(names, groups, min_size=1, max_size=3), min_size=1, max_size=4))
def test_after_upload_and_retiring_exactly_the_wanted_groups_have_students(sequence: list[Groups]) -> None:
    warehouse = Warehouse(Known(None, frozenset({YEAR}), ("Math", "ELA")))
    ledger: Ledger | None = None
    with TemporaryDirectory() as name:
        for number, wanted in enumerate(sequence):
            folder = Path(name) / str(number)
            upload = write_upload(folder / "now", wanted)
            sent = Sent([upload.path], upload.groups, (MINE,))
            found = compare(ledger, sent, Retirement(YEAR, (MINE,), EXISTING), None, folder)
            files = [upload.path, *([found.retired_file] if found.retired_file else [])]
            for file in files:
                warehouse.processed.clear()
                assert warehouse.upload(file.read_bytes()).outcome == "loaded"
                groups_file = upload.groups if file == upload.path else None
                ledger = apply(ledger, [file], groups_file, (MINE,), folder / f"ledger-{file.stem}")
            holding = {g["name"] for g in warehouse.state()["groups"] if g["members"]}
            assert holding == set(wanted)
            assert ledger is not None
            assert ledger.groups == len(wanted)
