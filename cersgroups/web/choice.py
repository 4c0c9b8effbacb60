"""What the form of a profile offers: types, patterns and roles by name, and the entries of its filter lists."""

import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cersgroups.actions.options import Offer, offer
from cersgroups.core.permission import Actor
from cersgroups.core.roster import GRADES
from cersgroups.records.lea import Lea
from cersgroups.web.draft_content import filters_of
from cersgroups.web.filter_list import WINDOW, Entry, entries_text

SUBJECTS = {
    "ELA": "ELA",
    "Math": "Math",
    "All": "All",
}
TYPE_HINTS = {
    "classes": "A group for each teacher's period, section or course.",
    "elementary_teacher": "A group for each homeroom teacher.",
    "grade": "A group for each grade of a school.",
    "counselor": "A group for each counselor.",
    "student_group": "A group for each student group of the roster.",
    "student_list": "A group for each school, of students that you name.",
}
_PATTERN_EXAMPLES = {
    "teacher_period": "994_Smith-Ana_3_1",
    "teacher_section": "994_Smith-Ana_2041_1",
    "teacher_course": "994_Smith-Ana_English-9_1",
}
ROLES = {
    "primary": "The teacher of the class",
    "co": "Co-teachers",
    "substitute": "Long-term substitutes",
    "aide": "Aides",
}


@dataclass(frozen=True)
class ListText:
    """How a list is headed, counted, and whom it follows (`depends`: names of fields)."""

    label: str
    plural: str
    depends: tuple[str, ...] = ()
    help_text: str = ""


LISTS = {
    "departments": ListText("Departments", "departments"),
    "subject_areas": ListText("Subject Areas", "subject areas", ("departments",)),
    "courses": ListText("Courses", "courses", ("departments", "subject_areas")),
    "teachers": ListText(
        "Teachers to Include in the Extract", "teachers", ("departments", "subject_areas", "courses", "all_teachers")
    ),
    "grades": ListText("Grades", "grades"),
    "counselors": ListText("Counselors", "counselors"),
    "student_groups": ListText("Student Groups", "student groups"),
    "additional": ListText("Staff", "staff"),
}

_GRADE_NAMES = (
    "Transitional Kindergarten",
    "Kindergarten",
    *(f"{n} Grade" for n in ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")),
    *(f"{n} Grade" for n in ("Eighth", "Ninth", "Tenth", "Eleventh", "Twelfth")),
)
_GRADES = dict(zip(GRADES, _GRADE_NAMES, strict=True))


@dataclass(frozen=True)
class Listed:
    """A list as it is offered: `unfit` are chosen ones that do not fit the other choices, first and with the reason."""

    name: str
    unfit: tuple[Entry, ...]
    offer: Offer

    def beginning(self) -> list[Entry]:
        """As many entries as the page holds, if there are more; else all."""
        return [*self.unfit, *_entries(self.name, self.offer.options[:WINDOW])][:WINDOW]

    def __len__(self) -> int:
        return len(self.unfit) + len(self.offer.options)

    def body(self) -> tuple[bytes, bytes]:
        """The whole list as the JSON that the page's script asks for, plain and compressed."""
        if not self.unfit:
            return _body(self.name, self.offer)
        fitting = _text(self.name, self.offer)
        plain = _json(",".join(filter(None, (entries_text(self.unfit), fitting))))
        return plain, _compressed(plain)


def pattern_examples(lea: Lea) -> dict[str, str]:
    """A name by each pattern, in the style that the LEA's settings say."""
    if lea.name_style == "safe":
        return _PATTERN_EXAMPLES
    return {pattern: re.sub("[_-]", " ", name) for pattern, name in _PATTERN_EXAMPLES.items()}


def listed(actor: Actor, name: str, content: Mapping[str, Any]) -> Listed:
    """A list, after the choices before it. In the LEA's scope.

    Raises PermissionRefused for schools that are not the actor's, RequestStop without a roster.
    """
    schools, type_ = content["schools"], content["type"]
    fitting = offer(
        actor,
        name,
        schools=schools,
        type=type_,
        filters=filters_of(content),
        all_teachers=content["all_teachers"],
    )
    absent = {value for value in content[name] if value not in fitting.values}
    unfit: Iterable[tuple[str, str, str]] = ()
    if absent:
        everything = offer(actor, name, schools=schools, type=type_, all_teachers=True)
        unfit = (option for option in everything.options if option[0] in absent)
    return Listed(name, tuple(_entries(name, unfit, "does not fit the other choices")), fitting)


def _entries(name: str, options: Iterable[tuple[str, str, str]], reason: str = "") -> list[Entry]:
    if name == "grades":
        return [Entry(value, _GRADES[value], f"{value}, {note}", reason) for value, _, note in options]
    return [Entry(value, label, note, reason) for value, label, note in options]


@lru_cache(maxsize=64)
def _text(name: str, offered: Offer) -> str:
    return entries_text(_entries(name, offered.options))


@lru_cache(maxsize=64)
def _body(name: str, offered: Offer) -> tuple[bytes, bytes]:
    """Of an offer that `actions.options` keeps: the same again while the roster is the same."""
    plain = _json(_text(name, offered))
    return plain, _compressed(plain)


def _json(text: str) -> bytes:
    return f'{{"entries":[{text}]}}'.encode()


def _compressed(plain: bytes) -> bytes:
    return gzip.compress(plain, compresslevel=1, mtime=0)
