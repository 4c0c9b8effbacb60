"""Zips and folders: what could do harm or mislead is refused with a sentence, before it is read."""

import stat
import zipfile
from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from cersgroups.sources import archive as archive_module
from cersgroups.sources.archive import open_archive
from cersgroups.sources.tally import Tally
from tests.sources.oneroster_files import write_folder, write_zip


def read_all(path: Path) -> None:
    with open_archive(path, Tally()) as archive:
        for member in archive.members.values():
            archive.open(member).read()


def refusal(path: Path) -> str:
    with pytest.raises(DataStop) as stop:
        read_all(path)
    assert str(path.name) in str(stop.value)
    return str(stop.value)


def test_a_file_is_found_in_any_case_in_a_zip_and_in_a_folder(tmp_path: Path) -> None:
    files = {"Users.CSV": "a\n1\n", "readme.txt": "x"}
    for path in (write_zip(tmp_path / "a.zip", files), write_folder(tmp_path / "a", files)):
        with open_archive(path, Tally()) as archive:
            member = archive.find("users.csv")
            assert member is not None
            assert archive.open(member).read() == b"a\n1\n"
            assert archive.names == ["Users.CSV"]


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_one_folder_at_the_top_is_passed_over_with_a_finding(tmp_path: Path, kind: str) -> None:
    tally = Tally()
    if kind == "zip":
        path = write_zip(tmp_path / "a.zip", {"export/users.csv": "a\n", "__MACOSX/export/._users.csv": "x"})
    else:
        path = tmp_path / "a"
        write_folder(path / "export", {"users.csv": "a\n", ".DS_Store": "x"})
    with open_archive(path, tally) as archive:
        assert archive.find("users.csv") is not None
    assert [(finding.code, finding.rows[0].value) for finding in tally.findings()] == [("source_top_folder", "export")]


@pytest.mark.parametrize("names", [("a/users.csv", "b/orgs.csv"), ("users.csv", "b/orgs.csv"), ("a/b/users.csv",)])
def test_files_spread_over_folders_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = write_zip(tmp_path / "a.zip", dict.fromkeys(names, "a\n"))
    assert "Put all CSV files at the top" in refusal(path)


@pytest.mark.parametrize("name", ["../users.csv", "/etc/users.csv", "C:\\users.csv", "x\\..\\..\\users.csv"])
def test_an_entry_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    assert "points outside of the zip" in refusal(write_zip(tmp_path / "a.zip", {name: "a\n"}))


def test_a_name_with_control_characters_is_refused(tmp_path: Path) -> None:
    assert "control characters" in refusal(write_zip(tmp_path / "a.zip", {"us\x07ers.csv": "a\n"}))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("users.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "is a link" in refusal(tmp_path / "a.zip")


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "a" / "users.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(DataStop, match=r"users\.csv: is a link"):
        open_archive(tmp_path / "a", Tally())


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"users.csv": "a\n"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "is encrypted" in refusal(path)


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"users.csv": "0" * (11 << 20)})
    assert "as zip bombs do" in refusal(path)


def test_a_small_file_may_pack_well(tmp_path: Path) -> None:
    with open_archive(write_zip(tmp_path / "a.zip", {"users.csv": "0" * (1 << 20)}), Tally()) as archive:
        assert len(archive.open(archive.members["users.csv"]).read()) == 1 << 20


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_ZIP_BYTES", 9)
    assert "unpack it and give the folder" in refusal(write_zip(tmp_path / "a.zip", {"users.csv": "0123456789"}))


def test_a_zip_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{i}.csv": "" for i in range(1001)})
    assert "1,001 entries" in refusal(path)


def test_two_names_that_differ_by_case_alone_are_refused(tmp_path: Path) -> None:
    files = {"users.csv": "a\n", "Users.csv": "b\n"}
    assert "is in it twice" in refusal(write_zip(tmp_path / "a.zip", files))
    assert "is in it twice" in refusal(write_folder(tmp_path / "a", files))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("users.csv", "a\n")
        archive.writestr("users.csv", "b\n")
    assert "is in it twice" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("cut", [10, 60, 150])
def test_a_truncated_zip_is_refused(tmp_path: Path, cut: int) -> None:
    path = write_zip(tmp_path / "a.zip", {"users.csv": "a,b\n" * 99})
    path.write_bytes(path.read_bytes()[:-cut])
    assert "cut off or damaged" in refusal(path)


def test_a_zip_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("users.csv", "a,b\n1,2\n")
    content = (tmp_path / "a.zip").read_bytes().replace(b"1,2", b"1,3")
    (tmp_path / "a.zip").write_bytes(content)
    assert "a.zip/users.csv: cannot be read" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_told_however_it_is_packed(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("users.csv", "".join(f"{number},{number**9}\n" for number in range(999)))
    content = bytearray(path.read_bytes())
    content[200:300] = bytes(100)
    path.write_bytes(content)
    assert "a.zip/users.csv: cannot be read" in refusal(path)


def test_a_spreadsheet_is_refused_by_name(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "roster.xlsx", {"[Content_Types].xml": "x", "xl/workbook.xml": "x"})
    assert "Office document" in refusal(path)


def test_bytes_read_are_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    with open_archive(write_zip(tmp_path / "a.zip", {"users.csv": "abc"}), Tally()) as archive:
        archive.open(archive.members["users.csv"], lambda name, size: told.append((name, size))).read()
    assert sum(size for _, size in told) == 3
    assert {name for name, _ in told} == {"users.csv"}


def test_a_damaged_name_inside_the_zip_is_told_without_its_bytes(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"users.csv": "a,b\n" * 99})
    content = bytearray(path.read_bytes())
    content[26:28] = b"\xf0\x00"  # the length of the name, which then runs on into the data
    content[30:33] = b"\x01\x02\x03"
    path.write_bytes(content)
    sentence = refusal(path)
    assert "users.csv: cannot be read (its name inside the zip is damaged)" in sentence
    assert len(sentence) < 300
