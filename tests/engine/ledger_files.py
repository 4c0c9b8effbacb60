"""Uploads for tests of the ledger: what each group is to hold, as an extract's file and groups.parquet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import duckdb

from cersgroups.core.student_group import HEADER

SCHOOL, OTHER_SCHOOL = "99000000000001", "99000000000002"
YEAR = 2027


@dataclass(frozen=True)
class Group:
    """`profiles` are places among the upload's profiles."""

    students: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    subject: str = "ELA"
    profiles: tuple[int, ...] = (0,)
    identity: str = "teacher:s1"
    school: str = SCHOOL
    year: int = YEAR


Groups = Mapping[str, Group]


@dataclass(frozen=True)
class SentFile:
    path: Path
    groups: Path
    profile_ids: tuple[int, ...] = field(default=(1,))


def write_upload(folder: Path, groups: Groups, profile_ids: tuple[int, ...] = (1,)) -> SentFile:
    """The file as an extract has it, and what it says of its groups."""
    folder.mkdir(parents=True)
    ordered = sorted(groups.items(), key=lambda item: (item[1].school, item[0]))
    lines = [",".join(HEADER)]
    for name, group in ordered:
        rows = list(zip_longest(sorted(group.students), group.users, fillvalue="")) or [("", "")]
        lines += [",".join((name, group.school, str(group.year), group.subject, *row)) for row in rows]
    path = folder / "extract-1.csv"
    path.write_text("\n".join(lines) + "\n")
    return SentFile(path, _write_groups(folder / "groups.parquet", dict(ordered)), profile_ids)


def _write_groups(path: Path, groups: Groups) -> Path:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE g (cds_code VARCHAR, name VARCHAR, school_year INTEGER, subject VARCHAR, profiles INTEGER[], "
            "identity VARCHAR)"
        )
        for name, group in groups.items():
            values = [group.school, name, group.year, group.subject, list(group.profiles), group.identity]
            connection.execute("INSERT INTO g VALUES (?, ?, ?, ?, ?, ?)", values)
        connection.execute(f"COPY g TO '{path}' (FORMAT parquet)")
    return path
