"""`cersgroups build`: every kind of roster, what it prints, its statuses, and that a failure changes nothing."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cersgroups.cli.main import main
from cersgroups.core.profile import LONGEST_TEXT
from cersgroups.core.student_group import HEADER
from tests.engine.roster_files import DISTRICT, write_roster
from tests.roster import small_snapshot
from tests.sources.oneroster_files import export, texts, write_folder, write_zip

Run = Callable[..., tuple[int, str, str]]
DAY = "2026-11-23"
CLASSES = """
name = "English: 9/10"
school_year = 2027
subject = "ELA"
type = "classes"
name_pattern = "teacher_period"
schools = ["10", "20"]
"""
GRADES = 'name = "Grades"\nschool_year = 2027\nsubject = "All"\ntype = "grade"\nschools = ["30"]\n'
OF_ONEROSTER = CLASSES.replace('["10", "20"]', '["994"]')


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a roster folder and profiles are in it."""
    write_roster(tmp_path / "roster", DISTRICT)
    for name, text in (("classes", CLASSES), ("grades", GRADES), ("oneroster", OF_ONEROSTER)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def build(place: Path, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001 - sets the stage
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["build", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_file_is_named_after_the_profile_without_what_no_file_name_holds(place: Path, build: Run) -> None:
    before = names(place)
    status, out, err = build("roster", "classes.toml", "--as-of", DAY)
    assert (status, out) == (0, "")
    assert names(place) - before == {"English- 9-10.csv"}
    assert "English- 9-10.csv: checked by the receiver's rules." in err
    assert "3 groups, 3 students, 3 users, 4 records." in err
    assert (place / "English- 9-10.csv").read_text().splitlines()[0] == ",".join(HEADER)


def test_a_folder_a_zip_of_it_and_a_snapshot_give_the_same_bytes(place: Path, build: Run) -> None:
    with zipfile.ZipFile("roster.zip", "w") as archive:
        for path in sorted((place / "roster").iterdir()):
            archive.write(path, path.name)
    small_snapshot(place / "made")
    for number, roster in enumerate(("roster", "roster.zip", "made/snapshot")):
        assert build(roster, "classes.toml", "--as-of", DAY, "--out", f"{number}.csv")[0] == 0
    assert Path("0.csv").read_bytes() == Path("1.csv").read_bytes() == Path("2.csv").read_bytes()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_oneroster_as_zip_and_as_folder(place: Path, build: Run, version: str) -> None:
    files = texts(export(version), version)  # type: ignore[arg-type]
    write_zip(place / "export.zip", files)
    write_folder(place / "export", files)
    for roster in ("export.zip", "export"):
        assert build(roster, "oneroster.toml", "--as-of", DAY, "--out", f"{roster}.csv")[0] == 0
    assert Path("export.zip.csv").read_bytes() == Path("export.csv").read_bytes()
    assert len(Path("export.csv").read_text().splitlines()) > 1


def test_several_profiles_are_consolidated(place: Path, build: Run) -> None:
    assert build("roster", "classes.toml", "grades.toml", "--as-of", DAY)[0] == 0
    lines = (place / "consolidated.csv").read_text().splitlines()
    assert {line.split(",")[3] for line in lines[1:]} == {"ELA", "All"}


def test_json_is_one_object_on_standard_output(build: Run) -> None:
    status, out, _ = build("roster", "classes.toml", "--as-of", DAY, "--out", "x.csv", "--json")
    result = json.loads(out)
    assert status == 0
    assert list(result) == ["file", "files", "records", "groups", "students", "users", "findings"]
    assert (result["file"], result["files"], result["records"], result["groups"]) == ("x.csv", ["x.csv"], 4, 3)
    assert all(list(finding) == ["code", "severity", "count", "message"] for finding in result["findings"])


def test_the_rows_behind_the_findings_are_written_on_request(place: Path, build: Run) -> None:
    assert build("roster", "classes.toml", "--as-of", DAY, "--findings", "left-out.csv")[0] == 0
    assert (place / "left-out.csv").read_text("utf-8-sig").startswith("code,severity,message,school_id,")


def test_files_that_would_be_too_long_are_several(place: Path, build: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.engine.writer.MAX_ROWS", 3)
    status, out, _ = build("roster", "classes.toml", "--as-of", DAY, "--out", "x.csv", "--json")
    assert (status, json.loads(out)["files"]) == (0, ["x-1.csv", "x-2.csv"])
    assert not (place / "x.csv").exists()


FAULTS: dict[str, tuple[int, list[str], str]] = {
    "no term runs": (1, ["--as-of", "2026-07-04"], "no group on 2026-07-04"),
    "no such roster": (2, ["--as-of", DAY], "nowhere"),
    "no date": (2, ["--as-of", "23.11.2026"], "'23.11.2026' is no date. Write it as 2026-11-23."),
    "no folder for the file": (2, ["--as-of", DAY, "--out", "away/x.csv"], "does not exist"),
    "no folder for the findings": (2, ["--as-of", DAY, "--findings", "away/x.csv"], "does not exist"),
    "another school year": (2, ["--as-of", DAY], "the roster is of 2027"),
    "an unknown key": (2, ["--as-of", DAY], "departmets"),
    "a list that is all gone": (1, ["--as-of", DAY], "none of the chosen departments is in the roster (GONE)"),
    "no TOML": (2, ["--as-of", DAY], "classes.toml"),
    "a missing column": (1, ["--as-of", DAY], "schools.csv"),
    "a missing table": (
        1,
        ["--as-of", DAY],
        "roster: English: 9/10: no group on 2026-11-23. The roster has no enrollments: enrollments.csv is missing",
    ),
    "a roster without schools": (
        1,
        ["--as-of", DAY],
        "(10, 20). The roster has no schools: schools.csv is missing from",
    ),
    "a roster without LEA": (1, ["--as-of", DAY], "roster/lea.csv: is missing, or has no row."),
    "no CSV": (1, ["--as-of", DAY], "roster/courses.csv: this is no CSV file; it seems to be a PDF document."),
    "a quote astray": (
        1,
        ["--as-of", DAY],
        "roster/courses.csv, line 2: there is a quote inside a cell without quotes",
    ),
    "a duplicate key": (1, ["--as-of", DAY], "S1"),
    "a malformed date": (1, ["--as-of", DAY], "31.12.2026"),
}

MISSING = {
    "a missing table": "students.csv",
    "a roster without schools": "schools.csv",
    "a roster without LEA": "lea.csv",
}
COURSES = {"no CSV": "%PDF-1.7 ...", "a quote astray": 'course_id,title\nE9,English "9"\n'}


def spoil(place: Path, fault: str) -> None:
    profile, roster = place / "classes.toml", place / "roster"
    if fault == "another school year":
        profile.write_text(CLASSES.replace("2027", "2026"))
    elif fault == "an unknown key":
        profile.write_text(CLASSES + '[filters]\ndepartmets = ["ENG"]\n')
    elif fault == "a list that is all gone":
        profile.write_text(CLASSES + '[filters]\ndepartments = ["GONE"]\n')
    elif fault == "no TOML":
        profile.write_text("name = English")
    elif fault == "a missing column":
        write_roster(roster, {"schools": "school_id | name\n10 | Fig High"})
    elif fault in MISSING:
        (roster / MISSING[fault]).unlink()
    elif fault in COURSES:
        (roster / "courses.csv").write_text(COURSES[fault])
    elif fault == "a duplicate key":
        write_roster(roster, {"students": DISTRICT["students"].rstrip() + "\nS1 | 7000000099 | Other | Body"})
    elif fault == "a malformed date":
        terms = "school_id | term_code | start_date | end_date\n10 | Y | 2026-08-15 | 31.12.2026"
        write_roster(roster, {"terms": terms})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_sentence_and_leaves_an_existing_file_untouched(
    place: Path, build: Run, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    status, options, sentence = FAULTS[fault]
    spoil(place, fault)
    (place / "English- 9-10.csv").write_text("of last week")
    before = names(place)
    roster = "nowhere" if fault == "no such roster" else "roster"
    if fault == "no date":
        with pytest.raises(SystemExit) as ended:
            build(roster, "classes.toml", *options)
        got, err = ended.value.code, capsys.readouterr().err
    else:
        got, _, err = build(roster, "classes.toml", *options)
    assert got == status
    assert sentence in err
    assert "Traceback" not in err
    assert names(place) == before
    assert (place / "English- 9-10.csv").read_text() == "of last week"


def run_apart(place: Path, *arguments: str, **more: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "cersgroups", "build", "roster", "classes.toml", "--as-of", DAY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=place, **more)  # type: ignore[call-overload,no-any-return]


def test_without_a_terminal_there_is_no_progress_bar(place: Path) -> None:
    done = run_apart(place, "--out", "x.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert "\r" not in done.stderr
    assert "\x1b" not in done.stderr


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A folder on a disk of one page, which is full."""
    disk = place / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    (disk / "full").write_bytes(b"x" * 4096)
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("options", [["--out", "disk/x.csv"], ["--out", "x.csv", "--findings", "disk/f.csv"]])
def test_a_full_disk_is_told_and_no_file_is_written(place: Path, small_disk: Path, options: list[str]) -> None:
    before = names(place)
    done = run_apart(place, *options)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert (names(place), names(small_disk)) == (before, {"full"})


def test_a_full_disk_while_a_roster_is_converted_is_told(place: Path, small_disk: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cersgroups", "roster", "convert", "roster", "disk/snapshot"],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
    )
    assert done.returncode == 2
    assert "No space left on device. Make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert names(small_disk) == {"full"}


UNWRITABLE = {
    "a folder": (["--out", "roster"], "roster: is a folder. Name the file to write in it."),
    "nothing": (["--out", ""], "is a folder"),
    "the profile": (["--out", "classes.toml"], "classes.toml: is read by this command"),
    "a folder for findings": (["--findings", "roster"], "roster: is a folder"),
    "the profile for findings": (["--findings", "classes.toml"], "classes.toml: is read by this command"),
    "one file for both": (["--out", "x.csv", "--findings", "x.csv"], "Name two files"),
    "a name that is too long": (["--out", "x" * 300], "File name too long. Choose a shorter name."),
    "where nothing can be written": (["--out", "/proc/x.csv"], "/proc: nothing can be written there"),
}


@pytest.mark.parametrize("what", UNWRITABLE)
def test_where_no_file_can_be_written_is_told_before_anything_is(place: Path, build: Run, what: str) -> None:
    options, sentence = UNWRITABLE[what]
    before = {path.name: path.is_file() and path.read_bytes() for path in place.iterdir()}
    status, _, err = build("roster", "classes.toml", "--as-of", DAY, *options)
    assert (status, sentence in err) == (2, True), err
    assert {path.name: path.is_file() and path.read_bytes() for path in place.iterdir()} == before


def test_findings_on_another_disk_are_written_too(build: Run) -> None:
    elsewhere = Path("/dev/shm")  # noqa: S108 - another disk than that of the tests
    if not elsewhere.is_dir():
        pytest.skip("this machine has no /dev/shm")
    with TemporaryDirectory(dir=elsewhere) as folder:
        findings = Path(folder) / "f.csv"
        assert build("roster", "classes.toml", "--as-of", DAY, "--findings", str(findings))[0] == 0
        assert findings.read_text("utf-8-sig").startswith("code,")
        assert names(Path(folder)) == {"f.csv"}


def test_a_profile_with_a_long_name_or_a_byte_order_mark_is_read(place: Path, build: Run) -> None:
    (place / "long.toml").write_text("\ufeff" + CLASSES.replace("English: 9/10", "ñ" * LONGEST_TEXT), "utf-8")
    assert build("roster", "long.toml", "--as-of", DAY)[0] == 0
    assert "ñ" * 100 + ".csv" in names(place)
