"""What the forms of a profile hold, flat, and what a profile's TOML file holds; one turned into the other.

The draft keeps what belongs to other types too: who looks at another type and comes back finds everything as it was.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cersgroups.core.pasted_list import PastedList, line_of, read_students
from cersgroups.core.profile import FILTERS_BY_TYPE, TYPES, Profile, Users
from cersgroups.core.profile_text import to_mapping

CLASS_ROLES = ("primary", "co", "substitute", "aide")
FILTERS = ("departments", "subject_areas", "courses", "teachers", "grades", "counselors", "student_groups")


def new_content(school_year: int | None, schools: Sequence[str] = ()) -> dict[str, Any]:
    """A new profile: nothing is chosen (features D9) but the school one works at and the first name pattern."""
    return {
        "name": "",
        "school_year": school_year,
        "schools": list(schools),
        "subject": "",
        "type": "",
        "name_pattern": "teacher_period",
        "primary_classes_only": False,
        "include_in_scheduled_process": False,
        **{name: [] for name in FILTERS},
        "all_teachers": False,
        "list_name": "",
        "students": "",
        "class_roles": list(Users().roles),
        "group_staff": False,
        "additional": [],
    }


def content_of(profile: Profile) -> dict[str, Any]:
    """The forms' content for a profile that was saved."""
    raw = to_mapping(profile)
    of_class = profile.type == "classes"
    roles = profile.users.roles
    return {
        **new_content(profile.school_year, profile.schools),
        **{key: raw[key] for key in _PLAIN if key in raw},
        **{name: list(getattr(profile.filters, name)) for name in FILTERS},
        "list_name": profile.list.name,
        "students": "\n".join(map(line_of, profile.list.students)),
        "class_roles": [role for role in CLASS_ROLES if role in (roles if of_class else Users().roles)],
        "group_staff": "group_staff" in roles,
        "additional": list(profile.users.additional),
    }


def mapping_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the profile's TOML file would hold: only what belongs to its type. May still be incomplete."""
    type_ = content["type"]
    mapping = {key: content[key] for key in (*_PLAIN, "schools") if content.get(key) not in ("", None)}
    mapping.setdefault("name", "")
    mapping["filters"] = {name: content[name] for name in FILTERS_BY_TYPE.get(type_, ()) if content[name]}
    mapping["users"] = {"additional": content["additional"], "roles": list(_roles(content))}
    if type_ != "classes":
        mapping.pop("name_pattern", None)
        mapping.pop("primary_classes_only", None)
    if type_ == "student_list":
        mapping["list"] = {"name": content["list_name"], "students": list(pasted(content).students)}
    return mapping


def pasted(content: Mapping[str, Any]) -> PastedList:
    """The students of a student list; of another type none."""
    return read_students(content["students"] if content["type"] == "student_list" else "")


def _roles(content: Mapping[str, Any]) -> Sequence[str]:
    """Of the type: section staff for classes, the group's own staff for student groups; others have no use for them."""
    if content["type"] == "classes":
        return list(content["class_roles"])
    return ("group_staff",) if content["type"] == "student_group" and content["group_staff"] else Users().roles


def filters_of(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """The filters of the content's type, for lists that follow them."""
    return {name: content[name] for name in FILTERS_BY_TYPE.get(content["type"], ())}


def faults_of(content: Mapping[str, Any], *, to_save: bool) -> list[str]:
    """What a person must still fill in before a preview, or before saving; in the order of the pages."""
    checks = (
        (bool(content["schools"]), "Choose at least one school on the School Selection tab."),
        (bool(content["subject"]) or not to_save, "Choose a subject area."),
        (content["type"] in TYPES, "Choose a type."),
        (content["type"] != "student_list" or bool(content["list_name"]), "Give the student list a name."),
        (
            content["type"] != "student_list" or bool(pasted(content).students),
            "Paste the SSIDs or local IDs of the students on the list.",
        ),
        (bool(content["name"]) or not to_save, "Give the profile a name."),
    )
    return [sentence for done, sentence in checks if not done]


_PLAIN = (
    "name",
    "school_year",
    "subject",
    "type",
    "name_pattern",
    "primary_classes_only",
    "include_in_scheduled_process",
)
