"""The roster's tables and a profile's choices in the words of the screen."""

from cersgroups.core.profile import FILTERS_BY_TYPE
from cersgroups.core.roster import year_name

TABLE_LABELS: dict[str, str] = {
    "lea": "LEA",
    "schools": "Schools",
    "terms": "Terms",
    "courses": "Courses",
    "staff": "Staff",
    "teachers": "Teacher records",
    "sections": "Sections",
    "section_staff": "Staff of sections",
    "students": "Students",
    "enrollments": "Enrollments",
    "rosters": "Students on sections",
    "student_groups": "Student groups of the SIS",
    "group_members": "Students in those groups",
    "group_staff": "Staff of those groups",
}

SUPPORT_LABELS: dict[str, str] = {
    "classes": "Secondary Master Schedule Classes",
    "elementary_teacher": "Elementary Teachers",
    "grade": "Elementary Grade Level",
    "counselor": "Counselor",
    "student_group": "Student Group",
    "student_list": "Student List",
    "teacher_period": "Teacher Name + Period",
    "teacher_section": "Teacher Name + Section",
    "teacher_course": "Teacher Name + Course Title",
    "departments": "Departments",
    "subject_areas": "Subject areas",
    "courses": "Courses",
    "teachers": "Teachers",
    "grades": "Grades",
    "counselors": "Counselors",
    "student_groups": "Student groups",
    "primary_classes_only": "Include only Primary Classes",
    "additional": "Additional users",
}

KEY_LABELS: dict[str, str] = {
    "name": "Profile name",
    "school_year": "School year",
    "subject": "Subject Area",
    "type": "Type",
    "schools": "Schools",
    "name_pattern": "Group Name Pattern",
    "list.name": "Name of the list",
    "list.students": "Students",
    "users.additional": "Additional users",
    "users.roles": "Staff who get access",
    **{f"filters.{name}": SUPPORT_LABELS[name] for names in FILTERS_BY_TYPE.values() for name in names},
}
"""The keys of a profile's TOML file, with which core/profile.py begins its sentences."""

LEVEL_LABELS: dict[str, str] = {"admin": "Admin", "administer": "Administer", "viewer": "Viewer"}


def year_label(school_year: int | None) -> str:
    """2027 is 2026-27; a dash for none."""
    return year_name(school_year) if school_year else "–"
