"""`cersgroups build` on OneRoster exports, as the specification has them and with what goes wrong with real ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cersgroups.cli.main import main
from cersgroups.sources.demo_oneroster import VERSIONS
from cersgroups.sources.oneroster_layout import Version
from tests.sources.oneroster_files import Files, export, row_of, texts, write_zip

PROFILE = """
name = "English"
school_year = 2027
subject = "ELA"
type = "classes"
name_pattern = "teacher_period"
schools = ["994"]
"""
Contents = dict[str, bytes]
Fault = Callable[[Version], Contents]
"""Gives the export of a version with one thing wrong."""


def contents(version: Version, change: Callable[[Files], None] = lambda _: None) -> Contents:
    files = export(version)
    change(files)
    return {name: text.encode() for name, text in texts(files, version).items()}


def of_rows(change: Callable[[Files], None]) -> Fault:
    return lambda version: contents(version, change)


def of_files(change: Callable[[Contents], Contents]) -> Fault:
    return lambda version: change(contents(version))


def in_every_file(change: Callable[[str], str]) -> Fault:
    return of_files(lambda files: {name: change(content.decode()).encode() for name, content in files.items()})


def renamed(change: Callable[[str], str]) -> Fault:
    return of_files(lambda files: {change(name): content for name, content in files.items()})


def in_file(name: str, old: bytes, new: bytes) -> Fault:
    return of_files(lambda files: {**files, name: files[name].replace(old, new)})


def in_users(old: bytes, new: bytes) -> Fault:
    return in_file("users.csv", old, new)


def with_file(name: str, content: bytes) -> Fault:
    return of_files(lambda files: {**files, name: content})


def without_file(name: str) -> Fault:
    return of_files(lambda files: {other: content for other, content in files.items() if other != name})


def widened(text: str) -> str:
    header, *rows = text.splitlines()
    return "\r\n".join([f"{header},mood", *(f"{row},good" for row in rows), ""])


def full_of_status(files: Files) -> None:
    for rows in files.values():
        for row in rows:
            row |= {"status": "active", "dateLastModified": "2026-11-01T00:00:00.000Z"}


def without_periods(files: Files) -> None:
    row_of(files, "classes", "C1")["periods"] = ""


def with_times(files: Files) -> None:
    for row in files["academicSessions"]:
        row |= {name: f"{row[name]}T00:00:00.000Z" for name in ("startDate", "endDate")}


def in_another_style(files: Files) -> None:
    row_of(files, "academicSessions", "S1")["startDate"] = "08/12/2026"


def without_ssids(files: Files) -> None:
    for row in files["users"]:
        row |= {"userIds": "", "identifier": ""}


def with_a_key_twice(files: Files) -> None:
    files["users"].append({**row_of(files, "users", "ST1"), "givenName": "Other"})


TOLERATED: dict[str, tuple[Fault, str]] = {
    "byte order marks": (in_every_file(lambda text: f"\ufeff{text}"), ""),
    "extra columns": (in_every_file(widened), "Columns that are unknown"),
    "a missing column": (in_users(b"middleName", b"mood"), "Columns of the specification that are missing: 1."),
    "names in capitals": (renamed(str.upper), "not spelled as they should be"),
    "a folder in the zip": (renamed(lambda name: f"export/{name}"), "The files lie in 1 folder"),
    "no manifest": (without_file("manifest.csv"), "A manifest.csv that is missing"),
    "status in bulk": (of_rows(full_of_status), "which a bulk export must leave blank"),
    "blank periods": (of_rows(without_periods), "Scheduled classes that have no period: 1."),
    "dates with times": (of_rows(with_times), "Dates that carry a time of day: 6."),
}

STOPPED: dict[str, tuple[Fault, str]] = {
    "another style of dates": (of_rows(in_another_style), "academicSessions.csv, line 3: startDate is '08/12/2026'"),
    "no SSIDs": (of_rows(without_ssids), "no place can hold the SSID (10 digits) of the 3 students."),
    "a key twice": (of_rows(with_a_key_twice), "users.csv, line 7: the sourcedId 'ST1' already stands in an earlier"),
    "a delta": (
        in_file("manifest.csv", b"file.users,bulk", b"file.users,delta"),
        "users.csv is a delta, which holds only what changed. Ask the source for a bulk export.",
    ),
    "a missing file": (without_file("users.csv"), "users.csv is missing. Ask the source for a full export."),
    "a missing column": (in_users(b"familyName", b"surname"), "users.csv: there is no column familyName."),
    "Latin-1": (in_users("í".encode(), b"\xed"), "users.csv, line 4: the text is not UTF-8 (byte 0xED)."),
    "UTF-16": (with_file("users.csv", "sourcedId".encode("utf-16")), "users.csv, line 1: the text is UTF-16, not"),
    "semicolons": (in_users(b",", b";"), "users.csv, line 1: the columns are separated by semicolons."),
    "a web page": (with_file("users.csv", b"<html>Sign in</html>"), "no CSV file; it seems to be a web page."),
    "a workbook": (with_file("users.csv", b"PK\x03\x04xx"), "no CSV file; it seems to be a zip or an Excel workbook"),
    "an endless cell": (in_users(b"Ana", b"A" * (1 << 21)), "users.csv, line 4: the record that begins here is far"),
    "an unclosed quote": (in_users(b"Cy", b'"Cy'), "users.csv, line 6: a quote opens in this record and is never"),
    "a short row": (in_users(b"Ana,", b""), "users.csv, line 4: the row has"),
    "a NUL byte": (in_users(b"Ana", b"A\0na"), "users.csv, line 4: there is a NUL byte"),
    "an absolute path": (with_file("/etc/users.csv", b"x"), "'/etc/users.csv' points outside of the zip."),
    "a path that climbs": (with_file("../up.csv", b"x"), "'../up.csv' points outside of the zip."),
    "a file twice": (with_file("USERS.CSV", b"x"), "'USERS.CSV' is in it twice"),
    "a zip bomb": (with_file("demographics.csv", b"0" * (20 << 20)), "times its size, as zip bombs do."),
}


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> Version:
    given: Version = request.param
    return given


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "english.toml").write_text(PROFILE, "utf-8")
    (tmp_path / "x.csv").write_text("of last week")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def build(place: Path, files: Contents) -> int:
    write_zip(place / "export.zip", files)
    return main(["build", "export.zip", "english.toml", "--as-of", "2026-11-23", "--out", "x.csv"])


def test_an_export_by_the_specification(place: Path, version: Version, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(place, contents(version)) == 0
    assert "1 group, 2 students, 1 user, 2 records." in capsys.readouterr().err
    assert (place / "x.csv").read_text().splitlines()[1:] == [
        "37683380000994_Lovelace-Ada_2_1,37683380000994,2027,ELA,2000000001,t1@unified.example",
        "37683380000994_Lovelace-Ada_2_1,37683380000994,2027,ELA,2000000002,",
    ]


@pytest.mark.parametrize("fault", TOLERATED)
def test_what_real_exports_do_wrong_is_read_as_meant_and_told(
    place: Path, version: Version, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled, sentence = TOLERATED[fault]
    assert build(place, spoiled(version)) == 0
    assert sentence in capsys.readouterr().err
    assert len((place / "x.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize("fault", STOPPED)
def test_what_cannot_be_read_stops_with_file_and_line_and_changes_nothing(
    place: Path, version: Version, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled, sentence = STOPPED[fault]
    assert build(place, spoiled(version)) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told
    assert (place / "x.csv").read_text() == "of last week"
    assert {path.name for path in place.iterdir()} == {"english.toml", "export.zip", "x.csv"}


@pytest.mark.parametrize("kept", [0.01, 0.5, 0.99])
def test_a_zip_that_is_cut_off_is_refused(
    place: Path, version: Version, kept: float, capsys: pytest.CaptureFixture[str]
) -> None:
    build(place, contents(version))
    packed = (place / "export.zip").read_bytes()
    (place / "export.zip").write_bytes(packed[: int(len(packed) * kept)])
    capsys.readouterr()
    assert main(["build", "export.zip", "english.toml", "--out", "x.csv"]) == 1
    assert "It is probably cut off or damaged: fetch it again." in capsys.readouterr().err


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_a_line_end_inside_of_a_name_is_read_as_a_blank(place: Path, version: Version, line_end: str) -> None:
    def change(files: Files) -> None:
        row_of(files, "users", "T1")["familyName"] = f"Love{line_end}lace"

    assert build(place, contents(version, change)) == 0
    assert "_Love-lace-Ada_" in (place / "x.csv").read_text()
