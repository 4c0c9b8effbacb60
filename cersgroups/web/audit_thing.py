"""What entries of the audit log are about, with its name of today and the way to its page; they say `profile 17`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Model
from django.urls import reverse

from cersgroups.records.api_token import ApiToken
from cersgroups.records.audit import AuditEntry
from cersgroups.records.credential import Credential
from cersgroups.records.extract import Extract
from cersgroups.records.membership import Membership
from cersgroups.records.profile import Profile
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from cersgroups.records.upload import Upload


@dataclass(frozen=True)
class Thing:
    """`words` such as `Profile 17`; `name` and `address` are blank where there is none, or it is there no longer."""

    words: str
    name: str = ""
    address: str = ""


class _Kind(NamedTuple):
    """Where things of one noun stand, what there says their number and name, and which page shows one."""

    records: type[Model]
    number: str = "pk"
    name: str = ""
    page: str = ""


_KINDS = {
    "API token": _Kind(ApiToken, name="name"),
    "credential": _Kind(Credential, name="name", page="credential"),
    "extract": _Kind(Extract, name="name", page="extract"),
    "person": _Kind(Membership, "person_id", "person__email", "person"),
    "profile": _Kind(Profile, name="name"),
    "roster": _Kind(Snapshot, page="snapshot"),
    "source": _Kind(Source, name="name", page="source"),
    "upload": _Kind(Upload, page="upload"),
}


def things_of(lea_id: int, entries: Iterable[AuditEntry]) -> list[Thing]:
    """What each entry of the LEA is about, in their order, by one query for each noun; in the LEA's scope."""
    things = [(entry.object, _parts(entry.object)) for entry in entries]
    numbers: dict[str, set[int]] = defaultdict(set)
    for noun, number in filter(None, (parts for _, parts in things)):
        numbers[noun].add(number)
    names = {noun: _names(lea_id, _KINDS[noun], found) for noun, found in numbers.items()}
    return [_thing(thing, parts, names) for thing, parts in things]


def _parts(thing: str) -> tuple[str, int] | None:
    """`("profile", 17)`; None for what has no record, such as `who sees which group`."""
    noun, _, number = thing.rpartition(" ")
    return (noun, int(number)) if noun in _KINDS and number.isdecimal() else None


def _names(lea_id: int, kind: _Kind, numbers: set[int]) -> dict[int, str]:
    """The name of each that is there, blank where such things have none."""
    found = kind.records._default_manager.filter(**{"lea_id": lea_id, f"{kind.number}__in": numbers})
    if not kind.name:
        return dict.fromkeys(found.values_list(kind.number, flat=True), "")
    return dict(found.values_list(kind.number, kind.name))


def _thing(thing: str, parts: tuple[str, int] | None, names: dict[str, dict[int, str]]) -> Thing:
    words = "LEA" if thing.startswith("lea ") else thing[:1].upper() + thing[1:]  # whose log it is
    if parts is None or parts[1] not in names[parts[0]]:
        return Thing(words)
    noun, number = parts
    kind = _KINDS[noun]
    address = reverse(kind.page, args=(number,)) if kind.page else ""
    return Thing(words, names[noun][number], address)
