"""The same district through another kind of source builds the same extract, as far as that source can know it."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot

AS_OF = date(2026, 11, 23)
"""The day of what is built: in every kind of term of the demo district of 2026-27."""


def extracts_of(roster: Path, folder: Path) -> dict[str, bytes]:
    """What is built of a roster folder: the bytes of the file for each profile of `profiles_of`, by its name.

    `folder` is for the snapshot and the files, and must be new.
    """
    folder.mkdir()
    snapshot = write_snapshot(RosterFolder(roster), folder / "snapshot", source="test")
    built = {}
    for number, profile in enumerate(profiles_of(roster)):
        target = folder / str(number)
        target.mkdir()
        built[profile.name] = b"".join(file.read_bytes() for file in build(snapshot, [profile], AS_OF, target).files)
    return built


def profiles_of(roster: Path) -> Iterator[Profile]:
    """All six types over all schools of the roster, classes by each name pattern, groups by code and not."""
    schools = [row["school_id"] for row in _rows(roster, "schools")]
    tracking = [row["school_id"] for row in _rows(roster, "schools") if row["tracks_primary_classes"] == "true"]

    def profile(name: str, **cells: Any) -> Profile:
        return from_mapping({"name": name, "school_year": 2027, "subject": "ELA", "schools": schools} | cells)

    for pattern in ("teacher_period", "teacher_section", "teacher_course"):
        yield profile(f"classes by {pattern}", type="classes", name_pattern=pattern)
    primary: dict[str, Any] = {"primary_classes_only": True, "schools": tracking}
    yield profile("primary classes", type="classes", name_pattern="teacher_period", **primary)
    for kind in ("elementary_teacher", "grade", "counselor", "student_group"):
        yield profile(kind, type=kind)
    codes = [row["group_code"] for row in _rows(roster, "student_groups")]
    yield profile("student_group by code", type="student_group", filters={"student_groups": codes})
    members = [row["student_id"] for row in _rows(roster, "students")][:250]
    yield profile("student_list", type="student_list", list={"name": "Chosen", "students": members})


def _rows(roster: Path, table: str) -> list[dict[str, str]]:
    with (roster / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
