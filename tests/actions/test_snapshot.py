"""Rosters: what may be uploaded, which one is current, what changed between two."""

import io
from pathlib import Path

import pytest
from pytest_django import Settings

from cersgroups.actions.audit import visible_entries
from cersgroups.actions.comparison import TableChange, compare
from cersgroups.actions.lea import change_settings
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.snapshot import (
    current_snapshot,
    find_snapshot,
    go_back,
    make_current,
    upload_roster,
    visible_snapshots,
)
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.records.lea import Lea
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.people import People
from tests.roster import give_roster


def file(name: str, content: bytes = b"a,b\n1,2\n") -> UploadedFile:
    return UploadedFile(name, io.BytesIO(content))


def changed(people: People, snapshot_id: int, **changes: object) -> None:
    with lea_scope(people.lea_id):
        Snapshot.objects.filter(pk=snapshot_id).update(**changes)


def current_id(people: People) -> int | None:
    with lea_scope(people.lea_id):
        return Lea.objects.get().current_snapshot_id


def test_an_upload_is_stored_for_its_owner_only_and_waits_for_the_worker(people: People) -> None:
    snapshot = upload_roster(people.ada, [file("schools.csv"), file("lea.csv")], mapping='ssid = "identifier"')
    folder = snapshot.received / "roster"
    assert sorted(path.name for path in folder.iterdir()) == ["lea.csv", "schools.csv"]
    assert folder.stat().st_mode & 0o077 == 0
    assert (snapshot.state, snapshot.file_name, snapshot.mapping) == ("queued", "2 CSV files", 'ssid = "identifier"')
    with lea_scope(people.lea_id):
        assert visible_entries(people.ada)[0].action == "upload roster"


def test_the_last_mapping_is_remembered_for_the_next_upload(people: People) -> None:
    upload_roster(people.ada, [file("a.zip")], mapping='seid = "identifier"')
    assert upload_roster(people.ada, [file("b.zip")]).mapping == 'seid = "identifier"'
    assert upload_roster(people.ada, [file("c.zip")], mapping="").mapping == ""


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "No file was sent"),
        (["roster.exe"], "roster.exe is not a CSV file or a zip"),
        (["Fall Roster.XLSX"], "Save each sheet as CSV in your spreadsheet program first"),
        (["a.zip", "b.csv"], "Send one zip alone"),
        (["x/lea.csv", "y/lea.csv"], "lea.csv: was sent twice"),
        ([f"{n}.csv" for n in range(41)], "41 files were sent, more than 40"),
    ],
)
def test_an_upload_that_cannot_be_meant_leaves_nothing(people: People, files: list[str], sentence: str) -> None:
    with pytest.raises(RequestStop, match=sentence):
        upload_roster(people.ada, [file(name) for name in files])
    with lea_scope(people.lea_id):
        assert not visible_snapshots(people.ada).exists()


def test_names_cannot_lead_out_of_the_upload(people: People) -> None:
    names = ["../../../etc/lea.csv", "C:\\Users\\ada\\schools.csv", "...staff.csv", "te\x00rms\n.csv"]
    snapshot = upload_roster(people.ada, [file(name) for name in names])
    assert sorted(path.name for path in (snapshot.received / "roster").iterdir()) == [
        "lea.csv",
        "schools.csv",
        "staff.csv",
        "te-rms-.csv",
    ]


def test_an_upload_over_the_limit_is_refused_and_removed(people: People, settings: Settings) -> None:
    settings.ROSTER_MAX_BYTES = 1 << 20
    with pytest.raises(RequestStop, match="larger than 1 MB"):
        upload_roster(people.ada, [file("a.csv", b"x" * 700_000), file("b.csv", b"x" * 700_000)])
    with lea_scope(people.lea_id):
        assert not visible_snapshots(people.ada).exists()


def test_a_wrong_mapping_is_refused_before_anything_is_stored(people: People) -> None:
    with pytest.raises(RequestStop, match="unknown key 'sid'"):
        upload_roster(people.ada, [file("a.zip")], mapping='sid = "identifier"')


def test_making_a_roster_current_puts_its_schools_in_place_of_the_old(people: People, stored_snapshot: Path) -> None:
    first = give_roster(people.lea_id, stored_snapshot)
    second = give_roster(people.lea_id, stored_snapshot)
    row = {"school_id": "77", "number": "77", "name": "New High", "cds_code": "", "active": True}
    changed(people, second, schools=[{**row, "schedule": "", "tracks_primary_classes": False}])
    make_current(people.ada, second)
    with lea_scope(people.lea_id):
        assert list(School.objects.values_list("school_id", flat=True)) == ["77"]
        assert current_snapshot(people.alma).lea_code == "99100"
    assert current_id(people) == second != first


def test_going_back_leads_step_by_step_to_earlier_rosters(people: People, stored_snapshot: Path) -> None:
    first, second, third = (give_roster(people.lea_id, stored_snapshot) for _ in range(3))
    assert current_id(people) == third
    assert go_back(people.ada).pk == second
    assert go_back(people.ada).pk == first
    with pytest.raises(RequestStop, match="no earlier roster"):
        go_back(people.ada)
    make_current(people.ada, third)
    assert go_back(people.ada).pk != third


def test_a_roster_that_is_not_ready_cannot_become_current(people: People, stored_snapshot: Path) -> None:
    current = give_roster(people.lea_id, stored_snapshot)
    waiting = upload_roster(people.ada, [file("a.zip")])
    with pytest.raises(RequestStop, match="not ready"):
        make_current(people.ada, waiting.pk)
    assert current_id(people) == current


def test_the_time_zone_is_the_first_rosters_and_then_the_leas_own(people: People, stored_snapshot: Path) -> None:
    change_settings(people.ada, time_zone="Pacific/Honolulu")
    give_roster(people.lea_id, stored_snapshot)
    with lea_scope(people.lea_id):
        assert Lea.objects.get().time_zone == "America/Los_Angeles"
    change_settings(people.ada, time_zone="Pacific/Honolulu")
    give_roster(people.lea_id, stored_snapshot)
    with lea_scope(people.lea_id):
        assert Lea.objects.get().time_zone == "Pacific/Honolulu"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "America", "\0"])
def test_what_is_no_time_zone_is_told(people: People, zone: str) -> None:
    with pytest.raises(RequestStop, match="is no time zone"):
        change_settings(people.ada, time_zone=zone)


def test_two_rosters_are_compared_table_by_table_and_school_by_school(people: People, stored_snapshot: Path) -> None:
    give_roster(people.lea_id, stored_snapshot)
    second = give_roster(people.lea_id, stored_snapshot)
    go_back(people.ada)
    with lea_scope(people.lea_id):
        record = find_snapshot(people.ada, second)
        schools = [row for row in record.schools if row["school_id"] != "30"]
        schools.append({**record.schools[0], "school_id": "77", "name": "New High"})
        changed(people, second, schools=schools, counts={**record.counts, "students": 2 * record.counts["students"]})
        comparison = compare(people.ada, second)
    assert (comparison.schools_gained, comparison.schools_lost) == (("New High",), ("Kiwi Elem",))
    percents = {change.table: change.percent for change in comparison.tables}
    assert (percents["students"], percents["sections"]) == (100.0, 0.0)


def test_there_is_no_percentage_of_nothing() -> None:
    assert TableChange("staff", 0, 5).percent is None


def test_a_roster_of_another_lea_is_not_there(people: People, stored_snapshot: Path) -> None:
    theirs = give_roster(people.other_lea_id, stored_snapshot)
    with pytest.raises(NotThere), lea_scope(people.lea_id):
        find_snapshot(people.ada, theirs)


def test_without_a_roster_the_sentence_says_who_must_do_what(people: People) -> None:
    with pytest.raises(RequestStop, match="An admin must upload one first"), lea_scope(people.lea_id):
        current_snapshot(people.alma)
