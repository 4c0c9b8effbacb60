"""The path of a roster: what is there is recognised, or said."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.sources.roster import open_roster, open_side_folder, supplied_by
from tests.sources.oneroster_files import export, texts, write_folder, write_zip

LEA = {"lea.csv": "lea_code,name,school_year\n1,Unified,2027\n"}


def refusal(path: Path) -> str:
    with pytest.raises(DataStop) as stop:
        open_roster(path, path.parent / "work")
    assert str(path) in str(stop.value)
    return str(stop.value)


def test_a_path_where_nothing_is_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="there is nothing there"):
        open_roster(tmp_path / "none", tmp_path / "work")


def test_a_roster_folder_is_used_where_it_is(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a", LEA)
    roster = open_roster(folder, tmp_path / "work")
    assert (roster.kind, roster.folder, roster.findings) == ("roster folder", folder, ())
    assert roster.labels["lea"] == "a/lea.csv"


def test_a_table_that_is_not_there_is_named_by_where_it_was_looked_for(tmp_path: Path) -> None:
    roster = open_roster(write_zip(tmp_path / "a.zip", LEA), tmp_path / "work")
    assert roster.labels["students"] == "a.zip/students.csv"


def test_a_zip_of_a_roster_folder_is_copied_into_the_workspace(tmp_path: Path) -> None:
    roster = open_roster(write_zip(tmp_path / "a.zip", LEA), tmp_path / "work")
    assert roster.folder.is_relative_to(tmp_path / "work")
    assert (roster.folder / "lea.csv").read_text() == LEA["lea.csv"]


def test_each_opening_has_a_folder_of_its_own(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", LEA)
    assert open_roster(path, tmp_path / "work").folder != open_roster(path, tmp_path / "work").folder


def test_a_folder_without_lea_is_a_roster_folder_by_its_other_tables(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a", {"students.csv": "student_id\n1\n"})
    assert open_roster(folder, tmp_path / "work").kind == "roster folder"


@pytest.mark.parametrize("mark", ["manifest", "orgs", "users", "classes", "AcademicSessions"])
def test_any_file_that_only_oneroster_has_makes_it_oneroster(tmp_path: Path, mark: str) -> None:
    folder = write_folder(tmp_path / "a", {f"{mark}.csv": "x\n"})
    with pytest.raises(DataStop, match="Ask the source"):
        open_roster(folder, tmp_path / "work")


def test_a_folder_of_both_kinds_is_refused(tmp_path: Path) -> None:
    sentence = refusal(write_folder(tmp_path / "a", LEA | texts(export())))
    assert "--side" in sentence


@pytest.mark.parametrize(
    ("files", "found"),
    [({}, "no CSV file"), ({"lunch.csv": "a\n"}, "lunch.csv"), ({"courses.csv": "a\n"}, "courses.csv")],
)
def test_another_folder_is_refused_with_what_was_found(tmp_path: Path, files: dict[str, str], found: str) -> None:
    assert f"this is not a roster: it holds {found}." in refusal(write_folder(tmp_path / "a", files))


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.pdf", b"%PDF-1.7", "a PDF document"),
        ("users.csv", b"a,b\n", "one CSV file"),
        ("roster.zip", b"", "no zip"),
        ("roster.zip", b"<html>Sign in</html>", "a web page"),
    ],
)
def test_a_single_file_is_refused_for_what_it_seems_to_be(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert f"seems to be {what}" in refusal(tmp_path / name)


def test_a_truncated_export_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", texts(export()))
    path.write_bytes(path.read_bytes()[:-30])
    assert "cut off or damaged" in refusal(path)


def test_a_side_folder_needs_key_columns_only_and_tells_what_it_supplies(tmp_path: Path) -> None:
    files = {"students.csv": "student_id,ssid\n1,2\n", "staff.csv": "staff_id,email\n1,a@b\n"}
    side = open_side_folder(write_folder(tmp_path / "a", files), tmp_path / "work")
    assert side.findings == ()
    assert supplied_by(side) == {"ssid"}


def test_a_side_folder_may_supply_all_three(tmp_path: Path) -> None:
    files = {
        "students.csv": "student_id,SSID\n1,2\n",
        "staff.csv": "staff_id,state_educator_id\n1,2\n",
        "schools.csv": "school_id,cds_code\n1,2\n",
    }
    side = open_side_folder(write_zip(tmp_path / "a.zip", files), tmp_path / "work")
    assert supplied_by(side) == {"ssid", "seid", "cds"}


def test_a_side_folder_without_a_key_column_or_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"students\.csv: there is no column student_id"):
        open_side_folder(write_folder(tmp_path / "a", {"students.csv": "ssid\n2\n"}), tmp_path / "work")
    with pytest.raises(DataStop, match="A side folder holds roster tables"):
        open_side_folder(write_folder(tmp_path / "b", {"lunch.csv": "a\n"}), tmp_path / "work")
