"""What the form of a profile offers: types, patterns and roles by name, and the entries of its filter lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cersgroups.actions.options import offer
from cersgroups.core.permission import Actor
from cersgroups.core.roster import GRADES
from cersgroups.web.draft_content import filters_of
from cersgroups.web.filter_list import Entry

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
PATTERN_EXAMPLES = {
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


def entries(actor: Actor, name: str, content: Mapping[str, Any]) -> list[Entry]:
    """The entries of a list, after the choices before it; chosen ones that do not fit those come first and say so.

    In the LEA's scope. Raises PermissionRefused for schools that are not the actor's, RequestStop without a roster.
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
    there = {option.value for option in fitting}
    absent = {value for value in content[name] if value not in there}
    unfit: Iterable[Any] = ()
    if absent:
        unfit = (o for o in offer(actor, name, schools=schools, type=type_, all_teachers=True) if o.value in absent)
    reason = "does not fit the other choices"
    return [
        *(_entry(name, option, reason) for option in unfit),
        *(_entry(name, option) for option in fitting),
    ]


def _entry(name: str, option: Any, reason: str = "") -> Entry:
    if name == "grades":
        return Entry(option.value, _GRADES[option.value], f"{option.value}, {option.note}", reason)
    return Entry(option.value, option.label, option.note, reason)
