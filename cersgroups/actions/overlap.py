"""Groups that several extracts name: sent one after the other, each would overwrite the one before in CERS (E1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from cersgroups.actions.extract import find_extract
from cersgroups.core.permission import Actor
from cersgroups.engine.student_group import GROUPS_FILE, find_shared_names
from cersgroups.records.extract import Extract
from cersgroups.records.stored_folder import fetched


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
    return shared_groups([find_extract(actor, extract_id) for extract_id in dict.fromkeys(extract_ids)])


def shared_groups(extracts: Sequence[Extract]) -> list[SharedGroup]:
    """The same of extracts that are at hand."""
    known = [extract for extract in extracts if (fetched(extract.folder) / GROUPS_FILE).is_file()]
    return [
        SharedGroup(cds_code, name, tuple(known[place] for place in places))
        for cds_code, name, places in find_shared_names([extract.folder / GROUPS_FILE for extract in known])
    ]
