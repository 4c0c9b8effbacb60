"""What each table and column of the roster means, for docs/roster.md; a test holds that none is missing."""

from cersgroups.core.roster import LIST_SEPARATOR, TABLES, Column, Table

_TABLES = {
    "lea": "The district, county office or charter. Exactly one row.",
    "schools": "Its schools.",
    "terms": "When terms run. A section counts while one of its terms runs; a school where none runs gives no groups.",
    "courses": "What is taught. Departments and subject areas are what profiles filter by.",
    "staff": "Everybody who works there, once.",
    "teachers": "Teacher records of one school. Flex schools have none.",
    "sections": "Classes of the master schedule.",
    "section_staff": "Who teaches a section, in which role.",
    "students": "Every student once.",
    "enrollments": "At which school a student is, in which grade. A student may have several.",
    "rosters": "Which students are in which section.",
    "student_groups": "Groups that people keep in the student information system.",
    "group_members": "The students of these groups.",
    "group_staff": "The staff of these groups.",
}

_ACTIVE = "whether it is; one that is not counts for nothing"
_FROM, _TO = "the first day; blank: from the beginning", "the last day, included; blank: open"

_COLUMNS = {
    "lea.lea_code": "its code, such as the first seven digits of its schools' CDS codes",
    "lea.name": "as people call it",
    "lea.time_zone": "of the clock by which days begin; blank: America/Los_Angeles",
    "lea.school_year": "the year in which it ends: 2027 is 2026-27",
    "schools.school_id": "its id in the student information system",
    "schools.school_number": "short; stands at the beginning of the groups' names",
    "schools.name": "as people call it",
    "schools.cds_code": "14 digits: county, district, school; without it the school cannot be written",
    "schools.active": "whether it is offered; a profile that names it extracts it anyhow",
    "schools.schedule": "how it schedules; blank: unknown",
    "schools.tracks_primary_classes": "whether its sections say which is a student's primary class",
    "terms.term_code": "what sections refer to",
    "terms.start_date": "the first day",
    "terms.end_date": "the last day, included",
    "courses.course_id": "its id",
    "courses.title": "as it stands in names of groups",
    "courses.department": "code or name",
    "courses.subject_area": "code or name",
    "courses.active": "of no consequence for a section that runs",
    "staff.staff_id": "one person has one",
    "staff.last_name": "as in names of groups",
    "staff.first_name": "as in names of groups",
    "staff.email": "the login in CERS",
    "staff.state_educator_id": "SEID; who has it and an e-mail can be chosen as additional user",
    "staff.active": "whether they work there; who does not has no access anywhere",
    "staff.school_ids": "where they work, for lists only",
    "teachers.teacher_number": "its number at this school",
    "teachers.staff_id": "whose it is; blank: a person of its own",
    "teachers.last_name": "as in names of groups",
    "teachers.first_name": "as in names of groups",
    "teachers.email": "the login in CERS; blank: that of the staff",
    "teachers.active": "whether this record is in use",
    "sections.section_number": "unique in its school",
    "sections.course_id": "what is taught",
    "sections.period": "as it stands in names of groups",
    "sections.term_code": "the terms in which it meets",
    "sections.primary_class": "whether it is its students' primary class",
    "sections.active": _ACTIVE,
    "section_staff.staff_id": "who, as staff; this or the teacher number is needed",
    "section_staff.teacher_number": "who, as teacher record",
    "section_staff.role": "blank: primary; a profile says which roles get access",
    "section_staff.start_date": _FROM,
    "section_staff.end_date": _TO,
    "section_staff.active": _ACTIVE,
    "students.student_id": "local id",
    "students.ssid": "Statewide Student Identifier, 10 digits; without it the student cannot be written",
    "students.last_name": "for findings and differences; never in the file",
    "students.first_name": "for findings and differences; never in the file",
    "enrollments.grade": "TK, KG, 01 to 12",
    "enrollments.active": "whether the student is there",
    "enrollments.start_date": _FROM,
    "enrollments.end_date": _TO,
    "enrollments.homeroom_teacher_number": "a teacher record of that school, or a staff_id",
    "enrollments.counselor_id": "a staff_id, or a teacher record of that school",
    "rosters.start_date": _FROM,
    "rosters.end_date": _TO,
    "student_groups.group_code": "what profiles choose by",
    "student_groups.school_id": "whose it is, for lists only; the school of each student counts",
    "student_groups.name": "as it stands in names of groups",
    "student_groups.expires_on": "the last day; blank: never",
    "student_groups.confidential": "written only if a profile chooses the group by its code",
}

_KEYS = {
    "school_id": "the school",
    "student_id": "the student",
    "staff_id": "the person",
    "group_code": "the group",
    "section_number": "the section of that school",
}
"""What a column means in tables that refer to others by it."""


def meaning(table: Table, column: Column) -> str:
    """What the column holds. Raises KeyError if nobody has said."""
    return _COLUMNS.get(f"{table.name}.{column.name}") or _KEYS[column.name]


def as_markdown() -> str:
    """The tables of docs/roster.md."""
    return "\n".join(_table(table) for table in TABLES.values())


def _table(table: Table) -> str:
    rows = [f"| `{column.name}` | {_kind(table, column)} | {meaning(table, column)} |" for column in table.columns]
    head = [f"## {table.name}", "", f"{_TABLES[table.name]} Key: {', '.join(table.key)}.", ""]
    return "\n".join([*head, "| Column | Holds | Meaning |", "|---|---|---|", *rows, ""])


def _kind(table: Table, column: Column) -> str:
    kind = "one of " + ", ".join(column.choices) if column.choices else _KINDS[column.kind]
    if column.name in table.key and column.name not in table.may_be_blank:
        return f"{kind}; never blank"
    return f"{kind}; the column must be there" if column.required else kind


_KINDS = {
    "text": "text",
    "date": "date, 2026-08-31",
    "boolean": "true or false",
    "integer": "whole number",
    "list": f"texts, separated by `{'&#124;' if LIST_SEPARATOR == '|' else LIST_SEPARATOR}`",
    "grade": "grade",
}
