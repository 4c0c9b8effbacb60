"""The same district through another kind of source builds the same extract, as far as that source can know it."""

import csv
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
    """What is built of a roster folder: the bytes of the files, by the name of each set of `profiles_of`.

    `folder` is for the snapshot and the files, and must be new.
    """
    folder.mkdir()
    snapshot = write_snapshot(RosterFolder(roster), folder / "snapshot", source="test")
    built = {}
    for name, profiles in profiles_of(roster).items():
        (folder / name).mkdir()
        extract = build(snapshot, profiles, AS_OF, folder / name)
        built[name] = b"".join(file.read_bytes() for file in extract.files)
    return built


def profiles_of(roster: Path) -> dict[str, list[Profile]]:
    """All six types over all schools of the roster, a few in one extract; primary classes where they are tracked."""
    schools = _rows(roster, "schools")
    tracking = [row["school_id"] for row in schools if row["tracks_primary_classes"] == "true"]
    codes = [row["group_code"] for row in _rows(roster, "student_groups")]
    members = [row["student_id"] for row in _rows(roster, "students")][:250]

    def profile(kind: str, **cells: Any) -> Profile:
        everywhere = {"school_year": 2027, "subject": "ELA", "schools": [row["school_id"] for row in schools]}
        return from_mapping({"name": kind, "type": kind, **everywhere, **cells})

    patterns = ("teacher_period", "teacher_section", "teacher_course")
    primary: dict[str, Any] = {"primary_classes_only": True, "schools": tracking, "name_pattern": "teacher_period"}
    return {
        "classes": [profile("classes", name_pattern=pattern) for pattern in patterns],
        "primary classes": [profile("classes", **primary)],
        "people and grades": [profile(kind) for kind in ("elementary_teacher", "counselor", "grade")],
        "groups": [
            profile("student_group"),
            profile("student_group", filters={"student_groups": codes}),
            profile("student_list", list={"name": "Chosen", "students": members}),
        ],
    }


def _rows(roster: Path, table: str) -> list[dict[str, str]]:
    with (roster / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
