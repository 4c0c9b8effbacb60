"""A row of OneRoster REST as a row of OneRoster CSV, so that both mean the same (oneroster.py reads the latter).

What stands in JSON: references ({"sourcedId": ...}) and lists of them, lists of texts, booleans and numbers as such or
as texts, userIds ([{"type", "identifier"}]), a metadata object, and in 1.2 the roles of a user. Source: the REST
bindings of OneRoster 1.1 and 1.2 (1EdTech); what servers do beyond that is read as far as it is clear.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from cersgroups.core.error import DataStop
from cersgroups.sources.mapping import METADATA
from cersgroups.sources.oneroster_layout import Version

Json = dict[str, Any]
Cells = dict[str, str]

_COMMON = ("sourcedId", "status")
_WANTED = {
    "orgs": ("name", "type", "identifier", "parentSourcedId"),
    "academicSessions": ("title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "courses": ("title", "courseCode", "orgSourcedId", "subjects"),
    "classes": (
        *("title", "courseSourcedId", "classCode", "classType", "schoolSourcedId", "termSourcedIds"),
        *("subjects", "periods"),
    ),
    "users": (
        *("enabledUser", "username", "userIds", "givenName", "familyName", "identifier", "email", "grades"),
        "userMasterIdentifier",
    ),
    "enrollments": ("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
}
_ROLES_OF_1_1 = ("role", "orgSourcedIds")
_ROLE = ("roleType", "role", "beginDate", "endDate")

COLLECTIONS = (*_WANTED,)
"""The flat collections that are asked for, in this order: what enrollments refer to is read before them."""

WITH_METADATA = ("orgs", "users")
"""Collections whose metadata can hold what we look for."""

_LONGEST = 10_000
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")
_BRACES = re.compile(r"[{}]+")


def cells(name: str, row: Json, version: Version) -> Cells:
    """The cells of a row of collection `name` by CSV column; phone numbers, passwords and the like stay behind.

    Raises DataStop for a cell that no roster can have.
    """
    found = {column: read(row.get(key)) for column, key, read in _columns(name, version)}
    if found["status"].casefold() == "active":
        found["status"] = ""  # the normal state of a server's rows; files of a bulk export have none
    if max(map(len, found.values())) > _LONGEST:
        column, cell = max(found.items(), key=lambda entry: len(entry[1]))
        raise DataStop(f"{name}: the {column} of {found['sourcedId']!r:.100} has {len(cell):,} characters. Correct it.")
    return found


def metadata(row: Json) -> Iterator[tuple[str, str]]:
    """Column and cell of each filled entry of a row's metadata."""
    entries = row.get("metadata")
    for key, value in entries.items() if isinstance(entries, dict) else ():
        name, cell = text(key).strip(), text(value)
        if name and cell and len(name) + len(cell) <= _LONGEST:
            yield METADATA + name, cell


def roles(user: Json) -> Iterator[Cells]:
    """The rows of roles.csv for a user of 1.2; of one that has a role and orgs as in 1.1, one for each org."""
    user_id, found = text(user.get("sourcedId")), user.get("roles")
    if not isinstance(found, list) or not found:
        orgs = user.get("orgs")
        found = [{"role": user.get("role"), "org": org} for org in (orgs if isinstance(orgs, list) and orgs else [""])]
    for place, role in enumerate(found):
        if isinstance(role, dict) and text(role.get("role")):
            yield {
                "sourcedId": f"{user_id}/{place}",
                "userSourcedId": user_id,
                "orgSourcedId": text(role.get("org")),
                **{column: text(role.get(column)) for column in _ROLE},
            }


def text(value: Any) -> str:
    """The value as one cell: a reference as its sourcedId, a list with commas between its items (and none in them)."""
    if isinstance(value, str):
        return value if value.isprintable() else _BREAKS.sub(" ", value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return text(value.get("sourcedId"))
    if isinstance(value, list):
        return ",".join(filter(None, (" ".join(text(item).replace(",", " ").split()) for item in value)))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@cache
def _columns(name: str, version: Version) -> tuple[tuple[str, str, Callable[[Any], str]], ...]:
    """Each CSV column of a collection, its name in JSON, and what makes a cell of a value."""
    columns = (*_COMMON, *_WANTED[name], *(_ROLES_OF_1_1 if name == "users" and version == "1.1" else ()))
    return tuple((column, _key(column), _user_ids if column == "userIds" else text) for column in columns)


def _key(column: str) -> str:
    """The JSON name of a CSV column: `class` for classSourcedId, `terms` for termSourcedIds."""
    if column.endswith("SourcedIds"):
        return column.removesuffix("SourcedIds") + "s"
    return column.removesuffix("SourcedId")


def _user_ids(value: Any) -> str:
    """`{type:identifier},...`; also of an object by type, as some servers give it, and of a cell as in CSV."""
    if isinstance(value, dict):
        value = [value] if "identifier" in value else [{"type": k, "identifier": v} for k, v in value.items()]
    if not isinstance(value, list):
        return text(value)
    return ",".join(filter(None, map(_user_id, value)))


def _user_id(entry: Any) -> str:
    if not isinstance(entry, dict):
        return text(entry)
    kind, identifier = (_BRACES.sub("-", text(entry.get(key))).strip() for key in ("type", "identifier"))
    return f"{{{kind.replace(':', '-') or 'untyped'}:{identifier}}}" if identifier else ""
