"""Builds OneRoster exports that follow the specification, for tests to spoil in one way each."""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from cersgroups.sources.oneroster_layout import COLUMNS, Version

Row = dict[str, str]
Files = dict[str, list[Row]]


def export(version: Version = "1.1") -> Files:
    """A district with a high school (994) and an elementary school (100): 2 teachers, 3 students."""
    files: Files = {
        "orgs": [
            {"sourcedId": "D1", "name": "Unified", "type": "district", "identifier": "3768338"},
            _school("994", "High", "37683380000994"),
            _school("100", "Elementary", "37683380000100"),
            {"sourcedId": "DEP", "name": "English", "type": "department", "parentSourcedId": "994"},
        ],
        "academicSessions": [
            _session("SY", "schoolYear", "2026-08-12", "2027-06-11", ""),
            _session("S1", "semester", "2026-08-12", "2026-12-19", "SY"),
            _session("S2", "semester", "2027-01-04", "2027-06-11", "SY"),
        ],
        "courses": [
            {"sourcedId": "ENG9", "title": "English 9", "orgSourcedId": "DEP", "subjects": "ELA, Reading"},
            {"sourcedId": "HR", "title": "Homeroom", "orgSourcedId": "D1"},
        ],
        "classes": [
            _class("C1", "994", "ENG9", "scheduled", "S1, S2", "101", "2"),
            _class("H1", "100", "HR", "homeroom", "SY", "1", ""),
        ],
        "enrollments": [
            _enrollment("E1", "C1", "994", "T1", "teacher", "true"),
            _enrollment("E2", "C1", "994", "ST1", "student", "false"),
            _enrollment("E3", "C1", "994", "ST2", "student", "false"),
            _enrollment("E4", "H1", "100", "T2", "teacher", "true"),
            _enrollment("E5", "H1", "100", "ST3", "student", "false"),
        ],
        "users": [
            _user("T1", "teacher", "994", "Ada", "Lovelace", "1000000001", "SEID"),
            _user("T2", "teacher", "100", "Alan", "Turing", "1000000002", "SEID"),
            _user("ST1", "student", "994", "Ana", "García", "2000000001", "SSID", "09"),
            _user("ST2", "student", "994", "Bo", "Ng", "2000000002", "SSID", "10"),
            _user("ST3", "student", "100", "Cy", "O'Hara", "2000000003", "SSID", "KG"),
        ],
    }
    return _as_12(files) if version == "1.2" else files


def manifest(files: Iterable[str], version: str, states: dict[str, str]) -> list[Row]:
    """manifest.csv that promises `files` in bulk; `states` says otherwise for single files."""
    known = ("academicSessions", "classes", "courses", "demographics", "enrollments", "orgs", "roles", "users")
    promised = {name: "bulk" if name in files else "absent" for name in known} | states
    properties = {"manifest.version": "1.0", "oneroster.version": version}
    properties |= {f"file.{name}": state for name, state in promised.items()}
    return [{"propertyName": name, "value": value} for name, value in properties.items()]


def texts(
    files: Files, version: Version = "1.1", with_manifest: bool = True, states: dict[str, str] | None = None
) -> dict[str, str]:
    """The CSV text of every file, by file name, with the specification's header."""
    result = {
        f"{name}.csv": csv_text(rows, (*COLUMNS[version][name], *_metadata(rows))) for name, rows in files.items()
    }
    if with_manifest:
        rows = manifest(files, version, states or {})
        result["manifest.csv"] = csv_text(rows, ("propertyName", "value"))
    return result


def csv_text(rows: list[Row], columns: Iterable[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_zip(path: Path, files: dict[str, str] | dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_folder(path: Path, files: dict[str, str] | dict[str, bytes]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def row_of(files: Files, name: str, key: str) -> Row:
    """The row of a file with this sourcedId, to be changed."""
    return next(row for row in files[name] if row["sourcedId"] == key)


def _school(key: str, name: str, cds: str) -> Row:
    return {
        "sourcedId": key,
        "name": name,
        "type": "school",
        "identifier": cds,
        "parentSourcedId": "D1",
    }


def _session(key: str, kind: str, start: str, end: str, parent: str) -> Row:
    """`end` is the day after the last, as the specification wants it."""
    return {
        "sourcedId": key,
        "title": key,
        "type": kind,
        "startDate": start,
        "endDate": end,
        "parentSourcedId": parent,
        "schoolYear": "2027",
    }


def _class(key: str, school: str, course: str, kind: str, terms: str, code: str, periods: str) -> Row:
    return {
        "sourcedId": key,
        "title": f"Class {key}",
        "courseSourcedId": course,
        "classCode": code,
        "classType": kind,
        "schoolSourcedId": school,
        "termSourcedIds": terms,
        "periods": periods,
    }


def _enrollment(key: str, class_id: str, school: str, user: str, role: str, primary: str) -> Row:
    return {
        "sourcedId": key,
        "classSourcedId": class_id,
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": role,
        "primary": primary,
    }


def _user(key: str, role: str, school: str, given: str, family: str, number: str, kind: str, grade: str = "") -> Row:
    return {
        "sourcedId": key,
        "enabledUser": "true",
        "orgSourcedIds": school,
        "role": role,
        "username": key.lower(),
        "userIds": f"{{{kind}:{number}}},{{Fed:{key.lower()}}}",
        "givenName": given,
        "familyName": family,
        "identifier": key,
        "email": f"{key.lower()}@unified.example",
        "grades": grade,
    }


def _as_12(files: Files) -> Files:
    roles = [
        {
            "sourcedId": f"R-{user['sourcedId']}",
            "userSourcedId": user["sourcedId"],
            "roleType": "primary",
            "role": user["role"],
            "orgSourcedId": user["orgSourcedIds"],
        }
        for user in files["users"]
    ]
    return {**files, "roles": roles}


def _metadata(rows: list[Row]) -> list[str]:
    return sorted({column for row in rows for column in row if column.startswith("metadata.")})
