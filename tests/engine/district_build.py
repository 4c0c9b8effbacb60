"""Builds of the small district, for tests of what a build writes."""

from datetime import date
from pathlib import Path
from typing import Any

from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine.extract import Extract, build
from cersgroups.engine.snapshot import Snapshot

DAY = date(2026, 11, 23)


def profile(**cells: Any) -> Profile:
    """A profile of all schools by grade, with some keys replaced."""
    raw = {"name": "Test", "school_year": 2027, "subject": "All", "schools": ["10", "20", "30"], "type": "grade"}
    return from_mapping(raw | cells)


def extract_of(snapshot: Snapshot, folder: Path, *profiles: Profile) -> Extract:
    folder.mkdir()
    return build(snapshot, profiles or [profile()], DAY, folder)


def rows_of(file: Path) -> list[list[str]]:
    """The rows of a file, without its header."""
    return [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
