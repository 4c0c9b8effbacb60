"""Groups that several extracts name: sent one after the other, each would overwrite the one before in CERS (E1)."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cersgroups.actions.extract import find_extract
from cersgroups.cers.collation import fold
from cersgroups.core.permission import Actor
from cersgroups.records.extract import Extract

GROUPS_FILE = "groups.csv"
"""School and name of every group, in the extract's folder; written by its build, never changed."""


@dataclass(frozen=True)
class SharedGroup:
    """A group that the files of all these extracts name, as the last of them spells it."""

    cds_code: str
    name: str
    extracts: tuple[Extract, ...]


def find_shared_groups(actor: Actor, extract_ids: Sequence[int]) -> list[SharedGroup]:
    """The groups that more than one of the extracts names, as CERS compares names; by school and name.

    In the LEA's scope. Raises NotThere or PermissionRefused.
    """
    named: dict[tuple[str, str], list[tuple[str, Extract]]] = {}
    for extract_id in dict.fromkeys(extract_ids):
        extract = find_extract(actor, extract_id)
        for cds_code, name in _groups(extract.folder / GROUPS_FILE):
            named.setdefault((cds_code, fold(name)), []).append((name, extract))
    return [
        SharedGroup(cds_code, found[-1][0], tuple(extract for _, extract in found))
        for (cds_code, _), found in sorted(named.items(), key=lambda item: item[0])
        if len(found) > 1
    ]


def _groups(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)  # the header
            yield from ((cds_code, name) for cds_code, name in rows)
