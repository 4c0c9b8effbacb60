"""From chosen profiles to a checked file, by the worker that really runs it."""

import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from cersgroups.actions.enqueue import enqueue_build
from cersgroups.actions.extract import create_extracts, download_extract, extract_findings
from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import create_profile, delete_profile, export_profile, find_profile
from cersgroups.cers.acceptance import check_files
from cersgroups.cli.main import main
from cersgroups.core.error import NotThere
from cersgroups.core.profile import NAME_STYLES, from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.snapshot import open_snapshot
from cersgroups.engine.writer import Writer
from cersgroups.jobs.extract import amount
from cersgroups.jobs.worker import run_worker
from cersgroups.records.extract import Extract
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import CLASSES, GRADES
from tests.roster import give_roster

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 11, 23)


@pytest.fixture
def folk(stored_snapshot: Path) -> People:
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    return folk


def made(folk: People, *contents: dict[str, object], consolidate: bool = False, as_of: date = DAY) -> list[Extract]:
    """The extracts of Ada's profiles with these contents, after the worker."""
    ids = [create_profile(folk.ada, content).pk for content in contents]
    extracts = create_extracts(folk.ada, ids, consolidate=consolidate, as_of=as_of)
    run_worker(wait=False)
    return [record_of(folk, extract.pk) for extract in extracts]


def record_of(folk: People, extract_id: int) -> Extract:
    with lea_scope(folk.lea_id):
        return Extract.objects.get(pk=extract_id)


def test_the_file_is_byte_for_byte_what_the_command_line_builds(
    folk: People, stored_snapshot: Path, tmp_path: Path
) -> None:
    [extract] = made(folk, CLASSES)
    built = build(open_snapshot(stored_snapshot), [from_mapping(CLASSES)], DAY, tmp_path)
    assert (extract.state, extract.files) == ("done", ["extract-1.csv"])
    assert (extract.folder / "extract-1.csv").read_bytes() == built.files[0].read_bytes()
    assert (extract.records, extract.groups, extract.students) == (built.records, built.groups, built.students)
    check_files([extract.folder / "extract-1.csv"], 2027)


@pytest.mark.parametrize("style", NAME_STYLES)
def test_an_exported_profile_gives_the_same_file_by_the_command_line(
    folk: People, stored_snapshot: Path, tmp_path: Path, style: str
) -> None:
    """Other names would be other groups in CERS, beside those that the web has sent (features B4)."""
    change_settings(folk.ada, name_style=style)
    [extract] = made(folk, CLASSES)
    with lea_scope(folk.lea_id):
        exported = export_profile(folk.ada, Profile.objects.get().pk)
    (tmp_path / "exported.toml").write_text(exported, encoding="utf-8")
    built = tmp_path / "built.csv"
    arguments = ("--as-of", DAY.isoformat(), "--out", str(built))
    assert main(["build", str(stored_snapshot), str(tmp_path / "exported.toml"), *arguments]) == 0
    assert built.read_bytes() == (extract.folder / "extract-1.csv").read_bytes()
    assert ("name_style" in exported) is (style != "safe")


def test_separate_profiles_give_a_file_each_and_consolidated_ones_one(folk: People) -> None:
    assert [e.name for e in made(folk, CLASSES, GRADES)] == ["Classes", "Grades"]
    [together] = made(folk, CLASSES, GRADES, consolidate=True)
    assert (together.name, together.consolidated, together.school_ids) == ("consolidated", True, ["10", "20", "30"])


def test_findings_are_kept_by_code(folk: People, stored_snapshot: Path, tmp_path: Path) -> None:
    [extract] = made(folk, CLASSES)
    built = build(open_snapshot(stored_snapshot), [from_mapping(CLASSES)], DAY, tmp_path)
    with lea_scope(folk.lea_id):
        assert extract_findings(folk.ada, extract.pk) == list(built.findings)
    assert (extract.folder / "findings.csv").is_file()


@pytest.mark.parametrize(("number", "words"), [(0, "0 groups"), (1, "1 group"), (1200, "1,200 groups")])
def test_one_group_is_told_in_the_singular(number: int, words: str) -> None:
    assert amount(number, "group") == words


def test_a_day_without_groups_fails_with_the_reason_and_gives_no_file(folk: People) -> None:
    [extract] = made(folk, GRADES, as_of=date(2026, 7, 4))
    assert (extract.state, extract.files) == ("failed", [])
    assert extract.why.startswith("Grades: no group on 2026-07-04.")
    assert extract.finished_at is not None


def test_data_that_stops_it_is_told_and_leaves_nothing(folk: People) -> None:
    [extract] = made(folk, {**CLASSES, "filters": {"departments": ["GONE"]}})
    assert extract.state == "failed"
    assert "none of the chosen departments is in the roster" in extract.why
    assert not extract.folder.exists()
    assert [path.name for path in extract.folder.parent.iterdir()] == []


def test_a_list_of_students_who_are_gone_is_told_by_their_number_and_named_in_nothing_that_is_kept(
    folk: People,
) -> None:
    gone = {"name": "Tutoring", "students": ["9999999998", "9999999999", "A-1"]}
    [extract] = made(folk, {**GRADES, "type": "student_list", "list": gone})
    with lea_scope(folk.lea_id):
        used = extract.profiles.get().profile
        assert used is not None
    assert "none of the chosen students is in the roster: 3 are chosen" in extract.why
    assert used.last_result == extract.why
    assert not re.search(r"9999999|A-1", extract.why)


def test_sentences_that_were_kept_before_name_no_student_after_the_migration(folk: People) -> None:
    [extract] = made(folk, CLASSES)
    kept = "L: none of the chosen students is in the roster (A-1, 9999999999). Row 3 has 9999999999, of 12345678901234."
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk=extract.pk).update(why=kept)
        Profile.objects.update(last_result=kept)
    with connect_as_owner() as owner:
        owner.execute(import_module("cersgroups.records.migrations.0022_sentences").MASK)
    with lea_scope(folk.lea_id):
        found = {Extract.objects.get(pk=extract.pk).why, Profile.objects.get().last_result}
    assert found == {"L: none of the chosen students is in the roster. Row 3 has (an SSID), of 12345678901234."}


def test_sentences_that_were_kept_before_name_no_sourced_id_and_no_key_after_the_migration(folk: People) -> None:
    extracts = [made(folk, CLASSES)[0] for _ in range(2)]
    students, staff = "the key S1 (student_id) stands twice", "the key 1234567890 (staff_id) stands twice"
    row = "SIS: users, sourcedId 'S-1': birthDate is wrong; "
    with lea_scope(folk.lea_id):
        for extract, kept in zip(extracts, (students, staff), strict=True):
            Extract.objects.filter(pk=extract.pk).update(why=kept)
        Profile.objects.update(last_result=row * 20)
        Snapshot.objects.update(counted={"why_not": row})
    with connect_as_owner() as owner, owner.transaction(), owner.cursor() as cursor:
        import_module("cersgroups.records.migrations.0026_sentences_again").mask(cursor)
    with lea_scope(folk.lea_id):
        found = [Extract.objects.get(pk=extract.pk).why for extract in extracts]
        assert found == ["a key (student_id) stands twice", staff]
        assert {len(p.last_result) <= 1000 and "S-1" not in p.last_result for p in Profile.objects.all()} == {True}
        assert {snapshot.counted for snapshot in Snapshot.objects.all()} == {None}


def test_the_result_stands_in_the_list_of_profiles(folk: People) -> None:
    [extract] = made(folk, GRADES)
    with lea_scope(folk.lea_id):
        used = extract.profiles.get().profile
        assert used is not None
        assert used.last_result.startswith(f"{extract.groups} groups, ")
        assert used.last_result_at == extract.finished_at


def results_of(extract: Extract) -> list[str]:
    return [profile.profile.last_result for profile in extract.profiles.all() if profile.profile]


@pytest.mark.parametrize(("others", "said"), [(1, "1 other"), (2, "2 others")])
def test_of_a_file_of_several_profiles_each_says_that_the_result_is_not_its_own(
    folk: People, others: int, said: str
) -> None:
    contents = [GRADES, CLASSES, {**GRADES, "name": "Grades again", "schools": ["30"]}][: others + 1]
    [extract] = made(folk, *contents, consolidate=True)
    with lea_scope(folk.lea_id):
        results = results_of(extract)
    assert len(results) == others + 1
    assert set(results) == {f"In one file with {said}: {extract.groups} groups, {extract.students} students"}


def test_why_there_is_no_consolidated_file_is_told_so_too(folk: People) -> None:
    [extract] = made(folk, GRADES, CLASSES, consolidate=True, as_of=date(2026, 7, 4))
    with lea_scope(folk.lea_id):
        assert set(results_of(extract)) == {f"In one file with 1 other: {extract.why}"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("10_Old_1,99100000000010,1999,ELA,1000000001,", "1999"),
        ("10_Short_1,99100000000010,2027,ELA,123,", "The SSID 123 has not ten digits"),
    ],
)
def test_a_file_that_the_receiver_would_refuse_or_garble_is_never_seen(
    folk: People, monkeypatch: pytest.MonkeyPatch, row: str, said: str
) -> None:
    """Whatever the build writes is checked by the receiver's rules first (features E6)."""
    begin = Writer._begin_file

    def begin_with_that_row(writer: Writer) -> None:
        begin(writer)
        assert writer._file is not None
        writer._file.write(f"{row}\n".encode())

    monkeypatch.setattr(Writer, "_begin_file", begin_with_that_row)
    [extract] = made(folk, CLASSES)
    assert (extract.state, extract.files, extract.records) == ("failed", [], 0)
    assert extract.why.startswith("The file was not written, because CERS would refuse or garble it: row 1: ")
    assert said in extract.why
    assert list(extract.folder.parent.iterdir()) == []
    with lea_scope(folk.lea_id):
        assert results_of(extract) == [extract.why]
    with pytest.raises(NotThere):
        download_extract(folk.ada, extract.pk, "extract-1.csv")


def test_it_is_built_of_the_profile_as_it_was_when_it_was_asked_for(folk: People) -> None:
    profile = create_profile(folk.ada, GRADES)
    [extract] = create_extracts(folk.ada, [profile.pk], as_of=DAY)
    delete_profile(folk.ada, profile.pk)
    run_worker(wait=False)
    extract = record_of(folk, extract.pk)
    assert extract.state == "done"
    with lea_scope(folk.lea_id):
        kept = extract.profiles.get()
        assert (kept.profile, kept.name, kept.version) == (None, "Grades", 1)


def test_names_are_readable_if_the_lea_says_so(folk: People) -> None:
    change_settings(folk.ada, name_style="readable")
    [extract] = made(folk, CLASSES)
    names = {line.split(",")[0] for line in (extract.folder / "extract-1.csv").read_text().splitlines()[1:]}
    assert all(" " in name and "_" not in name for name in names)


def test_the_job_runs_twice_as_if_once(folk: People) -> None:
    [extract] = made(folk, GRADES)
    enqueue_build(folk.lea_id, extract.pk, students=1)
    run_worker(wait=False)
    again = record_of(folk, extract.pk)
    assert again.finished_at == extract.finished_at


def test_a_run_that_died_is_done_again_from_the_start(folk: People) -> None:
    profile = create_profile(folk.ada, GRADES)
    [extract] = create_extracts(folk.ada, [profile.pk], as_of=DAY)
    with lea_scope(folk.lea_id):
        extract.become("building")
        extract.progress = 0.7
        extract.save()
        extract.folder.mkdir()
        (extract.folder / "extract-1.csv").write_text("half")
        left = extract.folder.with_name(f".{extract.pk}-left")
        left.mkdir()
    run_worker(wait=False)
    again = record_of(folk, extract.pk)
    assert again.state == "done"
    assert (again.folder / "extract-1.csv").read_text() != "half"
    assert not left.exists()


def test_a_job_cannot_reach_an_extract_of_another_lea(folk: People) -> None:
    profile = create_profile(folk.ada, GRADES)
    [extract] = create_extracts(folk.ada, [profile.pk], as_of=DAY)
    with lea_scope(folk.lea_id):
        assert find_profile(folk.ada, profile.pk)
        Extract.objects.filter(pk=extract.pk).update(state="queued")
    enqueue_build(folk.other_lea_id, extract.pk, students=1)
    run_worker(wait=False)
    assert record_of(folk, extract.pk).state == "done"
