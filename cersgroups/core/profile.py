"""A profile: the saved choice of what to extract. Also a TOML file that the command line runs unchanged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from cersgroups.core.error import RequestStop
from cersgroups.core.roster import ROLES, grade_of
from cersgroups.core.student_group import SUBJECTS
from cersgroups.core.toml import parsed, text_of

Subject = Literal["ELA", "Math", "All"]
Type = Literal["classes", "elementary_teacher", "grade", "counselor", "student_group", "student_list"]
NamePattern = Literal["teacher_period", "teacher_section", "teacher_course"]
NameStyle = Literal["safe", "readable"]

TYPES: tuple[Type, ...] = get_args(Type)
NAME_PATTERNS: tuple[NamePattern, ...] = get_args(NamePattern)
NAME_STYLES: tuple[NameStyle, ...] = get_args(NameStyle)
USER_ROLES = (*ROLES, "group_staff")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_TEXT = 255
"""What the database takes for a name or an id."""

_NO_TEXT = re.compile("[\0\ud800-\udfff]")

FILTERS_BY_TYPE: dict[Type, tuple[str, ...]] = {
    "classes": ("departments", "subject_areas", "courses", "teachers"),
    "elementary_teacher": ("teachers",),
    "grade": ("grades",),
    "counselor": ("counselors",),
    "student_group": ("student_groups",),
    "student_list": (),
}


@dataclass(frozen=True)
class Filters:
    """Empty = no restriction; lists narrow each other (AND), values within one list are alternatives (OR)."""

    departments: tuple[str, ...] = ()
    subject_areas: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    counselors: tuple[str, ...] = ()
    student_groups: tuple[str, ...] = ()

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The filters that are not empty, by name."""
        return {f.name: values for f in fields(self) if (values := getattr(self, f.name))}


@dataclass(frozen=True)
class StudentList:
    """For the type student_list: its name and its students, as SSID or student_id."""

    name: str = ""
    students: tuple[str, ...] = ()


@dataclass(frozen=True)
class Users:
    """Who gets access besides the group's teacher: staff_ids for every group, and roles of section staff."""

    additional: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("primary", "co", "substitute")


@dataclass(frozen=True)
class Profile:
    """What to extract. Build one with `from_toml`, `from_file` or `from_mapping`, which check it."""

    name: str
    school_year: int
    subject: Subject
    type: Type
    schools: tuple[str, ...]
    name_pattern: NamePattern | None = None
    primary_classes_only: bool = False
    include_in_scheduled_process: bool = False
    name_style: NameStyle = "safe"
    filters: Filters = field(default_factory=Filters)
    list: StudentList = field(default_factory=StudentList)
    users: Users = field(default_factory=Users)


def from_file(path: Path) -> Profile:
    """Read a profile. Raises RequestStop, naming the file, for whatever is wrong with it."""
    return from_toml(text_of(path, "a profile"), source=str(path))


def from_toml(text: str, source: str = "profile") -> Profile:
    """Read a profile from TOML text. Raises RequestStop with `source` in its sentence."""
    return from_mapping(parsed(text, source), source)


def from_mapping(raw: Mapping[str, Any], source: str = "profile") -> Profile:
    """Check `raw` (as TOML gives it) and make a profile of it. Raises RequestStop."""
    reader = _Reader(source)
    profile: Profile = reader.record(Profile, raw, "")
    _check(profile, source)
    return profile


def _check(profile: Profile, source: str) -> None:
    for sentence in (*_general_faults(profile), *_filter_faults(profile), *_list_faults(profile)):
        raise RequestStop(f"{source}: {sentence}")


def _general_faults(profile: Profile) -> Iterator[str]:
    if not profile.name:
        yield "name is blank. Give the profile a name."
    if not profile.schools:
        yield "schools is empty. Name at least one school_id."
    if not FIRST_YEAR <= profile.school_year <= LAST_YEAR:
        yield f"school_year is {profile.school_year}. Write the second half of the year: 2027 is 2026-27."
    if profile.type == "classes" and profile.name_pattern is None:
        yield f"name_pattern is missing: classes need one of {', '.join(NAME_PATTERNS)}."
    for role in profile.users.roles:
        if role not in USER_ROLES:
            yield f"users.roles holds {role!r}. Choose from {', '.join(USER_ROLES)}."


def _filter_faults(profile: Profile) -> Iterator[str]:
    for name in profile.filters.chosen():
        if name not in FILTERS_BY_TYPE[profile.type]:
            yield (
                f"filters.{name} does not apply to the type {profile.type}. "
                f"Empty it, or choose a type that has it ({', '.join(_types_with(name))})."
            )
    for grade in profile.filters.grades:
        if grade_of(grade) is None:
            yield f"filters.grades holds {grade!r}, which is no grade. Write TK, KG or 01 to 12."


def _list_faults(profile: Profile) -> Iterator[str]:
    if profile.type != "student_list":
        if profile.list != StudentList():
            yield f"[list] belongs to the type student_list, not to {profile.type}. Remove it."
    elif not profile.list.name or not profile.list.students:
        yield "a student_list needs a table [list] with a name and students (SSIDs or student_ids)."


def _types_with(filter_name: str) -> tuple[Type, ...]:
    return tuple(t for t in TYPES if filter_name in FILTERS_BY_TYPE[t])


class _Reader:
    """Turns TOML values into the dataclasses above, with a sentence for what does not fit."""

    def __init__(self, source: str) -> None:
        self.source = source

    def record(self, cls: type[Any], raw: Any, at: str) -> Any:
        if not isinstance(raw, Mapping):
            raise self.wrong(f"[{at}] must be a table.")
        known = {f.name: f for f in fields(cls)}
        for key in raw:
            if key not in known:
                raise self.wrong(f"unknown key {_dotted(at, key)!r}. Known here: {', '.join(known)}.")
        for name, f in known.items():
            if name not in raw and f.default is MISSING and f.default_factory is MISSING:
                raise self.wrong(f"{_dotted(at, name)} is missing. Add it.")
        return cls(**{key: self.value(cls, key, value, _dotted(at, key)) for key, value in raw.items()})

    def value(self, cls: type[Any], key: str, value: Any, at: str) -> Any:
        if (cls, key) in _NESTED:
            return self.record(_NESTED[cls, key], value, at)
        if (cls, key) in _CHOICES:
            return self.choice(value, _CHOICES[cls, key], at)
        kind = cls.__annotations__[key]
        if kind is bool or kind is int:
            if type(value) is not kind:
                raise self.wrong(f"{at} must be {'true or false' if kind is bool else 'a whole number'}.")
            return value
        if kind is str:
            return self.text(value, at)
        return self.texts(value, at)

    def text(self, value: Any, at: str) -> str:
        if not isinstance(value, str):
            raise self.wrong(f"{at} must be text in quotes, not {value!r}.")
        if _NO_TEXT.search(value):
            raise self.wrong(f"{at} holds a character that is none (U+0000 or half of a pair). Remove it.")
        if len(value) > LONGEST_TEXT:
            raise self.wrong(f"{at} holds a text of {len(value):,} characters. Use at most {LONGEST_TEXT}.")
        return value.strip()

    def texts(self, value: Any, at: str) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.wrong(f'{at} must be a list of texts, such as {at} = ["994"].')
        return tuple(dict.fromkeys(self.text(item, at) for item in value))

    def choice(self, value: Any, choices: tuple[str, ...], at: str) -> str:
        if value not in choices:
            raise self.wrong(f"{at} is {value!r}. Choose one of {', '.join(choices)}.")
        return str(value)

    def wrong(self, sentence: str) -> RequestStop:
        return RequestStop(f"{self.source}: {sentence}")


_NESTED: dict[tuple[type[Any], str], type[Any]] = {
    (Profile, "filters"): Filters,
    (Profile, "list"): StudentList,
    (Profile, "users"): Users,
}
_CHOICES: dict[tuple[type[Any], str], tuple[str, ...]] = {
    (Profile, "subject"): SUBJECTS,
    (Profile, "type"): TYPES,
    (Profile, "name_pattern"): NAME_PATTERNS,
    (Profile, "name_style"): NAME_STYLES,
}


def _dotted(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
