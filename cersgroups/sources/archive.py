"""A zip or a folder, read by file name without regard to case, and safely.

Names and sizes are judged before anything is read; contents are streamed and never extracted by their own
names. Every refusal is a DataStop that names the file and the entry and says what to do.
"""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from cersgroups.core.error import DataStop
from cersgroups.core.unzipping import UNZIPPING
from cersgroups.sources.csv_file import seems
from cersgroups.sources.tally import Tally

MAX_ENTRIES = 1_000
"""OneRoster knows 22 files and a roster folder 14: the rest is room for what lies around."""

MAX_ZIP_BYTES = 8 << 30
"""Unpacked bytes of a zip: a roster of a million students has about 2 GB. Larger ones come as a folder."""

MAX_RATIO = 200
"""Unpacked to packed bytes: rosters have 5 to 30, a zip bomb 1,000 and more."""

RATIO_FROM = 10 << 20
"""Unpacked bytes below which the ratio does not matter."""

OnRead = Callable[[str, int], None]
"""Called with the name of the member and the bytes just read."""

EXPECTED = "Give a roster folder (lea.csv, schools.csv, ...) or a OneRoster export, as a folder or zip."
_ZIP = b"PK"
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Member:
    """One file. `name` is how it is spelled, without folders; `size` its unpacked bytes."""

    name: str
    size: int
    place: Path | zipfile.ZipInfo


def refuse_single_file(path: Path) -> None:
    """Stop at a file that is no zip, saying what it seems to be."""
    if not path.is_file():
        raise DataStop(f"{path}: is neither a file nor a folder. {EXPECTED}")
    with path.open("rb") as file:
        head = file.read(512)
    if not head.startswith(_ZIP):
        what = seems(head) or ("one CSV file" if path.suffix.casefold() == ".csv" else "no zip")
        raise DataStop(f"{path}: seems to be {what}. {EXPECTED}")


class Archive:
    """The CSV files of a zip or folder, by lower-case name. Close it, or use it in a `with`."""

    def __init__(self, path: Path, members: dict[str, Member], zip_file: zipfile.ZipFile | None) -> None:
        self.path = path
        self.members = members
        self._zip = zip_file

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        if self._zip:
            self._zip.close()

    @property
    def is_zip(self) -> bool:
        return self._zip is not None

    @property
    def names(self) -> list[str]:
        """How the files are spelled, in alphabetical order."""
        return sorted(member.name for member in self.members.values())

    def find(self, name: str) -> Member | None:
        return self.members.get(name.casefold())

    def label(self, member: Member) -> str:
        """The file as sentences name it."""
        return f"{self.path.absolute().name}/{member.name}"

    def open(self, member: Member, on_read: OnRead | None = None) -> io.BufferedReader:
        """The bytes of a member, as a stream that raises DataStop where the zip is damaged."""
        try:
            if isinstance(member.place, Path):
                source: IO[bytes] = member.place.open("rb")
            else:
                assert self._zip is not None  # noqa: S101 - a ZipInfo only comes from a zip
                source = self._zip.open(member.place)
        except UNZIPPING as e:
            raise _damaged(self.label(member), e) from None
        return io.BufferedReader(_Stream(source, self.label(member), member.name, on_read), 1 << 16)


def open_archive(path: Path, tally: Tally) -> Archive:
    """Open a folder or a zip after judging every name and size in it. Raises DataStop."""
    if path.is_dir():
        return Archive(path, _members(path, _folder_entries(path), tally), None)
    try:
        zip_file = zipfile.ZipFile(path)
    except UNZIPPING as e:
        raise DataStop(
            f"{path}: the zip cannot be read ({e}). It is probably cut off or damaged: fetch it again."
        ) from None
    try:
        return Archive(path, _members(path, _zip_entries(path, zip_file), tally), zip_file)
    except BaseException:
        zip_file.close()
        raise


class _Stream(io.RawIOBase):
    """Reads from `source`, counts the bytes, and turns damage into a sentence."""

    def __init__(self, source: IO[bytes], label: str, name: str, on_read: OnRead | None) -> None:
        self._source = source
        self._label = label
        self._name = name
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        try:
            data = self._source.read(len(buffer))
        except UNZIPPING as e:
            raise _damaged(self._label, e) from None
        buffer[: len(data)] = data
        if self._on_read:
            self._on_read(self._name, len(data))
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


def _damaged(label: str, e: Exception) -> DataStop:
    why = str(e)
    why = why if len(why) <= _SENTENCE else "its name inside the zip is damaged"  # then all of that name is quoted
    return DataStop(f"{label}: cannot be read ({why}). The file is probably damaged: make or fetch it again.")


_SENTENCE = 200


def _folder_entries(path: Path, inner: bool = False) -> Iterator[tuple[str, Member]]:
    """The files of a folder; if it has none but one single folder, that folder's."""
    entries = sorted(entry for entry in path.iterdir() if not _is_noise(entry.name))
    if not inner and len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink():
        for name, member in _folder_entries(entries[0], inner=True):
            yield f"{entries[0].name}/{name}", member
        return
    for entry in entries:
        if not _is_csv(entry.name):
            continue
        if entry.is_symlink():
            raise DataStop(f"{entry}: is a link to another place. Put the file itself into the folder.")
        if entry.is_file():
            yield entry.name, Member(entry.name, entry.stat().st_size, entry)


def _zip_entries(path: Path, zip_file: zipfile.ZipFile) -> Iterator[tuple[str, Member]]:
    infos = zip_file.infolist()
    if len(infos) > MAX_ENTRIES:
        raise DataStop(
            f"{path}: the zip has {len(infos):,} entries, more than {MAX_ENTRIES:,}. "
            "Put only the roster's CSV files into it."
        )
    if any(info.filename == "[Content_Types].xml" for info in infos):
        raise DataStop(f"{path}: seems to be an Office document (XLSX). Give a folder or zip of CSV files.")
    if sum(info.file_size for info in infos) > MAX_ZIP_BYTES:
        raise DataStop(
            f"{path}: the zip unpacks to more than {MAX_ZIP_BYTES >> 30} GB. "
            "If that is right, unpack it and give the folder."
        )
    for info in infos:
        name = info.orig_filename.replace("\\", "/")
        _refuse_unsafe(path, info, name)
        if _is_csv(name) and not _is_noise(name):
            yield name, Member(name.rpartition("/")[2], info.file_size, info)


def _refuse_unsafe(path: Path, info: zipfile.ZipInfo, name: str) -> None:
    """Stop at an entry that could lead out of the zip, is no plain file, or unpacks to too much."""
    where = f"{path}: the entry {info.orig_filename!r}"
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        raise DataStop(f"{where} points outside of the zip. Zip the CSV files alone, without paths.")
    if not name.isprintable():
        raise DataStop(f"{where} has a name with control characters. Rename the file and zip it again.")
    if info.flag_bits & _ENCRYPTED:
        raise DataStop(f"{where} is encrypted. Make the zip without a password.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise DataStop(f"{where} is a link or device, no file. Put the file itself into the zip.")
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size:
        raise DataStop(
            f"{where} unpacks to more than {MAX_RATIO} times its size, as zip bombs do. "
            "If it is right, unpack it and give the folder."
        )


def _members(path: Path, entries: Iterator[tuple[str, Member]], tally: Tally) -> dict[str, Member]:
    """The entries by lower-case file name, which must be at the top or all in one single folder."""
    members: dict[str, Member] = {}
    folders: set[str] = set()
    for name, member in entries:
        folders.add(name.rpartition("/")[0])
        known = members.setdefault(member.name.casefold(), member)
        if known is not member:
            raise DataStop(
                f"{path}: the file {member.name!r} is in it twice (case and folders aside). "
                "Keep one of them, at the top."
            )
    if len(folders) > 1 or any("/" in folder for folder in folders):
        raise DataStop(
            f"{path}: the files are spread over folders ({', '.join(sorted(folders - {''}))}). "
            "Put all CSV files at the top."
        )
    if folders - {""}:
        tally.add("source_top_folder", path.absolute().name, value=folders.pop())
    return members


def _is_csv(name: str) -> bool:
    return name.casefold().endswith(".csv")


def _is_noise(name: str) -> bool:
    """What systems put beside the files: `__MACOSX/._users.csv`, `.DS_Store`."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
