"""The mapping of a OneRoster upload as a form shows it: one place for each field, and what was counted at each place.

Counting reads the whole export. The job does it, once (jobs/snapshot.py); the record keeps it as long as the upload.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cersgroups.core.error import DataStop, Stop
from cersgroups.core.student_mask import without_students
from cersgroups.sources import mapping as source_mapping
from cersgroups.sources.oneroster_inspect import OneRosterInspection, as_json, from_json, inspect

_WHY_NOT = "why_not"


def read_places(text: str) -> dict[str, str]:
    """The place of each field in a mapping's TOML text; blank: found by counting. Raises RequestStop if it is wrong."""
    return {field: place or "" for field, place in asdict(source_mapping.from_toml(text)).items()}


def counted(roster: Path, received: Path) -> dict[str, Any]:
    """What is in an uploaded export and where its numbers may be, for the record; or why that cannot be said.

    Takes as long as reading the export once. `received` is the folder of the upload, which no sentence names.
    """
    try:
        return as_json(inspect(roster))
    except Stop as stop:
        why = str(stop).replace(f"{received / 'roster'}/", "").replace(f"{received}/", "")
        return {_WHY_NOT: without_students(why)}


def read_counted(kept: Mapping[str, Any]) -> OneRosterInspection:
    """What `counted` has found. Raises DataStop with the sentence if it could not."""
    if _WHY_NOT in kept:
        raise DataStop(kept[_WHY_NOT])
    return from_json(kept)


def may_be_mapped(kept: Mapping[str, Any] | None) -> bool:
    """Whether another mapping may help: not where what was uploaded could not be counted. None: nobody has counted."""
    return kept is None or _WHY_NOT not in kept


def write_places(places: Mapping[str, str]) -> str:
    """The TOML text of a mapping with these places. Raises RequestStop for a field or place that cannot be."""
    mapping = source_mapping.Mapping()
    for field, place in places.items():
        if place:
            mapping = source_mapping.with_place(mapping, field, place)
    text = source_mapping.to_toml(mapping)
    source_mapping.from_toml(text)
    return text
