"""Small rosters and profiles by chance: namesakes, shared codes, dates around the day, the inactive, the unknown.

Values come from short lists, so that rows meet; each list holds what is wrong or rare beside what is plain.
A seed gives a roster: hypothesis chooses seeds, so that a failing one can be had again.
"""

from random import Random
from typing import Any

from hypothesis import strategies as st

from cersgroups.core.profile import FILTERS_BY_TYPE, NAME_PATTERNS, TYPES, USER_ROLES

Tables = dict[str, list[dict[str, str]]]
Raw = dict[str, Any]

DAY = "2026-11-23"
_SCHOOLS = ["10", "20", "30"]
_STAFF = ["1", "2", "11", "201", "301"]
_NUMBERS = ["1", "201", "301"]
_STUDENTS = ["S1", "S2", "S3", "S4", "S5", "7000000001"]
_SECTIONS = ["1", "2", "3"]
_CODES = ["AVID", "504", "A b", "A-b"]
_STARTS = [*[""] * 6, "2026-11-22", DAY, "2026-11-24"]
_ENDS = [*[""] * 6, "2026-11-22", DAY, "2026-11-24"]
_ACTIVE = ["", "", "", "", "", "true", "true", "true", "TRUE", "false"]
_LONG = "abcdefghi0-" * 9
_LAST = ["Ruiz", "RUÍZ", "ruiz", "O'Hara", "Chen", "明", "!!", _LONG, "Ruiz Ana", "Ruiz"]
_FIRST = ["Ana", "ana", "", "Bo"]
_EMAILS = ["", "a@x.org", "A@x.org", "b@x.org", "B@X.org", "no address", "c@@x.org", "ñ@x.org", "c@x.org", "_@x.org"]
_SSIDS = [f"700000000{n}" for n in range(1, 7)] * 2 + ["", "123", "70000000O1"]
_NAMES = ["AVID", "Avid", "Grade 09", "Ruiz Ana", "!", _LONG, "Club"]

_ROWS: dict[str, tuple[int, str, dict[str, list[str]]]] = {
    "courses": (
        8,
        "course_id",
        {
            "course_id": ["E9", "A1", "ES"],
            "title": ["English 9", "english-9", "Counselor", "1", _LONG],
            "department": ["ENG", "MAT", ""],
            "subject_area": ["English", ""],
            "active": _ACTIVE,
        },
    ),
    "staff": (
        16,
        "staff_id",
        {"staff_id": _STAFF, "last_name": _LAST, "first_name": _FIRST, "email": _EMAILS, "active": _ACTIVE},
    ),
    "teachers": (
        9,
        "school_id teacher_number",
        {
            "school_id": [*_SCHOOLS, *_SCHOOLS, "99"],
            "teacher_number": _NUMBERS,
            "staff_id": ["", "", "999", *_STAFF],
            "last_name": _LAST,
            "first_name": _FIRST,
            "email": _EMAILS,
            "active": _ACTIVE,
        },
    ),
    "sections": (
        20,
        "school_id section_number",
        {
            "school_id": [*_SCHOOLS, *_SCHOOLS, "99"],
            "section_number": _SECTIONS,
            "course_id": ["E9", "E9", "A1", "A1", "ES", "XX"],
            "period": ["1", "01", "(1)", "a", "A", "", _LONG, _LONG.upper()],
            "term_code": ["Y", "Y", "Y", "S", "S|Y", "Q", "Q|Y"],
            "primary_class": ["true", "true", "false", ""],
            "active": _ACTIVE,
        },
    ),
    "section_staff": (
        44,
        "school_id section_number staff_id teacher_number role start_date",
        {
            "school_id": _SCHOOLS,
            "section_number": _SECTIONS,
            "staff_id": ["", "", "", *_STAFF],
            "teacher_number": ["", "", *_NUMBERS, "2"],
            "role": ["primary", "primary", "co", "substitute", "aide"],
            "start_date": _STARTS,
            "end_date": _ENDS,
            "active": _ACTIVE,
        },
    ),
    "students": (25, "student_id", {"student_id": _STUDENTS, "ssid": _SSIDS}),
    "enrollments": (
        30,
        "student_id school_id start_date",
        {
            "student_id": [*_STUDENTS, *_STUDENTS, "S9"],
            "school_id": _SCHOOLS,
            "grade": ["09", "9", "KG", "tk", "", "13"],
            "active": _ACTIVE,
            "start_date": _STARTS,
            "end_date": _ENDS,
            "homeroom_teacher_number": ["", *_NUMBERS, "2", "404"],
            "counselor_id": ["", *_NUMBERS, "2", "404"],
        },
    ),
    "rosters": (
        60,
        "school_id section_number student_id start_date",
        {
            "school_id": _SCHOOLS,
            "section_number": _SECTIONS,
            "student_id": [*_STUDENTS, *_STUDENTS, "S9"],
            "start_date": _STARTS,
            "end_date": _ENDS,
        },
    ),
    "student_groups": (
        9,
        "group_code",
        {
            "group_code": _CODES,
            "school_id": ["", "10", "99"],
            "name": _NAMES,
            "expires_on": _ENDS,
            "confidential": ["", "", "true"],
        },
    ),
    "group_members": (24, "group_code student_id", {"group_code": _CODES, "student_id": _STUDENTS}),
    "group_staff": (8, "group_code staff_id", {"group_code": _CODES, "staff_id": _STAFF}),
}
"""By table: how many rows are drawn (of those with equal keys the last stays), the key, and each cell's values."""

_FILTERS: dict[str, list[str]] = {
    "departments": ["ENG", "MAT"],
    "subject_areas": ["English"],
    "courses": ["E9", "A1", "ES"],
    "teachers": [*_STAFF, "10/201", "20/1", "30/301"],
    "grades": ["09", "9", "KG", "TK"],
    "counselors": [*_STAFF, "10/201", "20/1", "30/301"],
    "student_groups": _CODES,
}


def rosters() -> st.SearchStrategy[Tables]:
    return st.integers(0, 2**63).map(lambda seed: roster_of(Random(seed)))


def profiles() -> st.SearchStrategy[list[Raw]]:
    """One to three profiles for one build."""
    return st.integers(0, 2**63).map(lambda seed: profiles_of(Random(seed)))


def roster_of(chance: Random) -> Tables:
    tables = {"lea": [{"lea_code": "99100", "name": "Fig", "school_year": "2027"}]}
    tables["schools"] = [_school(chance, school_id) for school_id in _SCHOOLS]
    tables["terms"] = [term for school_id in _SCHOOLS for term in _terms(chance, school_id)]
    for table, (drawn, key, cells) in _ROWS.items():
        unique: dict[tuple[str, ...], dict[str, str]] = {}
        for _ in range(chance.randint(drawn // 2, drawn)):
            row = {name: chance.choice(values) for name, values in cells.items()}
            unique[tuple(row[name] for name in key.split())] = row
        again = list(unique.values())[: chance.choice([0, 0, 1])]
        tables[table] = [*unique.values(), *again]
    return tables


def _school(chance: Random, school_id: str) -> dict[str, str]:
    own = f"991000000000{school_id}"
    return {
        "school_id": school_id,
        "school_number": chance.choice([school_id, school_id, "A 1", "a.1"]),
        "name": "School",
        "cds_code": chance.choice(["99100000000010", own, own, own, "9"]),
        "active": chance.choice(_ACTIVE),
        "tracks_primary_classes": chance.choice(["true", "true", "true", ""]),
    }


def _terms(chance: Random, school_id: str) -> list[dict[str, str]]:
    first = chance.choice([*[("2026-08-15", "2027-06-10")] * 6, (DAY, DAY), ("2026-08-15", "2026-11-22")])
    second = chance.choice([("2026-11-24", "2027-06-10"), ("2026-11-01", "2026-12-01")])
    return [
        {"school_id": school_id, "term_code": code, "start_date": start, "end_date": end}
        for code, (start, end) in (("Y", first), ("S", second))
    ]


def profiles_of(chance: Random) -> list[Raw]:
    return [_profile(chance) for _ in range(chance.choice([1, 1, 1, 2, 3]))]


def _profile(chance: Random) -> Raw:
    """A profile that is right in itself, as TOML would give it."""
    kind = chance.choice([*TYPES, "classes", "classes"])
    raw: Raw = {
        "name": "Test",
        "school_year": 2027,
        "subject": chance.choice(["ELA", "ELA", "Math"]),
        "type": kind,
        "schools": chance.choice([_SCHOOLS, _SCHOOLS, ["10"], ["20", "10"]]),
        "name_style": chance.choice(["safe", "safe", "safe", "readable"]),
        "users": {
            "additional": chance.sample(_STAFF, chance.choice([0, 0, 0, 2, 3])),
            "roles": chance.choice([["primary", "co", "substitute"], ["co"], list(USER_ROLES), ["group_staff"]]),
        },
        "filters": {
            name: chance.sample(_FILTERS[name], 1 if chance.random() < 0.5 else len(_FILTERS[name]) // 2)
            for name in FILTERS_BY_TYPE[kind]
            if chance.random() < 0.15
        },
    }
    if kind == "classes":
        raw["name_pattern"] = chance.choice(NAME_PATTERNS)
        raw["primary_classes_only"] = chance.choice([False, False, False, True])
    if kind == "student_list":
        students = chance.sample([*_STUDENTS, *_SSIDS[:4], "S99"], chance.randint(1, 6))
        raw["list"] = {"name": chance.choice(["Help", "help!", _LONG]), "students": students}
    return raw
