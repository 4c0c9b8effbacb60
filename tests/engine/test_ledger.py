"""The ledger: what CERS holds after each accepted file; the same as the model of the receiver says."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cersgroups.cers.known import Known
from cersgroups.cers.warehouse import Warehouse
from cersgroups.core.error import DataStop
from cersgroups.engine.ledger import Ledger, apply, count_retirable, list_groups, open_ledger
from cersgroups.engine.store import MANIFEST
from tests.engine.ledger_files import OTHER_SCHOOL, SCHOOL, Group, Groups, write_upload

ANN, BEN, CAL = "7000000001", "7000000002", "7000000003"
Held = dict[tuple[str, str], tuple[str, list[str], list[str]]]


def held(ledger: Ledger) -> Held:
    """By school and name: subject, students, users."""
    with duckdb.connect() as connection:
        groups = connection.execute(f"SELECT number, school, name, subject FROM {ledger.parquet('groups')}").fetchall()
        members = {
            table: connection.execute(f"SELECT * FROM {ledger.parquet(table)} ORDER BY ALL").fetchall()
            for table in ("students", "users")
        }
    return {
        (school, name): (subject, *([v for n, v in members[t] if n == number] for t in ("students", "users")))
        for number, school, name, subject in groups
    }


def after(folder: Path, *uploads: Groups) -> Ledger:
    """The ledger after these uploads."""
    ledger: Ledger | None = None
    for number, groups in enumerate(uploads):
        sent = write_upload(folder / f"upload-{number}", groups)
        ledger = apply(ledger, [sent.path], sent.groups, sent.profile_ids, folder / f"ledger-{number}")
    assert ledger is not None
    return ledger


def test_a_group_holds_what_the_last_file_that_names_it_says(tmp_path: Path) -> None:
    ledger = after(
        tmp_path, {"A_1": Group((ANN, BEN), ("t@x.org",)), "B_1": Group((BEN,))}, {"A_1": Group((CAL,), ("u@x.org",))}
    )
    assert held(ledger) == {(SCHOOL, "A_1"): ("ELA", [CAL], ["u@x.org"]), (SCHOOL, "B_1"): ("ELA", [BEN], [])}
    assert (ledger.groups, ledger.students, ledger.users) == (2, 2, 1)


def test_names_and_logins_are_compared_without_case_and_keep_the_spelling_stored_first(tmp_path: Path) -> None:
    ledger = after(
        tmp_path, {"Lee_1": Group((ANN,), ("Lee@X.org",))}, {"LEE_1": Group((ANN,), ("lee@x.org", "b@x.org"))}
    )
    assert held(ledger) == {(SCHOOL, "Lee_1"): ("ELA", [ANN], ["Lee@X.org", "b@x.org"])}


def test_a_group_that_was_emptied_is_no_longer_counted_but_remembered(tmp_path: Path) -> None:
    ledger = after(tmp_path, {"A_1": Group((ANN,), ("t@x.org",))}, {"A_1": Group()})
    assert held(ledger) == {(SCHOOL, "A_1"): ("ELA", [], [])}
    assert (ledger.groups, ledger.students, ledger.users) == (0, 0, 0)


def test_the_same_name_at_another_school_or_in_another_year_is_another_group(tmp_path: Path) -> None:
    groups = {"A_1": Group((ANN,)), "a_1": Group((BEN,), school=OTHER_SCHOOL), "A_1 ": Group((CAL,), year=2026)}
    sent = write_upload(tmp_path / "upload", groups)
    sent.path.write_text(sent.path.read_text().replace("A_1 ,", "A_1,"))
    ledger = apply(None, [sent.path], sent.groups, (1,), tmp_path / "ledger")
    assert ledger.groups == 3


def test_a_damaged_ledger_is_refused(tmp_path: Path) -> None:
    ledger = after(tmp_path, {"A_1": Group((ANN,))})
    with (ledger.path / "users.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(DataStop, match=r"the ledger is damaged \(users\.parquet has changed\)"):
        open_ledger(ledger.path)


@pytest.mark.parametrize("odd", [{"groups": None}, {"students": "1"}, {"users": True}], ids=repr)
def test_a_ledger_whose_manifest_says_what_cannot_be_is_refused(tmp_path: Path, odd: dict[str, object]) -> None:
    ledger = after(tmp_path, {"A_1": Group((ANN,))})
    manifest = json.loads((ledger.path / MANIFEST).read_text())
    (ledger.path / MANIFEST).write_text(json.dumps(manifest | odd))
    with pytest.raises(DataStop, match=r"the ledger is damaged \(manifest\.json is not whole\)"):
        open_ledger(ledger.path)


def test_nothing_is_there_when_it_could_not_be_written_whole(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no-such-file"):
        apply(None, [tmp_path / "no-such-file.csv"], None, (), tmp_path / "ledger")
    assert list(tmp_path.iterdir()) == []


def test_what_could_be_retired_is_counted_by_year_and_by_deleted_profile(tmp_path: Path) -> None:
    groups = {
        "A_1": Group((ANN,)),
        "B_1": Group((BEN,), profiles=(1,)),
        "C_1": Group((CAL,), profiles=(0, 1)),
        "D_1": Group(profiles=(1,)),
        "E_1": Group((ANN,), year=2026),
    }
    sent = write_upload(tmp_path / "upload", groups)
    ledger = apply(None, [sent.path], sent.groups, (10, 20), tmp_path / "ledger")
    assert count_retirable(ledger, [10]) == ({2026: 1, 2027: 3}, {2027: 1})


def test_groups_are_found_by_a_part_of_their_name(tmp_path: Path) -> None:
    ledger = after(
        tmp_path, {f"{n}_Lee_1": Group((ANN,), ("t@x.org", "u@x.org")) for n in range(5)} | {"Ng_1": Group()}
    )
    count, groups = list_groups(ledger, "lee", 1, 2)
    assert (count, [(g.name, g.students, g.users, g.profiles) for g in groups]) == (
        5,
        [("1_Lee_1", 1, 2, (1,)), ("2_Lee_1", 1, 2, (1,))],
    )


names = st.sampled_from(["Lee_1", "LEE_1", "Ng_1", "Ng_2", "None_1"])
ssids = st.sampled_from([f"700000000{n}" for n in range(6)])
logins = st.sampled_from(["a@x.org", "A@x.org", "b@x.org", "B@X.ORG", "c-d@x.org"])
groups = st.builds(
    Group,
    students=st.lists(ssids, unique=True, max_size=4).map(tuple),
    users=st.lists(logins, unique_by=str.lower, max_size=3).map(tuple),
    subject=st.sampled_from(["ELA", "Math", "All"]),
    school=st.just(SCHOOL),
)
uploads = st.lists(
    st.dictionaries(names, groups, min_size=1, max_size=4).filter(lambda g: len({n.lower() for n in g}) == len(g)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None)
@given(uploads)
def test_the_ledger_holds_what_the_model_of_the_receiver_holds(sequence: list[Groups]) -> None:
    warehouse = Warehouse(Known(None, frozenset({2027}), ("Math", "ELA")))
    with TemporaryDirectory() as name:
        ledger = after(Path(name), *sequence)
        for number in range(len(sequence)):
            # sent again, the same bytes would be skipped, which the jobs prevent by varying them
            warehouse.processed.clear()
            content = (Path(name) / f"upload-{number}" / "extract-1.csv").read_bytes()
            assert warehouse.upload(content).outcome == "loaded"
        state = {
            (g["school"], g["name"]): (g["subject"] or "All", g["members"], g["users"])
            for g in warehouse.state()["groups"]
        }
        assert {key: (s, m, sorted(u)) for key, (s, m, u) in held(ledger).items()} == {
            key: (s, m, sorted(u)) for key, (s, m, u) in state.items()
        }
