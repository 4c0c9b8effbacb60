"""The demo district as a OneRoster bulk CSV zip, made from its roster folder.

What OneRoster has no place for is missing: counselors, student groups, e-mails of teacher records, the
primary class. Inactive schools, sections and assignments, and students who never came, are left out, for bulk
files have no word for them; 1.1 says nothing of when students left a school, 1.2 does.
"""

import csv
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cersgroups.core.error import RequestStop
from cersgroups.sources.demo import Counts, District, Progress, aside, write_roster
from cersgroups.sources.demo_oneroster_class import academic_sessions, classes, courses, enrollments, orgs
from cersgroups.sources.demo_oneroster_layout import COLUMNS, VERSIONS, manifest
from cersgroups.sources.demo_oneroster_roster import Row, WrittenRoster
from cersgroups.sources.demo_oneroster_user import roles, users_1_1, users_1_2

__all__ = ["VERSIONS", "write_oneroster"]

_SAME_TIME = (1980, 1, 1, 0, 0, 0)


def write_oneroster(path: Path, district: District, version: str, progress: Progress = lambda _: None) -> Counts:
    """Write the district as a zip of this version of OneRoster ("1.1", "1.2"); returns the roster's counts.

    Raises RequestStop if the path exists or the district is out of range.
    """
    district.check()
    if path.exists() or path.is_symlink():
        raise RequestStop(f"{path}: exists already. Give the path of a new .zip, or remove it.")
    with TemporaryDirectory() as temporary, aside(path) as unfinished:
        folder = Path(temporary) / "roster"
        counts = write_roster(folder, district, progress)
        pack_oneroster(unfinished, folder, version)
    return counts


def pack_oneroster(path: Path, roster: Path, version: str) -> None:
    """Write a district's roster folder, as `write_roster` writes it, as a zip of this version of OneRoster."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        _write_files(archive, WrittenRoster(roster), version)


def _write_files(archive: ZipFile, roster: WrittenRoster, version: str) -> None:
    _write(archive, "manifest", manifest(version))
    for name, rows in _files(roster, version).items():
        _write(archive, name, _records(COLUMNS[version][name], rows))


def _files(roster: WrittenRoster, version: str) -> dict[str, Iterator[Row]]:
    files = {
        "orgs": orgs(roster),
        "academicSessions": academic_sessions(roster),
        "courses": courses(roster),
        "classes": classes(roster),
        "users": users_1_1(roster) if version == "1.1" else users_1_2(roster),
        "enrollments": enrollments(roster, version),
    }
    return files if version == "1.1" else files | {"roles": roles(roster)}


def _records(columns: tuple[str, ...], rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    yield columns
    for row in rows:
        yield tuple(row.get(column, "") for column in columns)


def _write(archive: ZipFile, name: str, records: Iterable[tuple[str, ...]]) -> None:
    entry = ZipInfo(f"{name}.csv", _SAME_TIME)
    entry.compress_type = ZIP_DEFLATED
    with (
        archive.open(entry, "w") as raw,
        TextIOWrapper(raw, encoding="utf-8", newline="") as file,
    ):
        csv.writer(file).writerows(records)
