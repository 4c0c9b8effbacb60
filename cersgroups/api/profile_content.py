"""A profile's content as the OpenAPI document describes it. core/profile.py alone decides what it may be.

tests/api/test_profile_content.py holds the two together.
"""

import json
import tomllib
from typing import Annotated, Any

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import WithJsonSchema

from cersgroups.core.profile import (
    FILTERS_BY_TYPE,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_TEXT,
    NAME_PATTERNS,
    NAME_STYLES,
    TYPES,
    USER_ROLES,
    Type,
)
from cersgroups.core.roster import GRADES
from cersgroups.core.student_group import SUBJECTS

TOML = "application/toml"
CONTENT_TITLE = "ProfileContent"

_TEXT = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": r"^[^\u0000]*$"}
_FILLED = {**_TEXT, "pattern": r"^[^\u0000]*[^\s\u0000-\u001f\u0085][^\u0000]*$"}
_TEXTS = {"type": "array", "items": _TEXT}
_GRADES = {"type": "array", "items": {"enum": list(GRADES)}}
_FLAG = {"type": "boolean", "default": False}
_STYLE = "Best left out: the LEA's rules, and another one is refused (409). The TOML file has it where it is readable."


class BodyParser(Parser):
    """Bodies in JSON; a profile also in TOML, as its file has it."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if request.content_type == TOML:
            return tomllib.loads(request.body.decode("utf-8-sig"))
        parsed: dict[str, Any] = json.loads(request.body, parse_float=_number, parse_constant=_no_number)
        return parsed


def _number(text: str) -> float | int:
    """JSON makes no difference between 2027.0 and 2027."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def content_schema() -> dict[str, Any]:
    """What `core.profile.from_mapping` takes: one alternative for each type."""
    return {"title": CONTENT_TITLE, "oneOf": [_variant(type_) for type_ in TYPES]}


def _variant(type_: Type) -> dict[str, Any]:
    required = {"classes": ["name_pattern"], "student_list": ["list"]}.get(type_, [])
    properties = {
        "name": _FILLED,
        "school_year": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        "subject": {"enum": list(SUBJECTS)},
        "type": {"const": type_},
        "schools": {**_TEXTS, "minItems": 1, "description": "The school_id of each."},
        "name_pattern": {"enum": list(NAME_PATTERNS)},
        "primary_classes_only": _FLAG,
        "include_in_scheduled_process": _FLAG,
        "name_style": {"enum": list(NAME_STYLES), "description": _STYLE},
        "filters": _table({name: _GRADES if name == "grades" else _TEXTS for name in FILTERS_BY_TYPE[type_]}),
        "users": _table({"additional": _TEXTS, "roles": {"type": "array", "items": {"enum": list(USER_ROLES)}}}),
    }
    if type_ == "student_list":
        students = {**_TEXTS, "minItems": 1, "description": "The SSID or student_id of each."}
        properties["list"] = _table({"name": _FILLED, "students": students}, "name", "students")
    return {"title": type_, **_table(properties, "name", "school_year", "subject", "type", "schools", *required)}


def _table(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"required": list(required)} if required else {}),
    }


ProfileContent = Annotated[dict[str, Any], WithJsonSchema({"title": CONTENT_TITLE})]
