"""The rows of a OneRoster CSV export as a server gives them: the REST binding of 1.1 and 1.2, for the stand-in."""

import csv
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

Row = dict[str, str]
Json = dict[str, Any]

MODIFIED = "2026-11-01T05:00:20.097Z"
_ONE = {
    "parentSourcedId": ("parent", "orgs"),
    "schoolYearSourcedId": ("schoolYear", "academicSessions"),
    "orgSourcedId": ("org", "orgs"),
    "courseSourcedId": ("course", "courses"),
    "schoolSourcedId": ("school", "orgs"),
    "classSourcedId": ("class", "classes"),
    "userSourcedId": ("user", "users"),
    "primaryOrgSourcedId": ("primaryOrg", "orgs"),
}
_MANY = {
    "termSourcedIds": ("terms", "academicSessions"),
    "orgSourcedIds": ("orgs", "orgs"),
    "agentSourcedIds": ("agents", "users"),
}
_LISTS = ("grades", "subjects", "subjectCodes", "periods")
_BOOLEANS = ("enabledUser", "primary")
_USER_ID = re.compile(r"\{([^:{}]+):([^{}]*)\}")
_KINDS = {"academicSessions": "academicSession", "classes": "class"}


class Export:
    """A CSV export (zip or folder) with its version."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = {row["propertyName"]: row["value"] for row in self.rows("manifest")}["oneroster.version"]

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a file; none if it is not there."""
        if self.path.is_dir():
            file = self.path / f"{name}.csv"
            if file.exists():
                with file.open(encoding="utf-8-sig", newline="") as text:
                    yield from csv.DictReader(text)
            return
        with zipfile.ZipFile(self.path) as archive:
            if f"{name}.csv" in archive.namelist():
                with closing(io.TextIOWrapper(archive.open(f"{name}.csv"), encoding="utf-8-sig", newline="")) as text:
                    yield from csv.DictReader(text)

    def answers(self, name: str, base: str) -> Iterator[bytes]:
        """The rows of a collection as JSON texts, with references below the address `base`."""
        roles: defaultdict[str, list[Row]] = defaultdict(list)
        if name == "users" and self.version == "1.2":
            for role in self.rows("roles"):
                roles[role["userSourcedId"]].append(role)
        encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
        for row in self.rows(name):
            found = as_json(name, row, base, self.version)
            if name == "users" and self.version == "1.2":
                found["roles"] = [_role(role, base) for role in roles[row["sourcedId"]]]
            yield encode(found).encode()


def as_json(name: str, row: Row, base: str, version: str) -> Json:
    """A row as the specification writes it; 1.1 servers mostly give booleans as texts."""
    found: Json = {"sourcedId": row["sourcedId"], "status": row.get("status") or "active", "dateLastModified": MODIFIED}
    entries = {c.partition(".")[2]: value for c, value in row.items() if c.startswith("metadata.") and value}
    found["metadata"] = entries or None
    for column, value in row.items():
        if column not in found and not column.startswith("metadata."):
            key, answer = _answer(name, column, base, version)
            found[key] = answer(value)
    return found


@cache
def _answer(name: str, column: str, base: str, version: str) -> tuple[str, Callable[[str], Any]]:
    """What a column is called in JSON, and what becomes of its cells."""
    if column in _ONE:
        key, collection = _ONE[column]
        collection = name if key == "parent" else collection
        return key, lambda cell: _reference(cell, collection, base) if cell else None
    if column in _MANY:
        key, many = _MANY[column]
        return key, lambda cell: [_reference(one, many, base) for one in _split(cell)]
    if column == "userIds":
        return column, lambda cell: [{"type": k, "identifier": v} for k, v in _USER_ID.findall(cell)]
    if column in _LISTS:
        return column, _split
    if column in _BOOLEANS and version == "1.2":
        return column, lambda cell: cell == "true" if cell else None
    return column, lambda cell: cell or None


def _role(role: Row, base: str) -> Json:
    return {
        "roleType": role["roleType"],
        "role": role["role"],
        "org": _reference(role["orgSourcedId"], "orgs", base),
        "userProfile": None,
        "beginDate": role["beginDate"] or None,
        "endDate": role["endDate"] or None,
    }


def _reference(sourced_id: str, collection: str, base: str) -> Json:
    kind = _KINDS.get(collection) or collection.removesuffix("s")
    return {"href": f"{base}/{collection}/{sourced_id}", "sourcedId": sourced_id, "type": kind}


def _split(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(",") if item.strip()]
