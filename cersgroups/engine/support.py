"""What a roster supports: which types, name patterns and filters can work with it, and why others cannot."""

from dataclasses import dataclass

from cersgroups.core.roster import GRADES
from cersgroups.engine.database import connect, text
from cersgroups.engine.snapshot import Snapshot


@dataclass(frozen=True)
class Feature:
    """A type, name pattern or filter; `lacks` says what the roster would need, and is empty if it works."""

    name: str
    lacks: str = ""

    @property
    def works(self) -> bool:
        return not self.lacks


@dataclass(frozen=True)
class Support:
    """Everything a profile can choose, each with what the roster lacks for it."""

    types: tuple[Feature, ...]
    name_patterns: tuple[Feature, ...]
    filters: tuple[Feature, ...]


_FACTS: dict[str, str] = {
    "terms": "SELECT count(*) FROM {terms}",
    "taught": "SELECT count(*) FROM {section_staff}",
    "rosters": "SELECT count(*) FROM {rosters}",
    "periods": "SELECT count(period) FROM {sections}",
    "titles": "SELECT count(title) FROM {courses}",
    "departments": "SELECT count(department) FROM {courses}",
    "subject_areas": "SELECT count(subject_area) FROM {courses}",
    "courses": "SELECT count(*) FROM {courses}",
    "primary_classes": "SELECT count(*) FROM {sections} WHERE primary_class",
    "homerooms": "SELECT count(homeroom_person) FROM {enrollments}",
    "counselors": "SELECT count(counselor_person) FROM {enrollments}",
    "grades": "SELECT count(*) FROM {enrollments} WHERE grade IN (" + ", ".join(map(text, GRADES)) + ")",
    "members": "SELECT count(*) FROM {group_members}",
    "ssids": "SELECT count(ssid_number) FROM {students}",
    "additional": "SELECT count(*) FROM {staff} WHERE state_educator_id IS NOT NULL AND email IS NOT NULL",
}

_LACKS: dict[str, str] = {
    "terms": "terms with dates",
    "taught": "staff of sections",
    "rosters": "students on sections",
    "periods": "periods of sections",
    "titles": "course titles",
    "departments": "departments of courses",
    "subject_areas": "subject areas of courses",
    "courses": "courses",
    "primary_classes": "sections marked as primary classes",
    "homerooms": "homeroom teachers",
    "counselors": "counselors of students (a side file can add them)",
    "grades": "grades from TK to 12",
    "members": "student groups with members (a side file can add them)",
    "ssids": "SSIDs of 10 digits",
    "additional": "staff with a state educator ID and an e-mail (a side file can add them)",
}

_TYPES: dict[str, tuple[str, ...]] = {
    "classes": ("ssids", "terms", "taught", "rosters"),
    "elementary_teacher": ("ssids", "terms", "homerooms"),
    "grade": ("ssids", "terms", "grades"),
    "counselor": ("ssids", "terms", "counselors"),
    "student_group": ("ssids", "terms", "members"),
    "student_list": ("ssids", "terms"),
}
_NAME_PATTERNS: dict[str, tuple[str, ...]] = {
    "teacher_period": ("taught", "periods"),
    "teacher_section": ("taught",),
    "teacher_course": ("taught", "titles"),
}
_FILTERS: dict[str, tuple[str, ...]] = {
    "departments": ("departments",),
    "subject_areas": ("subject_areas",),
    "courses": ("courses",),
    "teachers": ("taught",),
    "grades": ("grades",),
    "counselors": ("counselors",),
    "student_groups": ("members",),
    "primary_classes_only": ("primary_classes",),
    "additional": ("additional",),
}


def read_support(snapshot: Snapshot) -> Support:
    """What the snapshot supports."""
    with connect() as connection:
        tables = {table: snapshot.parquet(table) for table in snapshot.counts}
        facts = {name: connection.execute(query.format(**tables)).fetchone() for name, query in _FACTS.items()}
    there = {name for name, row in facts.items() if row and row[0]}

    def features(needs: dict[str, tuple[str, ...]]) -> tuple[Feature, ...]:
        return tuple(
            Feature(name, ", ".join(_LACKS[fact] for fact in needed if fact not in there))
            for name, needed in needs.items()
        )

    return Support(features(_TYPES), features(_NAME_PATTERNS), features(_FILTERS))
